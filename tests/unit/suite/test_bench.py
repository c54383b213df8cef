"""The work bench refuses what would count only in part."""

from types import SimpleNamespace
from typing import Any

import pytest

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


def test_checks_are_wanted_and_other_tests_are_not() -> None:
    made = bench()
    first = item("test_it", "net.a")

    assert made.wants(first)
    assert made.wants(first)
    assert made.wants(item("test_other", "net.b"))
    assert not made.wants(item("test_helper"))
