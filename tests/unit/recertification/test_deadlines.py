"""Notice and grace: when a change holds, and until when partners have to be certified again."""

from __future__ import annotations

from datetime import date, timedelta

from certify.model.change import Change, ChangeKind, Direction
from certify.model.playbook import Certification, ChangeRule
from certify.recertification.deadlines import deadline, effective, effective_by_notice, short_notice, strictest

TODAY = date(2026, 11, 3)
RULES = Certification(changes=(ChangeRule("breaking", 90, 30), ChangeRule("non_breaking", 0, 60)))


def a_change(kind: ChangeKind) -> Change:
    return Change("rule", kind, Direction.NONE, "op", "", "", "", "changed")


BREAKING, HARMLESS, DEPRECATED = (a_change(kind) for kind in (ChangeKind.BREAKING, ChangeKind.NON_BREAKING,
                                                               ChangeKind.DEPRECATION))  # fmt: skip


def test_a_change_holds_after_its_notice_and_is_excused_for_its_grace() -> None:
    assert effective_by_notice(ChangeKind.BREAKING, RULES, TODAY) == TODAY + timedelta(days=90)
    assert deadline([BREAKING], RULES, TODAY) == TODAY + timedelta(days=30)


def test_of_several_kinds_the_strictest_counts() -> None:
    assert deadline([BREAKING, HARMLESS], RULES, TODAY) == TODAY + timedelta(days=30)
    assert strictest([BREAKING, HARMLESS], RULES, TODAY, None) == TODAY + timedelta(days=60)
    assert strictest([BREAKING, HARMLESS], RULES, TODAY, TODAY) == TODAY + timedelta(days=30)


def test_a_kind_without_a_rule_has_neither_notice_nor_grace() -> None:
    assert deadline([DEPRECATED], RULES, TODAY) == TODAY
    assert strictest([DEPRECATED], RULES, TODAY, None) == TODAY


def test_a_contract_says_itself_from_when_it_holds() -> None:
    assert effective({"info": {"x-effective": "2027-03-01"}}) == date(2027, 3, 1)
    assert effective({"info": {"x-effective": date(2027, 3, 1)}}) == date(2027, 3, 1)


def test_a_day_that_cannot_be_read_is_none() -> None:
    for told in ({"x-effective": "soon"}, {"x-effective": 7}, {}, "text"):
        assert effective({"info": told}) is None
    assert effective({}) is None


def test_a_change_that_comes_before_its_notice_has_passed_is_told() -> None:
    told = short_notice([BREAKING, HARMLESS], RULES, TODAY, TODAY + timedelta(days=10))
    assert told == ["2026-11-13 is too soon for a breaking change: the playbook gives notice until 2027-02-01"]
    assert not short_notice([BREAKING], RULES, TODAY, TODAY + timedelta(days=90))


def test_days_beyond_the_calendar_do_not_break_anything() -> None:
    far = Certification(changes=(ChangeRule("breaking", 3650, 3650),))
    assert deadline([BREAKING], far, date.max) == date.max
