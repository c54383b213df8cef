"""For what a partial run is: something changed since the certificate, or it is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from certify.model.plan import Plan
from certify.model.playbook import Demand
from certify.recertification.occasion import demand_an_occasion
from certify.recertification.since import SinceError, certified_since
from tests.unit.certificate.signed import DAY, NOW, Signed, a_plan_of, everything
from tests.unit.recertification.worlds import TODAY


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    return everything(tmp_path_factory.mktemp("signed"))


def asked(signed: Signed, change: Callable[[Plan], Plan]) -> None:
    known = certified_since(signed.certificate, signed.keys, now=NOW + DAY, partner="acme")
    plan = replace(a_plan_of(signed.program, signed.profile), run_id="later", started=NOW + DAY)
    demand_an_occasion(change(plan), known)


def test_where_nothing_changed_it_is_refused_as_a_mistake_of_the_caller(signed: Signed) -> None:
    with pytest.raises(SinceError, match="nothing changed since") as caught:
        asked(signed, lambda plan: plan)
    assert caught.value.exit_code == 2
    assert "run without --since" in caught.value.advice[0]


def test_what_had_not_passed_is_no_occasion_and_neither_are_fewer_checks(signed: Signed) -> None:
    with pytest.raises(SinceError):
        asked(signed, lambda plan: replace(plan, checks=plan.checks[:2]))


@pytest.mark.parametrize("part", ["contract", "playbook", "suites", "profile"])
def test_each_file_that_changed_is_an_occasion(signed: Signed, part: str) -> None:
    asked(signed, lambda plan: replace(plan, digests={**plan.digests, part: "sha256:other"}))


def test_another_certify_is_an_occasion(signed: Signed) -> None:
    asked(signed, lambda plan: replace(plan, versions={**plan.versions, "certify": "99"}))


def test_a_check_that_did_not_run_then_or_is_declared_otherwise_now_is_an_occasion(signed: Signed) -> None:
    def renamed(plan: Plan) -> Plan:
        (first, *rest) = plan.checks
        return replace(plan, checks=(replace(first, check=replace(first.check, id="net.new")), *rest))

    def rewritten(plan: Plan) -> Plan:
        (first, *rest) = plan.checks
        return replace(plan, checks=(replace(first, check=replace(first.check, digest="sha256:other")), *rest))

    asked(signed, renamed)
    asked(signed, rewritten)


@pytest.mark.parametrize(("days", "occasion"), [(1, True), (0, False), (9, False)])
def test_a_pending_criterion_is_an_occasion_once_its_day_came(signed: Signed, days: int, occasion: bool) -> None:
    def pending(plan: Plan) -> Plan:
        milestone = plan.playbook.milestones[0]
        first, *rest = milestone.criteria
        soon = replace(first, demand=Demand.PENDING, required_from=TODAY + timedelta(days=days))
        milestones = (replace(milestone, criteria=(soon, *rest)), *plan.playbook.milestones[1:])
        return replace(plan, playbook=replace(plan.playbook, milestones=milestones))

    if occasion:
        asked(signed, pending)
    else:
        with pytest.raises(SinceError):
            asked(signed, pending)
