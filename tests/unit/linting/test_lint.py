"""A program and what a partner brings are linted in one go: rule, level, line and column, and an exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from certify.cli.lint import verb
from certify.errors import ProgramError
from certify.linting import LintRequest, lint
from certify.model.codec import encode
from certify.model.lint import LintFinding, LintLevel, LintReport
from certify.model.outcome import Outcome
from certify.model.plan import PlannedCheck
from certify.rundir import OUTCOMES, RunDirectory, Writer
from tests.unit.facts import NOW, a_check, a_criterion, a_milestone, a_plan, failed, passed

TODAY = date(2026, 11, 3)
PLAYBOOK = """\
schema: certify/playbook/1
id: small
title: A small playbook
version: "1"
roles: [engineer, lawyer]
certification:
  waivers: {budget: 1, max_days: 90, roles: [engineer], never: {areas: [authz]}}
milestones:
  - id: first
    title: First
    owner: engineer
    business_days: 3
    criteria:
      - {id: pages, statement: Pages end., kind: automated, checks: [page.walk-complete, error.no-internals-leaked]}
      - {id: scopes, statement: Scopes hold., kind: automated, checks: [authz.scope-enforced]}
"""


def entry(check: str, partner: str = "acme", expires: str = "2026-12-31") -> str:
    return f"""\
  - check: {check}
    partner: {partner}
    reason: The pager is replaced in December; nothing that reads pages goes live before.
    approver: {{name: Ada Byron, role: engineer}}
    granted: 2026-11-01
    expires: {expires}
    link: https://platform.example/waivers/31
"""


Program = Callable[..., Path]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program of its own, with waivers of the given entries."""

    def write(*entries: str, playbook: str = PLAYBOOK) -> Path:
        (tmp_path / "playbook.yaml").write_text(playbook)
        (tmp_path / "waivers.yaml").write_text(
            "schema: certify/waivers/1\nwaivers:" + ("\n" + "".join(entries) if entries else " []\n")
        )
        return tmp_path

    return write


def linted(folder: Path, **details: object) -> LintReport:
    return lint(LintRequest(TODAY, folder, **details))  # type: ignore[arg-type]


def only(report: LintReport) -> LintFinding:
    [finding] = report.findings
    return finding


def test_a_file_whose_every_waiver_counts_has_no_findings(program: Program) -> None:
    found = linted(program(entry("page.walk-complete"), entry("page.walk-complete", "globex")))
    assert (found.findings, found.exit_code) == ((), 0)


def test_an_expired_waiver_is_told_where_its_day_is_written(program: Program) -> None:
    found = linted(program(entry("page.walk-complete", expires="2026-11-02")))
    finding = only(found)
    assert (finding.rule, finding.level, finding.line, finding.column) == ("waiver/expired", LintLevel.ERROR, 8, 5)
    assert "it expired on 2026-11-02" in finding.message
    assert found.exit_code == 1


def test_a_waiver_of_the_class_that_cannot_be_waived_is_an_error(program: Program) -> None:
    finding = only(linted(program(entry("authz.scope-enforced"))))
    assert finding.rule == "waiver/not-waivable"
    assert "a check of the area authz" in finding.message


def test_each_of_those_that_are_over_budget_is_told_and_only_of_the_partner_that_has_too_many(program: Program) -> None:
    entries = [entry("page.walk-complete"), entry("page.walk-complete", "globex"), entry("error.no-internals-leaked")]
    found = linted(program(*entries))
    assert [(item.rule, item.line) for item in found.findings] == [
        ("waiver/over-budget", 3),
        ("waiver/over-budget", 17),
    ]
    assert "2 waivers are brought for first and its budget is 1" in found.findings[0].message


def test_mistakes_of_form_are_told_together_with_the_rest(program: Program) -> None:
    found = linted(program(entry("page.*"), entry("page.walk-complete", expires="2026-11-02")))
    assert [item.rule for item in found.findings] == ["waiver/over-broad", "waiver/expired"]


def test_a_waiver_of_what_no_criterion_binds_is_a_warning_and_fails(program: Program) -> None:
    found = linted(program(entry("idem.replay-returns-same")))
    assert (only(found).rule, found.exit_code) == ("waiver/not-bound", 1)


def test_a_waiver_that_ends_soon_is_a_note_and_does_not_fail(program: Program) -> None:
    found = linted(program(entry("page.walk-complete", expires="2026-11-04")))
    assert (only(found).rule, found.exit_code) == ("waiver/expires-soon", 0)
    assert "it ends tomorrow" in only(found).message


def test_a_broken_playbook_is_told_and_nothing_is_blamed_that_stands_on_it(program: Program) -> None:
    folder = program(entry("page.walk-complete", expires="2026-11-02"), playbook=PLAYBOOK.replace("walk-", "wlk-"))
    finding = only(linted(folder))
    assert (finding.rule, finding.line, finding.column) == ("playbook/unknown-check", 14, 7)
    assert "did you mean 'page.walk-complete'?" in finding.message


