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
