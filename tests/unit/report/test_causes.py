"""One cause is told once, under a title that says what happened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certify.model.outcome import Finding, Weight
from certify.report.causes import one_per_cause, title

DRIFT = Finding("type integer", "string '0'", "/items/2/score", operations=("listLeads",), exchanges=("s-1",))


def test_the_same_place_seen_by_two_sources_is_told_once_with_both_exchanges() -> None:
    other = replace(DRIFT, actual="string '0' in the body of 200", pointer="/items/9/score", exchanges=("c-7",))
    assert [found.exchanges for found in one_per_cause([DRIFT, other])] == [("s-1", "c-7")]


@pytest.mark.parametrize(
    "change",
    [
        {"pointer": "/items/2/rank"},
        {"operations": ("getLead",)},
        {"weight": Weight.ADVISORY},
        {"expected": "type null"},
    ],
    ids=str,
)
def test_another_place_operation_weight_or_expectation_is_another_finding(change: dict[str, object]) -> None:
    assert len(one_per_cause([DRIFT, replace(DRIFT, **change)])) == 2  # type: ignore[arg-type]


def test_two_causes_without_a_place_stay_two() -> None:
    first = Finding("401", "200 OK", cause="a", operations=("read",))
    assert len(one_per_cause([first, replace(first, cause="b")])) == 2


READ = ("read", "list")
TWICE = [
    (
        "auth",
        Finding("401 for a call without a credential", "200 OK with an object of 3 members", operations=READ),
        Finding("401 (or 403)", "200 without credentials", oracle="engine IgnoredAuth", operations=("list",)),
    ),
    (
        "media type",
        Finding("text/plain", "application/json", operations=("read",)),
        Finding("a media type", "application/json on 200", oracle="engine UndefinedContentType", operations=("read",)),
    ),
    (
        "status",
        Finding("a status that the contract documents", "400", operations=READ),
        Finding("one of 200, 401", "400", oracle="engine UndefinedStatusCode", operations=("list", "create")),
    ),
    (
        "the whole body",
        Finding("type string", "object {}", cause="/|type string", operations=("read",)),
        Finding("type string", "object {} in the body of 200", oracle="engine JsonSchemaError", operations=("read",)),
    ),
]


@pytest.mark.parametrize(("what", "ours", "engines"), TWICE, ids=[row[0] for row in TWICE])
def test_what_a_suite_and_the_engine_saw_of_one_defect_is_told_once_in_the_suites_words(
    what: str, ours: Finding, engines: Finding
) -> None:
    ours, engines = replace(ours, exchanges=("s-1",)), replace(engines, exchanges=("c-1",), cause="engine's")
    for order in ([ours, engines], [engines, ours]):
        (told,) = one_per_cause(order)
        assert (told.expected, told.actual) == (ours.expected, ours.actual), what
        assert told.exchanges == ("s-1", "c-1")
        assert set(told.operations) == {*ours.operations, *engines.operations}


@pytest.mark.parametrize(("what", "ours", "engines"), TWICE, ids=[row[0] for row in TWICE])
def test_another_operation_or_answer_of_the_engine_is_another_finding(
    what: str, ours: Finding, engines: Finding
) -> None:
    assert len(one_per_cause([ours, replace(engines, operations=("other",))])) == 2, what
    different = replace(engines, actual=f"other {engines.actual}", expected=f"other {engines.expected}")
    assert len(one_per_cause([ours, different])) == 2, what


def test_two_crashes_are_two_although_both_are_500() -> None:
    ours = Finding("an answer below 500", "500", operations=("read",))
    assert len(one_per_cause([ours, replace(ours, oracle="engine ServerError", cause="no row")])) == 2


def test_members_that_one_object_lacks_are_told_together() -> None:
    lacks = [
        Finding(f"the required member {name}", "it is missing", f"/{item}", operations=("list",), exchanges=(name,))
        for item, name in ((7, "config"), (0, "database"), (0, "version"))
    ]
    (told,) = one_per_cause(lacks)
    assert (told.expected, told.pointer) == ("the required member config", "/7"), "by which it is seen again"
    assert "also lacks database, version" in told.advice
    assert title(told) == "list lacks the required member config"
    assert len(one_per_cause([lacks[0], replace(lacks[1], pointer="/0/owner")])) == 2


@pytest.mark.parametrize(
    ("finding", "wanted"),
    [
        (
            Finding("401 for a token of yesterday", "200 OK", operations=("listLeads",)),
            "listLeads answers 200 OK for a token of yesterday",
        ),
        (Finding("403", "200 OK", operations=("a", "b", "c")), "a and 2 more answer 200 OK"),
        (DRIFT, "listLeads gives string '0'"),
        (Finding("a Date header", "no Date header"), "no Date header"),
        (Finding("", ""), "Something is wrong"),
    ],
)
def test_a_title_says_what_happened(finding: Finding, wanted: str) -> None:
    assert title(finding) == wanted


def test_a_title_stays_a_line_whatever_a_partner_sends() -> None:
    assert len(title(Finding("401 for " + "x" * 500, "y" * 500, operations=("z" * 500,)))) <= 160
