"""Whom a change of the contract concerns, told from the certificates that lie below a directory."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from certify.contract import load_contract
from certify.contract.changes import compare
from certify.model.playbook import Certification, ChangeRule
from certify.recertification.partners import Rules, concerned
from certify.recertification.telling import Asked, tell
from tests.unit.certificate.signed import Signed, everything
from tests.unit.recertification.worlds import TODAY, change_contract, contract_of, listing_customers_needs_more

RULES = Certification(changes=(ChangeRule("breaking", 90, 30),))


@pytest.fixture
def signed(tmp_path: Path) -> Signed:
    found = everything(tmp_path)
    shutil.copy(contract_of(found), tmp_path / "old.yaml")
    change_contract(found, listing_customers_needs_more)
    return found


def old_of(signed: Signed) -> Path:
    return signed.program.root.parent / "old.yaml"


def asked(signed: Signed, effective: date | None = date(2030, 1, 1)) -> Asked:
    reports = signed.run.parent.parent
    return Asked(old_of(signed), contract_of(signed), reports, signed.program.root, effective, TODAY)


def test_a_partner_is_told_by_certificate_with_checks_criteria_and_deadline(signed: Signed) -> None:
    (partner,) = tell(asked(signed)).partners
    assert (partner.partner, partner.certificate) == ("acme", "run1-0001")
    assert "net.control-works" in partner.checks
    assert "reachable/answers" in partner.criteria
    assert partner.deadline == date(2030, 1, 1)  # this playbook gives no grace
    assert partner.expires == "2027-01-01"  # with its waiver


def test_where_nothing_is_touched_nothing_is_due(signed: Signed) -> None:
    contract = load_contract(old_of(signed))
    (partner,), notes = concerned(signed.run.parent.parent, (), Rules(RULES, TODAY, digest=contract.facts.digest))
    assert (partner.checks, partner.deadline, notes) == ({}, None, ())


def test_a_partner_that_was_certified_with_another_contract_is_noted(signed: Signed) -> None:
    old, new = load_contract(old_of(signed)), load_contract(contract_of(signed))
    _, notes = concerned(signed.run.parent.parent, compare(old, new), Rules(RULES, TODAY, digest=new.facts.digest))
    assert notes == ("acme was certified with another contract than the earlier one of these two",)


def test_a_run_whose_report_is_gone_is_told_and_stops_nothing(signed: Signed) -> None:
    (signed.run / "certification.json").unlink()
    told = tell(asked(signed))
    assert told.partners == ()
    assert any("acme" in note and "all of its checks" in note for note in told.notes)


def test_a_day_sooner_than_the_notice_is_told(signed: Signed) -> None:
    playbook = signed.program.playbook
    playbook.write_text(
        playbook.read_text().replace(
            "certification:\n", "certification:\n  changes: [{kind: breaking, notice_days: 9}]\n", 1
        )
    )
    assert any("too soon for a breaking change" in note for note in tell(asked(signed, TODAY)).notes)
    assert not any("too soon" in note for note in tell(asked(signed)).notes)


def test_mistakes_of_either_contract_are_told_and_the_rest_is_compared(signed: Signed) -> None:
    change_contract(signed, lambda document: document["paths"]["/health"]["get"].update(operationId="listCustomers"))
    told = tell(asked(signed))
    assert "request-required-parameter-added" in {change.rule for change in told.changes}
    assert any("operationId" in note for note in told.notes)


def test_a_day_that_the_contract_does_not_say_is_told_to_be_none_to_the_gate(signed: Signed) -> None:
    assert any("info.x-effective: 2030-01-01" in note for note in tell(asked(signed)).notes)
    contract = contract_of(signed)
    contract.write_text(contract.read_text().replace("info:\n", "info:\n  x-effective: 2030-01-01\n", 1))
    assert not any("x-effective" in note for note in tell(asked(signed)).notes)
