"""One burst: what it proves of a limiter, and when it was too slow to prove anything.

The limiters here are arithmetic; those that others wrote are in ``tests/journeys/third_party/test_limiters.py``.
"""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from certify.http.call import Call, Reply
from certify.http.wire import TransportError
from certify.model.outcome import Outcome, Status, Weight
from certify.model.partner import Limit
from certify.suite import bursts as bursts_module
from certify.suite.attempt import attempt
from certify.suite.burst import Burst
from certify.suite.bursts import Bursts
from certify.suite.verdicts import Inconclusive
from tests.unit.suite.judging import answer, suite, told

LIMITS = suite("rate/test_limits")
LIMIT = Limit(100, 10.0)
Serves = Callable[[float], bool]


def fixed_windows(phase: float, requests: int = LIMIT.requests) -> Serves:
    """A limiter that counts anew each ten seconds by its own clock, which is ``phase`` seconds into a window."""
    counts: dict[int, int] = {}

    def serves(at: float) -> bool:
        window = int((at + phase) // LIMIT.window_s)
        counts[window] = counts.get(window, 0) + 1
        return counts[window] <= requests

    return serves


def burst(serves: Serves, per_second: float, most: int = 2 * LIMIT.requests) -> Burst:
    made = Burst(LIMIT, "primary")
    for number in range(most):
        at = number / per_second
        made.replies.append(answer(200 if serves(at) else 429, received=1_000 + at))
        if len(made.refusals) == 5:
            break
    return made


def begun(made: Burst) -> list[str]:
    return [weight for weight, _ in told(LIMITS.judge_begin, made)]


@pytest.mark.parametrize("phase", [0.0, 2.5, 5.0, 7.5, 9.9])
@pytest.mark.parametrize("per_second", [10.5, 12.0, 14.0, 19.0])
def test_a_correct_limiter_of_fixed_windows_is_never_accused_by_a_slow_burst(phase: float, per_second: float) -> None:
    made = burst(fixed_windows(phase), per_second)

    try:
        assert begun(made) == []
    except Inconclusive:
        assert made.slow


def test_a_boundary_inside_a_slow_burst_counts_only_the_window_before_the_refusal() -> None:
    made = burst(fixed_windows(5.0), 12.0)

    assert made.served == 160
    assert made.served_in_window == pytest.approx(120, abs=2)
    assert begun(made) == []


def test_a_slow_burst_that_was_served_too_much_concludes_nothing() -> None:
    with pytest.raises(Inconclusive, match="a new window may have begun"):
        begun(burst(fixed_windows(0.0, 160), 17.0))


def test_a_fast_burst_that_was_served_too_much_is_a_violation() -> None:
    assert begun(burst(fixed_windows(0.0, 151), 100.0)) == ["violation"]
    assert begun(burst(fixed_windows(0.0, 150), 100.0)) == []


def test_a_limiter_that_begins_early_is_only_told_of() -> None:
    assert begun(burst(fixed_windows(0.0, 20), 100.0)) == []


Answers = Callable[[float], Reply | None]


def by_clock(monkeypatch: pytest.MonkeyPatch, answers: Answers, per_second: float) -> tuple[Bursts, Call]:
    """Bursts against arithmetic, by a clock that sending and waiting advance. None is a dropped request."""
    clock = [1_000.0]
    monkeypatch.setattr(bursts_module, "time", SimpleNamespace(time=lambda: clock[0], monotonic=lambda: clock[0]))

    def at_once(call: Call, identity: str, purpose: str) -> Reply:
        clock[0] += 1 / per_second
        reply = answers(clock[0])
        if reply is None:
            raise TransportError("dropped", "s-1")
        return replace(reply, received=clock[0], call=call)

    def wait(seconds: float) -> None:
        clock[0] += seconds

    recorder = SimpleNamespace(count=0)
    session: Any = SimpleNamespace(recorder=recorder, credentials=lambda identity: None)
    target: Any = SimpleNamespace(at_once=at_once, wait=wait, session=session)
    permissions = SimpleNamespace(allow_stress=True, allow_writes=False)
    permitted = {"permissions": permissions, "operations": {}, "consistency_window_s": 0.0}
    partner: Any = SimpleNamespace(base_url="", pagination=None, identities=(), limits=(LIMIT,), **permitted)
    probes: Any = SimpleNamespace(secured_read=lambda: Call("GET", "/things"))
    monkeypatch.setattr(bursts_module, "WORKERS", 1)  # one clock cannot be advanced by several at once
    return Bursts(partner, target, SimpleNamespace(contract=None), probes), Call("GET", "/things")  # type: ignore[arg-type]


def judged(
    monkeypatch: pytest.MonkeyPatch, answers: Answers, per_second: float = 1_000.0
) -> tuple[Outcome, Outcome, Burst]:
    """What both rate checks say of a limiter."""
    made, _ = by_clock(monkeypatch, answers, per_second)
    enforced = attempt("a", "", lambda: LIMITS.test_the_declared_limit_is_enforced(made), confirm=False)
    honest = attempt("b", "", lambda: LIMITS.test_a_throttled_caller_is_told_when_to_come_back(made), confirm=False)
    return enforced, honest, next(iter(made._made.values()), Burst(LIMIT, ""))


def limiter(refusal: Reply | None, serves: Serves | None = None) -> Answers:
    serves = serves or fixed_windows(0.0)
    return lambda at: answer(200) if serves(at) else refusal


def advisories(outcome: Outcome) -> list[str]:
    return [finding.expected for finding in outcome.findings if finding.weight is Weight.ADVISORY]


def test_no_refusal_at_all_beyond_two_limits_is_a_violation(monkeypatch: pytest.MonkeyPatch) -> None:
    enforced, honest, burst = judged(monkeypatch, lambda at: answer(200))

    assert enforced.status is Status.FAILED
    assert burst.sent == 2 * LIMIT.requests + 5
    assert honest.status is Status.INCONCLUSIVE, "what was never refused says nothing of refusals"


def test_a_slow_burst_without_any_refusal_concludes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    enforced, _, _ = judged(monkeypatch, lambda at: answer(200), per_second=15.0)

    assert (enforced.status, enforced.note.count("could not be exceeded from here")) == (Status.INCONCLUSIVE, 1)


def test_a_burst_ends_once_the_limiter_has_shown_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    enforced, _, burst = judged(monkeypatch, limiter(answer(429, body="slow down")))

    assert enforced.status is Status.PASSED
    assert (len(burst.refusals), burst.sent) == (5, LIMIT.requests + 5)


@pytest.mark.parametrize("phase", [9.85, 9.88, 9.9, 9.95])
def test_a_boundary_inside_a_fast_burst_accuses_nobody(monkeypatch: pytest.MonkeyPatch, phase: float) -> None:
    """Fixed windows by the clock: up to two limits are served around a boundary, and lawfully so."""
    windows = fixed_windows(phase)
    lawful = limiter(answer(429, body="slow down"), lambda at: windows(at - 1_000.0 - LIMIT.window_s))
    enforced, _, _ = judged(monkeypatch, lawful)

    assert enforced.status is Status.PASSED


def test_two_instances_that_count_apart_are_found_in_every_phase(monkeypatch: pytest.MonkeyPatch) -> None:
    enforced, _, _ = judged(monkeypatch, limiter(answer(429, body="slow down"), fixed_windows(0.0, 190)))

    assert enforced.status is Status.FAILED


@pytest.mark.parametrize("status", [403, 503])
def test_another_status_than_429_is_a_refusal_and_an_advisory(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    enforced, honest, _ = judged(monkeypatch, limiter(answer(status)))

    assert enforced.status is Status.PASSED
    assert advisories(enforced) == ["the declared status, 429"]
    assert honest.status is Status.INCONCLUSIVE, "no standard obliges it to say when"


def test_a_limiter_that_drops_requests_is_enforced_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    enforced, honest, _ = judged(monkeypatch, limiter(None))

    assert enforced.status is Status.PASSED
    assert advisories(enforced) == ["an answer that says that it was too much"]
    assert honest.status is Status.INCONCLUSIVE


def test_a_403_that_stays_after_the_window_need_not_be_a_limiters(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[float] = []

    def ban(at: float) -> bool:
        served.append(at)
        return len(served) <= LIMIT.requests

    enforced, _, _ = judged(monkeypatch, limiter(answer(403), ban))

    assert (enforced.status, "still after the window" in enforced.note) == (Status.INCONCLUSIVE, True)


def test_a_sandbox_that_crashes_under_the_burst_shows_no_limiter_and_no_lack_of_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enforced, _, _ = judged(monkeypatch, limiter(answer(500)))

    assert (enforced.status, "answered 500" in enforced.note) == (Status.INCONCLUSIVE, True)


def test_a_limiter_that_delays_concludes_nothing_and_the_note_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[float] = []

    def later(at: float) -> Reply:
        sent.append(at)
        return replace(answer(200), seconds=0.01 if len(sent) < 20 else 1.0)

    enforced, _, _ = judged(monkeypatch, later, per_second=12.0)

    assert (enforced.status, "a limiter that delays" in enforced.note) == (Status.INCONCLUSIVE, True)


@pytest.mark.parametrize(
    ("value", "status"),
    [("9.5", "passed"), ("10", "passed"), ("Thu, 01 Jan 1970 00:16:50 GMT", "passed"), ("10000", "failed")],
)
def test_retry_after_may_be_a_fraction_or_a_date_and_not_in_milliseconds(
    monkeypatch: pytest.MonkeyPatch, value: str, status: str
) -> None:
    refusal = answer(429, "slow down", Date="Thu, 01 Jan 1970 00:16:40 GMT", Retry_After=value)

    assert judged(monkeypatch, limiter(refusal))[1].status == status


def test_without_retry_after_the_reset_of_the_quota_is_obeyed_and_promises_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = answer(429, "slow down", RateLimit="limit=100, remaining=0, reset=900")
    honest = judged(monkeypatch, limiter(late))[1]

    assert (honest.status, [finding.weight for finding in honest.findings]) == (Status.PASSED, [Weight.ADVISORY])
    assert "900 s" in honest.findings[0].actual
