"""What the runs stood on: playbook, contract, suites, profile, tools, waivers, coverage."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from certify.comparing.comparison import Bearing
from certify.comparing.diff import diff
from certify.model.plan import Plan, Selection
from certify.model.playbook import Criterion, Demand
from tests.unit.comparing.runs import broken, compared, exchange, plan_of, two_runs
from tests.unit.facts import a_criterion, a_milestone, a_plan, a_waiver, passed

BEFORE = a_criterion("works", "a.one")


def _demands(tmp_path: Path, before: Plan, after: Plan) -> list[tuple[Bearing, str, str]]:
    comparison = compared(tmp_path, [passed("a.one")], [passed("a.one")], plans=(before, after))
    return [(item.bearing, item.place, item.told) for item in comparison.demands]


@pytest.mark.parametrize(
    ("after", "bearing", "told"),
    [
        (replace(BEFORE, demand=Demand.RECOMMENDED), Bearing.LOOSENED, "level: required → recommended"),
        (replace(BEFORE, waivable=False), Bearing.TIGHTENED, "may not be waived"),
        (replace(BEFORE, absent_ok=True), Bearing.LOOSENED, "a partner may lack it"),
        (replace(BEFORE, checks=("a.one", "a.two")), Bearing.TIGHTENED, "now binds a.two"),
        (replace(BEFORE, checks=()), Bearing.LOOSENED, "no longer binds a.one"),
        (replace(BEFORE, max_age_days=30), Bearing.TIGHTENED, "evidence may be 30 days old; it was any age"),
        (replace(BEFORE, role="auditor"), Bearing.CHANGED, "role: none → auditor"),
    ],
)
def test_a_criterion_that_asks_for_something_else_says_which_way(
    tmp_path: Path, after: Criterion, bearing: Bearing, told: str
) -> None:
    plans = (a_plan(a_milestone("first", item)) for item in (BEFORE, after))

    assert _demands(tmp_path, *plans) == [(bearing, "first / works", told)]


def test_criteria_and_milestones_that_come_and_go_are_told(tmp_path: Path) -> None:
    one = a_plan(a_milestone("first", BEFORE), a_milestone("second", a_criterion("gone", "a.one")))
    other = a_plan(a_milestone("first", BEFORE, a_criterion("come", "a.one")))

    assert _demands(tmp_path, one, other) == [
        (Bearing.ADDED, "first / come", "required criterion"),
        (Bearing.REMOVED, "second", "milestone Second"),
    ]


def test_a_milestone_that_was_not_asked_for_was_not_removed(tmp_path: Path) -> None:
    one = a_plan(a_milestone("first", BEFORE), a_milestone("second", a_criterion("more", "a.one")))
    other = replace(a_plan(a_milestone("first", BEFORE)), selection=Selection(("first",)))

    comparison = compared(tmp_path, [passed("a.one")], [passed("a.one")], plans=(one, other))

    assert (comparison.demands, comparison.milestones) == ((), ())


def test_a_playbook_that_asks_for_more_makes_a_milestone_fall_without_any_check(tmp_path: Path) -> None:
    more = a_plan(a_milestone("first", a_criterion("sure", "a.two"), replace(BEFORE, demand=Demand.RECOMMENDED)))
    most = a_plan(a_milestone("first", a_criterion("sure", "a.two"), BEFORE))
    outcomes = [broken("a.one"), passed("a.two")]

    comparison = compared(tmp_path, outcomes, outcomes, plans=(more, most))

    assert [change.subject for change in comparison.checks if change.before != change.after] == []
    assert comparison.exit_code == 1


def test_the_rules_of_certification_are_compared_one_by_one(tmp_path: Path) -> None:
    one = plan_of("a.one")
    rules = replace(one.playbook.certification, valid_days=30)
    other = replace(one, playbook=replace(one.playbook, certification=rules, never_waivable=("a.one",)))

    assert _demands(tmp_path, one, other) == [
        (Bearing.TIGHTENED, "never_waivable", "nobody may waive a.one"),
        (Bearing.CHANGED, "certification.valid_days", "90 → 30"),
    ]


def test_digests_versions_and_what_was_asked_for_are_facts(tmp_path: Path) -> None:
    one = plan_of(
        "a.one", digests={"contract": "sha256:1", "suites": "sha256:3"}, versions={"certify": "1", "pytest": "9"}
    )
    other = replace(
        one, seed=8, digests={"contract": "sha256:2", "suites": "sha256:3"}, versions={"certify": "2", "pytest": "9"}
    )

    comparison = compared(tmp_path, [passed("a.one")], [passed("a.one")], plans=(one, other))

    assert [(f.part, f.name, f.before, f.after) for f in comparison.facts] == [
        ("contract", "digest", "sha256:1", "sha256:2"), ("certify", "certify", "1", "2"), ("run", "seed", "7", "8"),
    ]  # fmt: skip


def test_a_suite_file_that_changed_names_its_checks(tmp_path: Path) -> None:
    def with_digest(plan: Plan, digest: str) -> Plan:
        checks = (replace(p, check=replace(p.check, file="a/test_it.py", digest=digest)) for p in plan.checks)
        return replace(plan, checks=tuple(checks))

    plan = plan_of("a.one", "a.two")
    outcomes = [passed("a.one"), passed("a.two")]

    comparison = compared(
        tmp_path, outcomes, outcomes, plans=(with_digest(plan, "sha256:1"), with_digest(plan, "sha256:2"))
    )

    (suite,) = comparison.suites
    assert (suite.file, suite.checks) == ("a/test_it.py", ("a.one", "a.two"))


def _contract(*paths: str) -> bytes:
    answer = {"responses": {"200": {"description": "-"}}}
    return json.dumps({
        "openapi": "3.1.0", "info": {"title": "API", "version": "1"},
        "paths": {path: {"get": {"operationId": path.strip("/"), **answer}} for path in paths},
    }).encode()  # fmt: skip


def test_contracts_that_both_runs_kept_are_compared_by_the_rules_for_contracts(tmp_path: Path) -> None:
    plans = [plan_of("a.one", digests={"contract": f"sha256:{number}"}) for number in (1, 2)]
    one, other = two_runs(tmp_path, [passed("a.one")], [passed("a.one")], plans=(plans[0], plans[1]))
    (one / "contract.json").write_bytes(_contract("/things", "/others"))
    (other / "contract.json").write_bytes(_contract("/things"))

    changes = diff(one, other).contract

    assert [(change.kind.value, change.operation) for change in changes] == [("breaking", "others")]


def test_a_contract_that_was_not_kept_is_told_by_its_operations(tmp_path: Path) -> None:
    plan = plan_of("a.one", digests={"contract": "sha256:1"})
    other = replace(
        plan, digests={"contract": "sha256:2"}, contract=replace(plan.contract, operations=("getThing", "addThing"))
    )

    notes = compared(tmp_path, [passed("a.one")], [passed("a.one")], plans=(plan, other)).notes

    assert "1 operations came (addThing), 1 went (listThings)" in " ".join(notes)


def test_waivers_that_came_are_told_with_who_answers_for_them(tmp_path: Path) -> None:
    plan = plan_of("a.one")

    comparison = compared(
        tmp_path,
        [broken("a.one")],
        [broken("a.one")],
        plans=(plan, replace(plan, waivers=(a_waiver("a.one", expires=date(2026, 12, 31)),))),
    )

    (waiver,) = comparison.waivers
    assert (waiver.check, waiver.before) == ("a.one", "")
    assert "by Ada until 2026-12-31" in waiver.after
    assert comparison.exit_code == 0


def test_coverage_that_was_lost_is_told_with_its_reason(tmp_path: Path) -> None:
    traffic = ([exchange("s-1", "a.one", 200)], [exchange("s-1", "a.one", 404)])

    (operation,) = compared(tmp_path, [passed("a.one")], [passed("a.one")], traffic=traffic).operations

    assert (operation.id, operation.gained) == ("getThing", False)
    assert "404" in operation.after
