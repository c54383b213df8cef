"""A contract changes after a certification: what that means is told, planned, run and signed, by command line.

The program is small: six checks that take moments, of which three call the operation that changes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from certify.model.gate import Answer
from certify.program.shipped import shipped_root
from tests.journeys.console import Ended, certify, sandbox_profile

pytestmark = pytest.mark.slow

PLAYBOOK = """\
schema: certify/playbook/1
id: small
title: A small playbook
version: "1"
roles: [partner-engineer]
certification:
  environments: [{id: staging, provenance: practice}]
  changes:
    - {kind: breaking, notice_days: 90, grace_days: 30}
milestones:
  - id: works
    title: Works
    owner: partner-engineer
    business_days: 5
    criteria:
      - id: reachable
        statement: It answers, and knows who calls.
        kind: automated
        checks: [net.control-works, auth.challenge-present, auth.alg-none-rejected]
      - id: orderly
        statement: Leads are kept in order.
        kind: automated
        checks: [error.not-found-clean, page.walk-complete, audit.action-recorded]
"""
TOUCHED = {"error.not-found-clean", "page.walk-complete", "audit.action-recorded"}
KEPT = {"auth.challenge-present", "auth.alg-none-rejected"}
GATE = "net.control-works"
BEFORE = "      operationId: createLead\n      tags: [leads]\n"
NEEDS_MORE = "        - {name: X-Campaign, in: header, required: true, schema: {type: string, maxLength: 20}}\n"
PARAMETERS = "      parameters:\n"


@dataclass(frozen=True)
class Desk:
    """A certified partner, and the program whose contract changed since. ``old`` is the contract before."""

    folder: Path
    profile: Path
    program: Path
    old: Path
    key: Path

    @property
    def new(self) -> Path:
        return self.program / "openapi" / "partner-api.v1.yaml"

    @property
    def jwks(self) -> Path:
        return self.key.with_name("keys.jwks.json")

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    def run(self, name: str, *options: object) -> Ended:
        words = ("run", "--partner", self.profile, "--program", self.program, "--out", self.reports / "acme" / name)
        return certify(*words, "--sign", self.key, *options)

    def plan(self, *options: object) -> Ended:
        return certify("plan", "--partner", self.profile, "--program", self.program, "--jwks", self.jwks, *options)

    @property
    def earlier(self) -> Path:
        """The reports as they were before anything ran again."""
        return self.folder / "earlier"

    def gate(self, reports: Path) -> Ended:
        asked = ("--partner", "reference", "--milestone", "works", "--environment", "staging")
        found = ("--reports", reports, "--program", self.program, "--jwks", self.jwks)
        return certify("gate", *asked, *found, "--json")

    def certificate(self, name: str) -> Path:
        return self.reports / "acme" / name / "certificate.jws"

    def report(self, name: str) -> Any:
        return json.loads((self.reports / "acme" / name / "certification.json").read_text())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Certified with the contract of before; then one operation of the contract changes."""
    folder = tmp_path_factory.mktemp("recertification")
    with sandbox_profile(folder) as profile:
        found = Desk(folder, profile, *_program(folder), _key(folder))
        text = profile.read_text()
        shipped = next(line for line in text.splitlines() if line.strip().startswith("contract:"))
        profile.write_text(text.replace(shipped, f"  contract: {found.new}"))
        ended = found.run("first")
        assert ended.code == 0, ended.text
        shutil.copytree(found.reports, found.earlier)
        _change(found.new)
        yield found


def _program(folder: Path) -> tuple[Path, Path]:
    program, old = folder / "program", folder / "before.yaml"
    (program / "openapi").mkdir(parents=True)
    (program / "playbook.yaml").write_text(PLAYBOOK)
    for place in (program / "openapi", old):
        shutil.copy(shipped_root() / "openapi" / "partner-api.v1.yaml", place)
    return program, old


def _key(folder: Path) -> Path:
    made = certify("keys", "new", "--owner", "Desk", "--keys", folder / "keys", "--json")
    assert made.code == 0, made.text
    return Path(json.loads(made.out)["private"])


def _change(contract: Path) -> None:
    """``createLead`` needs a header field from now on."""
    head, _, tail = contract.read_text().partition(BEFORE)
    assert PARAMETERS in tail
    contract.write_text(head + BEFORE + tail.replace(PARAMETERS, PARAMETERS + NEEDS_MORE, 1))


# — what changed, and whom it concerns —


def test_contract_diff_names_change_operation_checks_partner_and_deadline(desk: Desk) -> None:
    ended = certify(
        "contract", "diff", desk.old, desk.new, "--program", desk.program, "--reports", desk.earlier,
        "--effective", "2030-01-01", "--format", "json",
    )  # fmt: skip
    assert ended.code == 1
    told = json.loads(ended.out)
    assert [change["rule"] for change in told["changes"]] == ["request-required-parameter-added"]
    assert told["operations"] == ["createLead"]
    assert told["terms"] == [{"kind": "breaking", "effective": "2030-01-01", "deadline": "2030-01-31"}]
    (partner,) = told["partners"]
    assert set(partner["checks"]) == TOUCHED
    assert partner["criteria"] == ["works/orderly"]
    assert (partner["partner"], partner["deadline"]) == ("reference", "2030-01-31")