def test_a_misspelt_area_would_protect_nothing_and_is_refused(program: Program) -> None:
    finding = only(linted(program(playbook=PLAYBOOK.replace("[authz]", "[auhtz]"))))
    assert (finding.rule, finding.line) == ("playbook/unknown-area", 7)


def test_a_misspelt_approving_role_is_refused(program: Program) -> None:
    finding = only(linted(program(playbook=PLAYBOOK.replace("roles: [engineer], never", "roles: [enginer], never"))))
    assert (finding.rule, finding.line) == ("playbook/unknown-role", 7)


def test_an_unreadable_file_is_exit_code_two(program: Program, tmp_path: Path) -> None:
    program()
    (tmp_path / "waivers.yaml").write_text("schema: [\n")
    found = linted(tmp_path)
    assert (only(found).rule, found.exit_code) == ("waiver/unreadable", 2)


def test_without_a_program_there_is_nothing_to_lint(tmp_path: Path) -> None:
    with pytest.raises(ProgramError):
        linted(tmp_path / "nowhere")


# — what a partner brings —

PROFILE = """\
schema: certify/partner/1
id: acme
name: Acme
target: {base_url: "http://127.0.0.1:8000"}
sign_in: {kind: client_credentials, token_url: "http://127.0.0.1:8000/oauth/token"}
identities:
  primary: {tenant: acme, client_secret: {env: NOT_SET_ANYWHERE}}
"""


def test_a_profile_is_looked_at_without_its_secrets_being_there(program: Program, tmp_path: Path) -> None:
    (tmp_path / "partner.yaml").write_text(PROFILE)
    assert not linted(program(), partner=tmp_path / "partner.yaml").findings


def test_a_mistake_of_the_profile_is_told_beside_those_of_the_program(program: Program, tmp_path: Path) -> None:
    (tmp_path / "partner.yaml").write_text(PROFILE.replace("tenant:", "tennant:"))
    found = linted(program(entry("page.walk-complete", expires="2026-11-02")), partner=tmp_path / "partner.yaml")
    assert [item.rule for item in found.findings] == ["partner/unknown-member", "waiver/expired"]


def test_answers_are_held_against_the_partner(program: Program, tmp_path: Path) -> None:
    (tmp_path / "partner.yaml").write_text(PROFILE)
    (tmp_path / "said.yaml").write_text("schema: certify/answers/1\npartner: globex\nanswers: []\n")
    found = linted(program(), partner=tmp_path / "partner.yaml", answers=tmp_path / "said.yaml")
    assert only(found).rule == "answers/other-partner"


def test_a_partners_own_answers_in_a_role_of_others_are_a_finding(program: Program, tmp_path: Path) -> None:
    signed = "      - {id: terms, statement: Terms are signed., kind: attested, role: lawyer}\n"
    said = "{criterion: terms, role: lawyer, name: Bob, date: 2026-10-01, met: true, statement: Yes.}"
    (tmp_path / "partner.yaml").write_text(f"{PROFILE}answers: said.yaml\n")
    (tmp_path / "said.yaml").write_text(f"schema: certify/answers/1\npartner: acme\nanswers:\n  - {said}\n")
    folder, profile = program(playbook=PLAYBOOK + signed), tmp_path / "partner.yaml"

    assert only(linted(folder, partner=profile)).rule == "answers/not-the-partners"
    assert not linted(folder, partner=profile, answers=tmp_path / "said.yaml").findings
    ours = PLAYBOOK.replace("certification:", "partner_roles: [lawyer]\ncertification:")
    assert not linted(program(playbook=ours + signed), partner=profile).findings


def test_a_suite_that_cannot_be_imported_is_a_finding_and_what_needs_it_is_not_blamed(
    program: Program, tmp_path: Path
) -> None:
    (tmp_path / "suites").mkdir()
    (tmp_path / "suites/test_mine.py").write_text("import nothing_of_that_name\n")
    found = linted(program(entry("mine.check")))
    assert [item.rule for item in found.findings] == ["suites/invalid"]


# — what runs say —


def a_run(place: Path, *outcomes: Outcome, started: float = NOW) -> Path:
    """A recorded run of acme in which the named checks ended so."""
    plan = a_plan(a_milestone("first", a_criterion("pages", *(item.check for item in outcomes))))
    checks = tuple(PlannedCheck(a_check(item.check)) for item in outcomes)
    rundir = RunDirectory.create(place, replace(plan, checks=checks, started=started, run_id=place.name))
    writer = Writer(place / OUTCOMES, "suites")
    for item in outcomes:
        writer.append(encode(item))
    writer.close()
    rundir.seal(started + 1)
    return place


def test_a_waiver_that_the_newest_run_did_not_need_is_unused(program: Program, tmp_path: Path) -> None:
    folder = program(entry("page.walk-complete"))
    a_run(tmp_path / "reports/acme/1", failed("page.walk-complete"))
    a_run(tmp_path / "reports/acme/2", passed("page.walk-complete"), started=NOW + 60)
    finding = only(linted(folder, reports=tmp_path / "reports"))
    assert (finding.rule, finding.level) == ("waiver/unused", LintLevel.WARNING)
    assert "'page.walk-complete' passed in run 2" in finding.message


