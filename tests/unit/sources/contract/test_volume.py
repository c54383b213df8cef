"""Nobody's sandbox is kept busy for hours: shares, bounds, and an identity whose loss is noticed."""

from __future__ import annotations

import pytest

from certify.sources.contract.bounds import Bounds, Next
from certify.sources.contract.standing import PATIENCE, PATIENCE_UNKNOWN, Standing, Step
from certify.sources.contract.volume import MOST_REQUESTS, Volume, estimate, volume


@pytest.mark.parametrize("operations", [1, 20, 500, 5_000])
def test_a_larger_contract_has_smaller_shares(operations: int) -> None:
    bounds = volume(operations, 10, 2, None)
    assert bounds.per_process * 2 <= MOST_REQUESTS
    assert estimate(operations, 10).requests <= MOST_REQUESTS
    if operations <= 500:
        assert operations * (bounds.per_operation + 2 * bounds.max_examples) <= MOST_REQUESTS


def test_an_ordinary_contract_is_tested_as_asked() -> None:
    assert volume(20, 10, 2, None) == Volume(400, 10_000, 1_800.0, 10)


def test_a_slow_limit_makes_fewer_requests() -> None:
    assert volume(20, 10, 1, 0.5).per_process == 900


def test_an_operation_has_a_share_and_the_whole_has_a_bound() -> None:
    bounds = Bounds(Volume(per_operation=2, per_process=4, seconds=60.0))
    asked = [bounds.spend("GET /a", "coverage") for _ in range(3)] + [
        bounds.spend("GET /a", "fuzzing") for _ in range(3)
    ]
    assert asked == [Next.GO, Next.GO, Next.NEXT_OPERATION, Next.GO, Next.GO, Next.END]


def test_time_is_a_bound_too() -> None:
    now = [0.0]
    bounds = Bounds(Volume(seconds=10.0), lambda: now[0])
    assert bounds.spend("GET /a", "fuzzing") is Next.GO
    now[0] = 11.0
    assert bounds.spend("GET /a", "fuzzing") is Next.END


def a_step(status: int, label: str = "GET /a", at: float = 1.0) -> Step:
    return Step(label, "http://x/a", status, at)


def test_refusals_of_what_worked_are_counted_in_a_row() -> None:
    standing = Standing()
    standing.saw(a_step(200))
    asked = [standing.saw(a_step(401)) for _ in range(PATIENCE)]
    assert asked == [False] * (PATIENCE - 1) + [True]


def test_one_success_ends_the_row() -> None:
    standing = Standing()
    standing.saw(a_step(200))
    assert not any(standing.saw(a_step(status)) for status in (401, 401, 401, 200, 401, 401, 401))


def test_operations_that_never_worked_get_more_patience() -> None:
    standing = Standing()
    asked = [standing.saw(a_step(401, f"GET /{n}")) for n in range(PATIENCE_UNKNOWN)]
    assert asked.index(True) == PATIENCE_UNKNOWN - 1
    assert not any(standing.saw(a_step(403, "GET /b")) for _ in range(3)) or standing.control is None


def test_who_was_cleared_is_asked_about_less_often() -> None:
    standing = Standing()
    standing.saw(a_step(200))
    assert [standing.saw(a_step(403)) for _ in range(PATIENCE)][-1]
    standing.cleared()
    assert not any(standing.saw(a_step(403)) for _ in range(PATIENCE))


def test_the_control_is_the_last_read_that_worked() -> None:
    standing = Standing()
    for step in (a_step(200, "GET /a"), a_step(201, "POST /a"), a_step(302, "GET /b")):
        standing.saw(step)
    assert standing.control is not None
    assert standing.control.label == "GET /a"
