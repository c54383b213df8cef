"""Pacing and the guard: how fast, and to whom."""

import pytest

from certify.budget import Meter
from certify.errors import ProfileError
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


@pytest.mark.parametrize("url", ["https://api.example:8443/any", "http://extra.example/x", "https://files.example:99/"])
def test_hosts_that_the_profile_names_may_be_contacted(url: str) -> None:
    Guard(partner(allowed_hosts=("extra.example", "files.example:99"))).check(url)


@pytest.mark.parametrize(
    "url",
    ["https://api.example/", "https://api.example.evil.example:8443/", "https://files.example/", "http://127.0.0.1/"],
)
def test_other_hosts_and_ports_may_not(url: str) -> None:
    with pytest.raises(ProfileError) as caught:
        Guard(partner(allowed_hosts=("files.example:99",))).check(url)

    assert "allowed_hosts" in caught.value.advice[0]
