"""What an id of an earlier run is called now."""

from __future__ import annotations

from dataclasses import replace

from certify.model.check import Check
from certify.model.renames import current
from tests.unit.facts import a_check


def _renamed(name: str, *formerly: str) -> Check:
    return replace(a_check(name), formerly=formerly)


def test_an_id_that_nobody_renamed_keeps_its_name() -> None:
    assert current([a_check("a.one")])("a.two") == "a.two"


def test_renames_are_followed_one_after_another() -> None:
    newest = current([_renamed("a.second", "a.first"), _renamed("a.third", "a.second")])

    assert [newest(name) for name in ("a.first", "a.second", "a.third")] == ["a.third"] * 3


def test_an_id_that_two_checks_claim_means_neither() -> None:
    assert current([_renamed("a.one", "a.old"), _renamed("a.two", "a.old")])("a.old") == "a.old"


def test_the_same_rename_in_both_runs_is_one() -> None:
    assert current([_renamed("a.new", "a.old"), _renamed("a.new", "a.old")])("a.old") == "a.new"


def test_a_circle_ends() -> None:
    assert current([_renamed("a.one", "a.two"), _renamed("a.two", "a.one")])("a.one") in ("a.one", "a.two")
