"""The audit trail: which records are about an object, what they lack, and how far their time is off."""

from typing import Any

import pytest

from certify.model.partner import Audit
from certify.suite.thing import Thing
from certify.suite.trail import Change, Trail
from certify.suite.verdicts import Inconclusive
from tests.unit.suite.judging import answer, suite, told
from tests.unit.suite.test_tenant_judgement import RESOURCE, UNIQUE

AUDIT = suite("audit/test_trail")
FIELDS = Audit("list", actor="/who", action="/what", object_id="/about", time="/at", outcome="/done")
DATE = "Sun, 01 Mar 2026 12:00:00 GMT"
WHOLE = {"who": "me", "what": "thing.created", "about": "7", "at": "2026-03-01T12:00:00Z", "done": "yes"}


def trail(fields: Audit = FIELDS) -> Trail:
    made = Trail.__new__(Trail)  # what is judged here needs no sandbox, and a Trail begins by asking one
    made._audit, made.last = fields, answer(200, [])
    return made


def change() -> Change:
    assert RESOURCE.create is not None
    reply = answer(201, {"id": 7}, Date=DATE)
    return Change("create", RESOURCE.create, reply, Thing(RESOURCE, "7", reply, "primary"))


def judged(**members: Any) -> list[str]:
    return [cause for _, cause in told(AUDIT.judge_fields, trail(), change(), {**WHOLE, **members})]


def test_where_the_field_is_declared_only_equal_ids_count() -> None:
    assert trail().is_about({"about": "7"}, "7")
    assert trail().is_about({"about": 7}, "7")
    assert not trail().is_about({"about": "17", "at": "2027"}, "7")
    assert not trail().is_about({"about": "x", "note": UNIQUE}, UNIQUE)


def test_where_no_field_is_declared_an_unguessable_id_is_searched_for_and_no_other() -> None:
    assert trail(Audit("list")).is_about({"note": f"made {UNIQUE}"}, UNIQUE)
    with pytest.raises(Inconclusive, match=r"audit\.object_id"):
        trail(Audit("list")).is_about({"note": "7"}, "7")


def test_a_complete_record_in_time_is_right() -> None:
    assert judged() == []
    assert judged(at="2026-03-01T13:00:04+01:00") == []


@pytest.mark.parametrize("value", ["", None])
def test_a_declared_field_that_is_missing_or_empty_is_told(value: object) -> None:
    assert judged(who=value) == ["no actor"]
    assert trail().missing_fields({}) == ["actor", "action", "object_id", "time", "outcome"]


@pytest.mark.parametrize(
    "at", ["2026-03-01T12:00:06Z", "2026-03-01T11:59:54Z", "2026-03-01T12:00:00+01:00", 1772366999]
)
def test_a_time_that_is_off_is_told(at: object) -> None:
    assert judged(at=at) == ["the time is wrong"]


@pytest.mark.parametrize(
    ("at", "distance"),
    [
        ("2026-03-01T12:00:03Z", 3.0),
        ("2026-03-01T11:00:00", -3600.0),
        (1772366400, 0.0),
        (1772366400_500, 0.5),
        ("yesterday", None),
        (True, None),
    ],
)
def test_the_distance_is_counted_from_the_date_of_the_answer(at: object, distance: float | None) -> None:
    assert trail().distance(change(), {"at": at}) == distance