@pytest.mark.parametrize("layout", ["{run}", "acme/{run}", "nightly/team/acme/{run}"])
def test_runs_are_found_however_the_reports_are_laid_out(layout: str, program: Program, tmp_path: Path) -> None:
    folder = program(entry("page.walk-complete"))
    a_run(tmp_path / "reports" / layout.format(run="99-1-abc"), failed("page.walk-complete"))
    a_run(tmp_path / "reports" / layout.format(run="100-1-abc"), passed("page.walk-complete"), started=NOW + 60)
    finding = only(linted(folder, reports=tmp_path / "reports"))
    assert finding.rule == "waiver/unused"
    assert "passed in run 100-1-abc" in finding.message


def test_a_waiver_whose_check_did_not_apply_is_unused(program: Program, tmp_path: Path) -> None:
    folder = program(entry("page.walk-complete"))
    a_run(tmp_path / "reports/1", replace(passed("page.walk-complete"), status="not_applicable"))
    finding = only(linted(folder, reports=tmp_path / "reports"))
    assert finding.rule == "waiver/unused"
    assert "did not apply in run 1" in finding.message


@pytest.mark.parametrize("where", ["reports", "nothing-here"])
def test_reports_without_a_run_of_the_partner_are_told_and_fail_nothing(
    where: str, program: Program, tmp_path: Path
) -> None:
    (tmp_path / "reports").mkdir()
    report = linted(program(entry("page.walk-complete")), reports=tmp_path / where)
    assert (only(report).rule, only(report).level) == ("waiver/no-run", LintLevel.NOTE)
    assert f"no run of 'acme' lies below {tmp_path / where}" in only(report).message
    assert report.exit_code == 0


def test_a_waiver_that_the_newest_run_needed_is_used_whatever_was_before(program: Program, tmp_path: Path) -> None:
    a_run(tmp_path / "reports/acme/1", passed("page.walk-complete"))
    a_run(tmp_path / "reports/acme/2", failed("page.walk-complete"), started=NOW + 60)
    assert not linted(program(entry("page.walk-complete")), reports=tmp_path / "reports").findings


def test_a_run_of_other_checks_says_nothing_and_the_one_before_it_does(program: Program, tmp_path: Path) -> None:
    folder = program(entry("page.walk-complete"))
    runs = (
        a_run(tmp_path / "one", passed("page.walk-complete")),
        a_run(tmp_path / "two", passed("net.control-works"), started=NOW + 60),
    )
    assert only(linted(folder, runs=runs)).rule == "waiver/unused"


def test_foreign_and_damaged_files_among_the_reports_say_nothing(program: Program, tmp_path: Path) -> None:
    place = a_run(tmp_path / "reports/acme/1", passed("page.walk-complete"))
    (place / OUTCOMES).write_text('{"edited": true}\n')
    (tmp_path / "reports/acme/2").mkdir()
    (tmp_path / "reports/acme/2/run.json").write_text("[]")
    (tmp_path / "reports/notes.txt").write_text("hello")
    assert not linted(program(entry("page.walk-complete")), reports=tmp_path / "reports").findings


def test_a_partner_of_whom_nobody_heard_but_nearly_is_told(program: Program, tmp_path: Path) -> None:
    a_run(tmp_path / "reports/acme/1", failed("page.walk-complete"))
    finding = only(linted(program(entry("page.walk-complete", "acmee")), reports=tmp_path / "reports"))
    assert finding.rule == "waiver/unknown-partner"
    assert "did you mean 'acme'?" in finding.message


# — the verb —


def test_the_verb_prints_a_line_that_editors_understand_and_leaves_with_one(program: Program) -> None:
    folder = program(entry("page.walk-complete", expires="2026-11-02"))
    told = CliRunner().invoke(verb, ["--program", str(folder), "--today", "2026-11-03"])
    assert f"{folder}/waivers.yaml:8:5: error waiver/expired: " in told.output
    assert "1 error in 3 files." in told.output
    assert told.exit_code == 1


def test_as_json_it_is_one_object(program: Program) -> None:
    folder = program(entry("page.walk-complete", expires="2026-11-02"))
    told = CliRunner().invoke(verb, ["--program", str(folder), "--today", "2026-11-03", "--json"])
    found = json.loads(told.output)
    assert (found["exit_code"], found["counts"]["error"]) == (1, 1)
    assert found["findings"][0]["rule"] == "waiver/expired"


def test_as_sarif_each_finding_names_its_rule_and_region(program: Program) -> None:
    folder = program(entry("page.walk-complete", expires="2026-11-02"))
    told = CliRunner().invoke(verb, ["--program", str(folder), "--today", "2026-11-03", "--format", "sarif"])
    [result] = json.loads(told.output)["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("waiver/expired", "error")
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 8, "startColumn": 5}


def test_the_rules_can_be_listed() -> None:
    told = CliRunner().invoke(verb, ["--rules"])
    assert "waiver/over-budget (error)" in told.output
    assert told.exit_code == 0


def test_a_day_that_is_none_is_refused() -> None:
    assert CliRunner().invoke(verb, ["--today", "yesterday"]).exit_code == 2