def test_and_says_so_to_a_person_with_file_and_line(desk: Desk) -> None:
    ended = certify("contract", "diff", desk.old, desk.new, "--program", desk.program, "--reports", desk.earlier)
    assert "createLead: header parameter X-Campaign added" in ended.out
    line = desk.new.read_text().splitlines().index(NEEDS_MORE.rstrip()) + 1
    assert f"{desk.new.name}:{line}" in "".join(ended.out.split())
    assert all(name in ended.out for name in TOUCHED)


@pytest.mark.parametrize(("asked", "code"), [("breaking", 1), ("any", 1), ("none", 0)])
def test_what_fails_is_for_the_pipeline_to_say(desk: Desk, asked: str, code: int) -> None:
    assert certify("contract", "diff", desk.old, desk.new, "--fail-on", asked).code == code


def test_a_contract_does_not_differ_from_itself(desk: Desk) -> None:
    ended = certify("contract", "diff", desk.old, desk.old, "--fail-on", "any")
    assert (ended.code, ended.out.splitlines()[0]) == (0, "No change.")


def test_a_contract_that_cannot_be_read_is_a_mistake_of_the_caller(desk: Desk) -> None:
    ended = certify("contract", "diff", desk.old, desk.folder / "nowhere.yaml")
    assert ended.code == 2
    assert "nowhere.yaml" in ended.err


def test_changes_can_be_had_as_sarif(desk: Desk) -> None:
    (run,) = json.loads(certify("contract", "diff", desk.old, desk.new, "--format", "sarif").out)["runs"]
    assert [(result["ruleId"], result["level"]) for result in run["results"]] == [
        ("request-required-parameter-added", "error")
    ]


# — the gate, the plan, the run —


def test_the_gate_calls_the_certificate_stale_and_names_exactly_these_checks(desk: Desk) -> None:
    ended = desk.gate(desk.earlier)
    assert ended.code == 12
    assert set(json.loads(ended.out)["checks"]) == TOUCHED


def test_the_plan_says_what_would_run_and_why_and_what_would_be_carried_over(desk: Desk) -> None:
    told = json.loads(desk.plan("--since", desk.certificate("first"), "--json").out)
    assert set(told["reasons"]) == {GATE, *TOUCHED}
    assert set(told["carried"]["checks"]) == KEPT
    assert told["reasons"]["page.walk-complete"] == "touches createLead: header parameter X-Campaign added"
    shown = desk.plan("--since", desk.certificate("first")).out
    assert "Carried over from run" in shown
    assert "the gate: every run stands on it" in shown


def test_a_partial_run_certifies_again_and_says_what_it_carried_over(desk: Desk) -> None:
    ended = desk.run("second", "--since", desk.certificate("first"))
    assert ended.code == 0, ended.text
    first, second = desk.report("first"), desk.report("second")
    origin = {check["id"]: check["carried"] for check in second["checks"]}
    assert {name for name, run in origin.items() if run} == KEPT
    assert {run for run in origin.values() if run} == {first["run"]["id"]}
    for file in ("report.html", "summary.md", "junit.xml"):
        text = (desk.reports / "acme" / "second" / file).read_text()
        assert f"arried over from run {first['run']['id']}" in text, file
    assert desk.gate(desk.reports).code == 0
    verified = certify("verify", desk.certificate("second"), "--jwks", desk.jwks, "--program", desk.program)
    assert verified.code == 0, verified.text


def test_nothing_runs_without_a_change_and_what_is_carried_twice_still_names_its_run(desk: Desk) -> None:
    if not desk.certificate("second").exists():
        assert desk.run("second", "--since", desk.certificate("first")).code == 0
    refused = desk.run("third", "--since", desk.certificate("second").parent)
    assert refused.code == 2
    assert "nothing changed since" in refused.err
    assert not desk.certificate("third").parent.exists()
    desk.new.write_text(f"{desk.new.read_text()}# A remark.\n")
    ended = desk.run("third", "--since", desk.certificate("second").parent)
    assert ended.code == 0, ended.text
    names = {desk.report(name)["run"]["id"]: name for name in ("first", "second", "third")}
    origin = {check["id"]: names.get(check["carried"], "") for check in desk.report("third")["checks"]}
    assert origin == {GATE: "", **dict.fromkeys(KEPT, "first"), **dict.fromkeys(TOUCHED, "second")}


# — what is refused —


def test_nothing_is_carried_over_from_a_certificate_that_nobody_trusts(desk: Desk) -> None:
    strangers = _key(desk.folder / "strangers").with_name("keys.jwks.json")
    words = ("plan", "--partner", desk.profile, "--program", desk.program)
    ended = certify(*words, "--since", desk.certificate("first"), "--jwks", strangers)
    assert ended.code == Answer.UNTRUSTED.exit_code
    assert "no run can stand on" in ended.err
    without = certify(*words, "--since", desk.certificate("first"))
    assert without.code == 2
    assert "--jwks" in without.err


def test_nothing_is_carried_over_from_a_record_that_was_edited(desk: Desk) -> None:
    copy = desk.folder / "edited"
    shutil.copytree(desk.certificate("first").parent, copy)
    outcomes = copy / "outcomes.ndjson"
    outcomes.write_bytes(outcomes.read_bytes().replace(b'"passed"', b'"PASSED"', 1))
    ended = desk.plan("--since", copy)
    assert ended.code == Answer.UNTRUSTED.exit_code
    assert "outcomes.ndjson" in ended.err


def test_since_chooses_the_checks_itself(desk: Desk) -> None:
    ended = desk.run("narrowed", "--since", desk.certificate("first"), "--check", "net.*")
    assert ended.code == 2
    assert "--since chooses the checks itself" in ended.err
