"""Whether a certificate still speaks of what is asked for today."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from certify.errors import ConfigurationError
from certify.program.program import find_program
from tests.unit.certificate.signed import WAIVED, Signed, everything
from tests.unit.recertification.worlds import (
    TODAY,
    certificate_of,
    change_contract,
    contract_of,
    listing_customers_needs_more,
    report_of,
    rewrite,
    stale,
)


@pytest.fixture
def signed(tmp_path: Path) -> Signed:
    return everything(tmp_path)


def test_where_nothing_changed_nothing_is_stale(signed: Signed) -> None:
    found = stale(signed)
    assert (found.changed, found.checks, found.notes) == ((), (), ())


# — the contract —


def test_a_change_of_an_operation_names_the_check_that_called_it(signed: Signed) -> None:
    change_contract(signed, listing_customers_needs_more)
    found = stale(signed)
    assert found.changed == ("contract",)
    assert "net.control-works" in found.checks
    assert "X-Campaign" in found.reasons["net.control-works"]
    assert [change.rule for change in found.changes] == ["request-required-parameter-added"]


def test_texts_make_nothing_stale_and_are_told(signed: Signed) -> None:
    change_contract(signed, lambda document: document["info"].update(description="Other words."))
    found = stale(signed)
    assert not found.stale
    assert [change.rule for change in found.changes] == ["info-changed"]
    assert found.notes == ("The contract changed, in words alone.",)


def test_a_certificate_of_a_smaller_contract_than_the_program_s_is_stale(signed: Signed) -> None:
    def grown(document: dict[str, Any]) -> None:
        document["paths"]["/v1/exports"] = {
            "get": {"operationId": "exportAll", "responses": {"200": {"description": "-"}}}
        }

    change_contract(signed, grown)
    report = report_of(signed)
    checks = tuple(replace(c, operations=("listLeads",), requests=3) for c in report.checks)
    found = stale(signed, report=replace(report, checks=checks))
    assert found.changed == ("contract",)
    assert set(found.checks) == {check.id for check in checks if check.area != "net"}
    only_net = stale(signed, report=replace(report, checks=tuple(c for c in checks if c.area == "net")))
    assert only_net.notes == ("The contract changed, and no check that was certified is touched by it.",)


def test_the_contract_says_from_when_and_the_playbook_until_when(signed: Signed) -> None:
    def later(document: dict[str, Any]) -> None:
        listing_customers_needs_more(document)
        document["info"]["x-effective"] = (TODAY + timedelta(days=5)).isoformat()

    rules = "certification:\n  changes:\n    - {kind: breaking, notice_days: 9, grace_days: 30}\n"
    rewrite(signed.program.playbook, "certification:\n", rules)
    change_contract(signed, later)
    found = stale(signed)
    assert found.since == TODAY + timedelta(days=5)
    assert found.deadline == TODAY + timedelta(days=35)


def test_without_a_day_there_is_no_grace_that_begins_anew_each_day(signed: Signed) -> None:
    change_contract(signed, listing_customers_needs_more)
    found = stale(signed)
    assert (found.since, found.deadline) == (None, None)


@pytest.mark.parametrize("missing", ["report", "contract_then"])
def test_where_the_record_is_not_there_everything_has_to_run_again(signed: Signed, missing: str) -> None:
    change_contract(signed, listing_customers_needs_more)
    found = stale(signed, **{missing: None})
    assert set(found.checks) == {check.id for check in certificate_of(signed).checks if "answer:" not in check.id}


def test_a_contract_that_nobody_vouches_for_is_not_compared_with(signed: Signed) -> None:
    change_contract(signed, listing_customers_needs_more)
    (signed.run / "contract.json").write_text("{}")
    found = stale(signed)
    assert not found.changes
    assert len(found.checks) == len(report_of(signed).checks)


def test_a_partner_s_own_contract_counts_where_it_is_named(signed: Signed, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    shutil.copy(contract_of(signed), own)
    change_contract(signed, listing_customers_needs_more)
    assert stale(signed).stale
    assert not stale(signed, contract_now=own).stale


def test_a_program_without_a_contract_says_that_nobody_compared(signed: Signed) -> None:
    program = replace(find_program(signed.program.root), contract=None)
    found = stale(signed, program=program)
    assert not found.stale
    assert "own contract was not compared" in found.notes[0]


def test_a_contract_of_today_that_cannot_be_read_is_told(signed: Signed) -> None:
    contract_of(signed).write_text("openapi: 3.1.0\n")
    with pytest.raises(ConfigurationError):
        stale(signed)


# — the playbook —


def test_a_criterion_that_was_added_asks_for_its_check(signed: Signed) -> None:
    added = "criteria:\n      - {id: paged, statement: Pages., kind: automated, checks: [page.walk-complete]}\n"
    rewrite(signed.program.playbook, "criteria:\n", added)
    found = stale(signed)
    assert (found.changed, found.checks) == (("playbook",), ("page.walk-complete",))
    assert "did not run" in found.reasons["page.walk-complete"]


def test_a_criterion_bound_to_what_passed_already_asks_for_nothing(signed: Signed) -> None:
    rewrite(signed.program.playbook, "checks: [net.clock-accurate]", "checks: [net.clock-accurate, net.control-works]")
    found = stale(signed)
    assert not found.stale
    assert "asks for nothing that is not proved" in found.notes[0]


def test_what_may_not_be_lacked_or_waived_any_more_is_asked_for(signed: Signed) -> None:
    rewrite(signed.program.playbook, ", absent_ok: true", "")
    rewrite(signed.program.playbook, f"checks: [{WAIVED}]", f"checks: [{WAIVED}], waivable: false")
    assert set(stale(signed).checks) == {WAIVED, "audit.action-recorded"}


def test_an_answer_is_asked_for_again_where_another_role_has_to_give_it(signed: Signed) -> None:
    rewrite(
        signed.program.playbook, "kind: attested, role: partner-engineer", "kind: attested, role: solution-engineer"
    )
    assert stale(signed).checks == ("answer:no-real-data",)


@pytest.mark.parametrize(("days", "asked"), [(-1, True), (0, True), (1, False)])
def test_a_pending_criterion_counts_from_its_day(signed: Signed, days: int, asked: bool) -> None:
    day = TODAY + timedelta(days=days)
    added = f"criteria:\n      - {{id: paged, statement: Pages., kind: automated, checks: [page.walk-complete], " \
            f"demand: pending, required_from: {day}}}\n"  # fmt: skip
    rewrite(signed.program.playbook, "criteria:\n", added)
    found = stale(signed)
    assert found.stale is asked
    assert any("becomes required" in note for note in found.notes) is not asked


def test_other_words_and_looser_rules_make_nothing_stale(signed: Signed) -> None:
    rewrite(signed.program.playbook, "It answers.", "It does answer.")
    rewrite(signed.program.playbook, "      - {id: clocks", "      - {demand: recommended, id: clocks")
    assert not stale(signed).stale


# — the suites —


def test_a_suite_that_was_rewritten_names_its_checks(signed: Signed) -> None:
    report = report_of(signed)
    checks = tuple(replace(c, suite="sha256:old") if c.id == "net.clock-accurate" else c for c in report.checks)
    found = stale(signed, report=replace(report, checks=checks))
    assert (found.changed, found.checks) == (("suites",), ("net.clock-accurate",))


def test_a_check_that_nobody_declares_any_more_is_not_asked_for(signed: Signed) -> None:
    report = report_of(signed)
    gone = replace(report.checks[0], id="net.gone", suite="sha256:old")
    found = stale(signed, report=replace(report, checks=(*report.checks, gone)))
    assert not found.stale
    assert "no check that was certified is among them" in found.notes[0]
