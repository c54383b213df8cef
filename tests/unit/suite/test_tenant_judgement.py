"""Whose object is it? Numbers may be counted for each tenant; a canary and an unguessable id belong to one."""

from dataclasses import replace

import pytest

from certify.http.call import Call
from certify.suite.ids import is_unguessable
from certify.suite.thing import Thing
from certify.suite.verdicts import Inconclusive
from tests.unit.contract.documents import contract
from tests.unit.suite.judging import answer, suite, told

TENANTS = suite("authz/test_tenants")
RESOURCE = contract(
    {
        "/things": {"get": {"operationId": "list", "responses": {}}, "post": {"operationId": "make", "responses": {}}},
        "/things/{id}": {"get": {"operationId": "read", "responses": {}}},
        "/things/{id}/parts": {"get": {"operationId": "parts", "responses": {}}},
    }
).resources[0]
CANARY = "certify-0123456789ab"
UNIQUE = "7d444840-9dc0-4a52-b6d5-3c1c5d2f9a10"
NUMBERED = Thing(RESOURCE, "42", answer(201, {"id": 42}), "primary")
MARKED = replace(NUMBERED, canary=CANARY)
UNGUESSABLE = replace(NUMBERED, id=UNIQUE)
THEIRS = answer(200, {"id": 42, "name": "acme"}, ETag='"1"')
NOTHING = answer(404, {"error": "none"})
SERVED = [("violation", "an object of another tenant is served")]


@pytest.mark.parametrize(
    "id_", [UNIQUE, "507f1f77bcf86cd799439011", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "ord_8Xa2QQ9fK1Lm", "1541815603606036480"]
)
def test_an_id_that_no_counter_writes_is_unguessable(id_: str) -> None:
    assert is_unguessable(id_)


@pytest.mark.parametrize(
    "id_", ["42", "0000000042", "INV-2026-0042", "lead-7", "my-first-thing", "00000000-0000-0000-0000-000000000042"]
)
def test_an_id_that_may_be_counted_for_each_tenant_is_not(id_: str) -> None:
    assert not is_unguessable(id_)


def test_the_own_object_under_the_same_number_and_version_is_no_violation() -> None:
    mine = answer(200, {"id": 42, "name": "globex"}, ETag='"1"')
    owners = answer(200, {"id": 42, "name": CANARY}, ETag='"1"')

    assert told(TENANTS.judge_foreign, mine, NOTHING, owners, MARKED) == []


def test_a_version_of_a_numbered_object_that_is_current_for_both_tenants_proves_nothing() -> None:
    unchanged = answer(304, ETag='"0123456789abcdef"')
    owners = answer(200, {"id": 42, "name": CANARY}, ETag='"0123456789abcdef"')

    assert told(TENANTS.judge_foreign, unchanged, NOTHING, owners, MARKED) == []


@pytest.mark.parametrize("body", [{"id": 42, "name": "acme"}, {"id": 42, "name": "globex"}, {"id": 42, "at": "10:01"}])
def test_a_numbered_object_without_a_canary_concludes_nothing(body: dict[str, object]) -> None:
    with pytest.raises(Inconclusive, match="counted for each tenant"):
        told(TENANTS.judge_foreign, answer(200, body), NOTHING, THEIRS, NUMBERED)


def test_a_canary_that_the_owners_own_read_does_not_show_concludes_nothing() -> None:
    with pytest.raises(Inconclusive):
        told(TENANTS.judge_foreign, answer(200, {"id": 42, "name": "x"}), NOTHING, THEIRS, MARKED)


def test_what_lies_below_a_numbered_object_concludes_nothing() -> None:
    owners = answer(200, {"id": 42, "name": CANARY})
    parts = answer(200, [{"part": 1}], Call("GET", "/things/42/parts", "parts"))

    with pytest.raises(Inconclusive):
        told(TENANTS.judge_foreign, parts, NOTHING, owners, MARKED)
    assert told(TENANTS.judge_foreign, answer(200, [], parts.call), answer(200, [], parts.call), owners, MARKED) == []


