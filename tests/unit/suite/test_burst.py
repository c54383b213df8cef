"""One burst: what it proves of a limiter, and when it was too slow to prove anything."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from certify.http.call import Call, Reply
from certify.model.partner import Limit
from certify.suite.burst import Burst, Bursts
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
    return [weight for weight, _ in told(LIMITS.judge_begin, made, "it")]


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


def exceed(serves: Serves, per_second: float) -> Burst:
    """A burst that sends against a limiter, by a clock of its own."""
    sent: list[int] = []

    def at_once(call: Call, identity: str, purpose: str) -> Reply:
        sent.append(1)
        at = len(sent) / per_second
        return answer(200 if serves(at) else 429, received=1_000 + at)

    target: Any = SimpleNamespace(at_once=at_once, wait=lambda seconds: None)
    nothing: Any = None
    made = Burst(LIMIT, "primary")
    Bursts(nothing, target, nothing, nothing)._exceed(made, Call("GET", "/things"))
    return made


def test_a_fast_burst_without_any_refusal_stands() -> None:
    made = exceed(lambda at: True, 1_000.0)

    assert len(made.replies) == 200
    assert not made.refusals


def test_a_slow_burst_without_any_refusal_concludes_nothing() -> None:
    with pytest.raises(Inconclusive, match="could not be exceeded from here"):
        exceed(lambda at: True, 15.0)


def test_a_burst_ends_once_the_limiter_has_shown_itself() -> None:
    made = exceed(fixed_windows(0.0), 1_000.0)

    assert 5 <= len(made.refusals) <= 13
    assert len(made.replies) < 200
