"""Pacing and the guard: how fast, and to whom."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from certify.budget import Meter
from certify.errors import ProfileError
from certify.http.call import Call, Reply
from certify.http.guard import Guard
from certify.http.pacing import DEFAULT_RATE, Pacer, polite_rate
from certify.model.partner import Limit, Partner, SignIn


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


def partner(**details: object) -> Partner:
    return Partner("p", "P", "https://api.example:8443/v1", SignIn("none"), {}, **details)  # type: ignore[arg-type]


def test_the_first_few_go_at_once_and_the_rest_in_step() -> None:
    time = Time()
    pacer = Pacer(Meter.alone(10), burst=3, clock=time.clock, sleep=time.sleep)

    for _ in range(3):
        pacer.wait()
    assert time.slept == 0

    for _ in range(10):
        pacer.wait()
    assert time.slept == pytest.approx(1.0)


def test_a_pause_earns_no_more_than_the_burst() -> None:
    time = Time()
    pacer = Pacer(Meter.alone(10), burst=2, clock=time.clock, sleep=time.sleep)
    time.now = 1_000

    for _ in range(12):
        pacer.wait()

    assert time.slept == pytest.approx(1.0, abs=0.11)


def test_processes_that_share_a_meter_keep_one_pace_together(tmp_path: Path) -> None:
    meter = tmp_path / "meter"
    Meter.create(meter, rate=50.0)
    code = (
        "import sys, time; from pathlib import Path; from certify.budget import Meter; "
        "from certify.http.pacing import Pacer; pacer = Pacer(Meter.open(Path(sys.argv[1])), burst=1);\n"
        "for _ in range(25): pacer.wait(); print(time.monotonic())"
    )
    words = [sys.executable, "-c", code, str(meter)]
    children = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(3)]

    moments = sorted(float(line) for child in children for line in child.communicate()[0].split())

    assert len(moments) == 75
    assert moments[-1] - moments[0] >= 74 / 50 - 0.05
    assert min(later - first for first, later in zip(moments, moments[10:], strict=False)) > 0.12  # 10 take 0.2 s


def test_what_remains_of_a_quota_is_spread_until_it_is_given_anew() -> None:
    time = Time()
    pacer = Pacer(Meter.alone(), clock=time.clock, sleep=time.sleep)
    remaining = 20
    while remaining > 1:
        pacer.wait()
        remaining -= 1
        pacer.learn(answer(200, ("RateLimit", f'"default";r={remaining};t={60 - time.now:.3f}')))

    assert time.now == pytest.approx(57, abs=4)


def test_a_quota_of_which_plenty_is_left_slows_nothing_down() -> None:
    time = Time()
    pacer = Pacer(Meter.alone(), clock=time.clock, sleep=time.sleep)
    limit = ("X-RateLimit-Limit", "5000"), ("X-RateLimit-Reset", "3600")

    pacer.learn(answer(200, *limit, ("X-RateLimit-Remaining", "900")))
    pacer.wait()
    pacer.wait()
    assert time.now > 1

    started = time.now
    pacer.learn(answer(200, *limit, ("X-RateLimit-Remaining", "4000")))
    pacer.wait()
    assert time.now == started


def test_a_quota_that_is_used_up_is_waited_for_once() -> None:
    time = Time()
    pacer = Pacer(Meter.alone(), clock=time.clock, sleep=time.sleep)

    pacer.learn(answer(200, ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "7")))
    pacer.wait()

    assert time.now == pytest.approx(7)


def test_a_quota_that_is_empty_for_ever_is_not_believed() -> None:
    time = Time()
    pacer = Pacer(Meter.alone(), clock=time.clock, sleep=time.sleep)

    for _ in range(50):
        pacer.wait()
        pacer.learn(answer(200, ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "5")))

    assert time.now == pytest.approx(10)


@pytest.mark.parametrize(
    ("status", "value", "seconds"),
    [
        (429, "3", 3.0),
        (503, "0.5", 0.5),
        (429, "Thu, 01 Jan 1970 00:16:44 GMT", 4.0),
        (429, "86400", 60.0),
        (429, "soon", 1.0),
        (200, "9", 0.0),
    ],
)
def test_who_is_told_to_stay_away_does(status: int, value: str, seconds: float) -> None:
    time = Time()
    pacer = Pacer(Meter.alone(), clock=time.clock, sleep=time.sleep)

    pacer.learn(answer(status, ("Retry-After", value), ("Date", "Thu, 01 Jan 1970 00:16:40 GMT")))
    pacer.wait()

    assert time.now == pytest.approx(seconds)


def answer(status: int, *headers: tuple[str, str]) -> Reply:
    return Reply(status, headers, b"", 0.0, "s-1", Call("GET", "/"), received=1_000.0)


def test_without_a_rate_nobody_waits() -> None:
    time = Time()
    pacer = Pacer(Meter.alone(), clock=time.clock, sleep=time.sleep)

    for _ in range(100):
        pacer.wait()

    assert time.slept == 0


def test_half_of_the_tightest_limit_that_binds_us_is_used() -> None:
    limits = (Limit(600, 60), Limit(10, 10, "primary"), Limit(1, 100, "burnable"))

    assert polite_rate(partner(limits=limits)) == 0.5


def test_an_unknown_sandbox_is_treated_gently() -> None:
    assert polite_rate(partner()) == DEFAULT_RATE


@pytest.mark.parametrize(
    "url", ["https://api.example:8443/any", "https://extra.example/x", "https://files.example:99/"]
)
def test_hosts_that_the_profile_names_may_be_contacted(url: str) -> None:
    Guard(partner(allowed_hosts=("extra.example", "files.example:99"))).check(url)


@pytest.mark.parametrize(
    ("named", "url"),
    [
        ("Files.Example", "https://files.example/x"),
        ("files.example", "https://FILES.example/x"),
        ("Files.Example:99", "https://files.example:99/x"),
        ("[::1]:8000", "https://[::1]:8000/"),
        ("[::1]", "https://[::1]:9/"),
        ("[2001:DB8::1]", "https://[2001:db8::1]/"),
    ],
)
def test_a_named_host_is_known_however_it_is_spelt(named: str, url: str) -> None:
    Guard(partner(allowed_hosts=(named,))).check(url)


def test_the_advice_for_an_address_is_one_that_the_profile_takes() -> None:
    with pytest.raises(ProfileError) as caught:
        Guard(partner()).check("https://[::1]:8000/")

    assert "'[::1]'" in caught.value.advice[0]
    Guard(partner(allowed_hosts=("[::1]",))).check("https://[::1]:8000/")


@pytest.mark.parametrize("url", ["http://extra.example/x", "http://extra.example:8443/x"])
def test_a_host_that_is_merely_allowed_is_not_contacted_without_tls_where_the_sandbox_has_it(url: str) -> None:
    with pytest.raises(ProfileError, match="without TLS"):
        Guard(partner(allowed_hosts=("extra.example",))).check(url)


def test_a_sandbox_without_tls_may_name_hosts_without() -> None:
    plain = replace(partner(allowed_hosts=("extra.example",)), base_url="http://127.0.0.1:8000", sign_in=SignIn("none"))
    Guard(plain).check("http://extra.example/x")
    with pytest.raises(ProfileError, match="not a host that the profile names"):
        Guard(replace(plain, base_url="https://127.0.0.1:8000")).check("http://127.0.0.1:8000/")


@pytest.mark.parametrize(
    "url",
    ["https://api.example/", "https://api.example.evil.example:8443/", "https://files.example/", "http://127.0.0.1/"],
)
def test_other_hosts_and_ports_may_not(url: str) -> None:
    with pytest.raises(ProfileError) as caught:
        Guard(partner(allowed_hosts=("files.example:99",))).check(url)

    assert "allowed_hosts" in caught.value.advice[0]
