"""Findings of two runs: new, gone, the same in other words, the same with other evidence; and what shows a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from certify.comparing.comparison import Fate
from certify.comparing.differing import at_place
from tests.unit.comparing.runs import advised, broken, compared, exchange, the_check
from tests.unit.facts import passed

UUIDS = ("38b4421b-92fb-4e36-a433-62208d3d6260", "d1c493a5-85c7-41c7-82c1-91fbd600ed95")


def test_a_finding_in_other_words_alone_is_the_same(tmp_path: Path) -> None:
    old, new = (broken("a.one", f"200 OK for lead {name}") for name in UUIDS)

    assert compared(tmp_path, [old], [new]).findings == ()


def test_another_answer_for_the_same_cause_is_changed_evidence(tmp_path: Path) -> None:
    comparison = compared(tmp_path, [broken("a.one", "200 OK")], [broken("a.one", "500 Internal Server Error")])

    (change,) = comparison.findings
    assert (change.fate, change.id_before, change.id_after) == (Fate.CHANGED, "F1", "F1")
    assert [(d.place, d.before, d.after) for d in change.differences] == [
        ("actual", "200 OK", "500 Internal Server Error")
    ]


def test_another_cause_that_expects_the_same_of_the_same_operation_is_changed_evidence(tmp_path: Path) -> None:
    old, new = broken("a.one", "200 OK", cause="401|200"), broken("a.one", "403 Forbidden", cause="401|403")

    (change,) = compared(tmp_path, [old], [new]).findings

    assert change.fate is Fate.CHANGED


def test_a_header_that_matters_is_changed_evidence_although_the_words_agree(tmp_path: Path) -> None:
    plain = exchange("s-1", "a.one", 401)
    told = exchange("s-1", "a.one", 401, headers=(("Content-Type", "application/json"), ("WWW-Authenticate", "Bearer")))

    comparison = compared(tmp_path, [broken("a.one")], [broken("a.one")], traffic=([told], [plain]))

    (change,) = comparison.findings
    assert [(d.place, d.before, d.after) for d in change.differences] == [("header www-authenticate", "Bearer", "—")]


def test_new_and_gone_findings_are_told_with_their_numbers(tmp_path: Path) -> None:
    comparison = compared(tmp_path, [advised("a.one", "404")], [broken("a.one", "200 OK")])

    fates = {(item.fate, item.weight, item.id_before, item.id_after) for item in comparison.findings}
    assert fates == {(Fate.NEW, "violation", "", "F1"), (Fate.GONE, "advisory", "F1", "")}


def test_a_witness_is_the_same_request_answered_differently(tmp_path: Path) -> None:
    then = [exchange("s-7", "a.one", 200, "/other"), exchange("s-8", "a.one", 401, "/things?limit=1")]
    now = [exchange("s-1", "a.one", 200, "/things?limit=1")]

    comparison = compared(tmp_path, [passed("a.one")], [broken("a.one")], traffic=(then, now))

    witness = the_check(comparison, "a.one").witness
    assert witness is not None
    assert (witness.before, witness.after, witness.alike, witness.unsteady) == ("s-8", "s-1", False, False)
    assert witness.request == "GET /things?limit=1 as primary"
    assert [(d.place, d.before, d.after) for d in witness.differences[:1]] == [("status", "401", "200")]


def test_requests_that_differ_in_ids_alone_are_alike(tmp_path: Path) -> None:
    then, now = (
        exchange("s-1", "a.one", status, f"/things/{name}") for status, name in zip((401, 200), UUIDS, strict=True)
    )

    witness = the_check(
        compared(tmp_path, [passed("a.one")], [broken("a.one")], traffic=([then], [now])), "a.one"
    ).witness

    assert witness is not None
    assert witness.alike


def test_what_one_run_answered_both_ways_is_unsteady(tmp_path: Path) -> None:
    then = [exchange("s-1", "a.one", 401), exchange("s-2", "a.one", 200)]

    comparison = compared(
        tmp_path, [passed("a.one")], [broken("a.one")], traffic=(then, [exchange("s-1", "a.one", 200)])
    )

    witness = the_check(comparison, "a.one").witness
    assert witness is not None
    assert witness.unsteady


def test_a_request_that_was_spoiled_is_not_the_valid_one(tmp_path: Path) -> None:
    then, now = exchange("s-1", "a.one", 200), exchange("s-1", "a.one", 401, tags=("token.expired",))

    comparison = compared(tmp_path, [passed("a.one")], [broken("a.one")], traffic=([then], [now]))

    assert the_check(comparison, "a.one").witness is None


def test_values_that_every_run_makes_anew_are_no_difference_where_another_conduct_is(tmp_path: Path) -> None:
    then = [exchange("s-1", "a.one", 200, answer='{"name": "red"}'), exchange("s-2", "a.one", 401, "/two")]
    now = [exchange("s-1", "a.one", 200, answer='{"name": "blue"}'), exchange("s-2", "a.one", 200, "/two")]

    comparison = compared(tmp_path, [passed("a.one")], [broken("a.one")], traffic=(then, now))

    witness = the_check(comparison, "a.one").witness
    assert witness is not None
    assert witness.after == "s-2"


def test_a_member_that_is_missing_now_is_told_by_its_place(tmp_path: Path) -> None:
    then = [exchange("s-1", "a.one", 200, answer='{"items": [{"id": 1, "name": "red"}]}')]
    now = [exchange("s-1", "a.one", 200, answer='{"items": [{"id": 2}]}')]

    comparison = compared(tmp_path, [passed("a.one")], [broken("a.one")], traffic=(then, now))

    witness = the_check(comparison, "a.one").witness
    assert witness is not None
    assert [(d.place, d.before, d.after) for d in witness.differences] == [("body /items/0/name", '"red"', "—")]


@pytest.mark.parametrize("pointer", ["/gone", "/items/7/name", "", "/items/0/name"])
def test_a_place_that_a_finding_points_at_may_be_missing_in_one_answer(pointer: str) -> None:
    then = exchange("s-1", "a.one", 200, answer='{"items": [{"name": "red"}]}')
    now = exchange("s-1", "a.one", 200, answer='{"items": []}')

    told = [(d.place, d.before, d.after) for d in at_place(then, now, pointer)]

    assert told == ([("body /items/0/name", '"red"', "—")] if pointer == "/items/0/name" else [])