def test_the_canary_of_the_owner_is_a_violation_whatever_the_id() -> None:
    leaked = answer(200, {"id": 42, "name": CANARY})

    assert told(TENANTS.judge_foreign, leaked, NOTHING, leaked, MARKED) == SERVED


def test_any_substance_under_an_unguessable_id_is_a_violation() -> None:
    assert told(TENANTS.judge_foreign, answer(200, {"at": "10:01"}), NOTHING, THEIRS, UNGUESSABLE) == SERVED


def test_a_long_version_under_an_unguessable_id_is_a_violation_and_a_short_one_only_tells_of_existence() -> None:
    for tag, expected in (('"0123456789abcdef"', SERVED), ('"1"', [("advisory", "existence is disclosed")])):
        owners = answer(200, {"name": "acme"}, ETag=tag)
        assert told(TENANTS.judge_foreign, answer(304, ETag=tag), NOTHING, owners, UNGUESSABLE) == expected


def test_a_soft_404_says_no_more_than_the_one_about_nothing() -> None:
    soft = answer(200, {"error": "not found"})

    assert told(TENANTS.judge_foreign, soft, soft, THEIRS, NUMBERED) == []


def test_a_number_inside_another_number_is_not_listed() -> None:
    reply = answer(200, {"items": [{"id": 1423, "name": "mine"}]})

    assert told(TENANTS.judge_list, "a plain list", reply, [MARKED]) == []


def test_the_same_number_in_another_tenants_list_is_its_own_and_the_canary_is_not() -> None:
    assert told(TENANTS.judge_list, "a plain list", answer(200, [{"id": 42, "name": "mine"}]), [MARKED]) == []
    (finding,) = told(TENANTS.judge_list, "a plain list", answer(200, [{"id": 42, "name": CANARY}]), [MARKED])
    assert finding == ("violation", "a list shows objects of another tenant")


def test_an_unguessable_id_counts_where_it_is_the_id_of_an_item() -> None:
    assert told(TENANTS.judge_list, "a plain list", answer(200, {"rows": [{"id": UNIQUE}]}), [UNGUESSABLE])
    assert not told(TENANTS.judge_list, "a plain list", answer(200, {"rows": [{"id": f"{UNIQUE}0"}]}), [UNGUESSABLE])


def test_a_control_list_that_shows_only_numbers_concludes_nothing() -> None:
    with pytest.raises(Inconclusive, match="counted for each tenant"):
        TENANTS.recognisable([answer(200, [{"id": 42}])], [NUMBERED])
    with pytest.raises(Inconclusive):
        TENANTS.recognisable([answer(200, [{"id": 1423, "name": "x"}])], [MARKED])
    with pytest.raises(Inconclusive, match="does not show"):
        TENANTS.recognisable([answer(200, [{"id": f"{UNIQUE}0"}])], [UNGUESSABLE])
    TENANTS.recognisable([answer(200, [{"id": 7, "name": CANARY}])], [MARKED])


def counted(*totals: int) -> list[tuple[str, str]]:
    """What is told when the other tenant's list says these totals: before, after three creates, after one more."""
    answers = [answer(200, {"items": [{"id": 1, "size": total}], "page": {"total": total}}) for total in totals]
    later = iter(answers[1:])
    return told(TENANTS.judge_counts, answers[0], lambda: next(later), lambda: None)


def test_a_count_that_moves_twice_with_another_tenants_writes_is_told() -> None:
    assert counted(7, 10, 11) == [("advisory", "a count moves with another tenant's writes")]


def test_a_count_that_stays_or_moves_by_something_else_is_nobodys_leak() -> None:
    assert counted(7, 7) == []
    assert counted(7, 8) == []
    assert counted(7, 10, 10) == []
    assert counted(7, 10, 13) == []
