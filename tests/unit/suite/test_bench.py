"""The work bench refuses what would count only in part."""

from types import SimpleNamespace
from typing import Any

import pytest

from certify.budget import _UNTIL, Budget, Meter
from certify.model.check import Stage
from certify.model.outcome import Outcome, Reason, Status
from certify.suite.bench import Bench
from certify.suite.check import ATTRIBUTE


def bench() -> Bench:
    made = Bench.__new__(Bench)  # choosing among items needs no sandbox
    made.job, made._items = SimpleNamespace(checks=()), {}  # type: ignore[assignment]
    return made


def item(name: str, check: str = "") -> Any:
    def test() -> None: ...

    if check:
        setattr(test, ATTRIBUTE, SimpleNamespace(id=check))
    return SimpleNamespace(obj=test, nodeid=f"suites/test_a.py::{name}")


def test_two_items_of_one_check_are_refused() -> None:
    made = bench()

    assert made.wants(item("test_it[1]", "net.a"))
    with pytest.raises(pytest.UsageError, match=r"net\.a is carried by two tests.*Loop inside the test"):
        made.wants(item("test_it[2]", "net.a"))


def refused(stage: Stage, requests: int) -> list[Outcome]:
    """What a bench whose budget is spent writes before a check like that."""
    made, written = bench(), list[Outcome]()
    meter = Meter.alone(None)
    with meter.held() as numbers:
        numbers[_UNTIL] = 1.0
    made.gate_failed, made.write = False, written.append  # type: ignore[method-assign]
    made.session = SimpleNamespace(wire=SimpleNamespace(budget=Budget(meter)))  # type: ignore[assignment]
    row = item("test_it", "net.a")
    setattr(row.obj, ATTRIBUTE, SimpleNamespace(id="net.a", stage=stage, requests=requests, seconds=0.3))
    assert made.refuse(row) is bool(written)
    return written


def test_a_check_that_only_judges_what_was_recorded_is_done_when_the_time_is_up() -> None:
    assert refused(Stage.PASSIVE, 0) == []


@pytest.mark.parametrize(("stage", "requests"), [(Stage.PASSIVE, 20), (Stage.ACTIVE, 0), (Stage.EXHAUST, 9)])
def test_a_check_that_sends_requests_is_not_begun_when_the_time_is_up(stage: Stage, requests: int) -> None:
    (told,) = refused(stage, requests)
    assert (told.status, told.reason) == (Status.NOT_RUN, Reason.BUDGET)
    assert "time is up" in told.note


def test_checks_are_wanted_and_other_tests_are_not() -> None:
    made = bench()
    first = item("test_it", "net.a")

    assert made.wants(first)
    assert made.wants(first)
    assert made.wants(item("test_other", "net.b"))
    assert not made.wants(item("test_helper"))
