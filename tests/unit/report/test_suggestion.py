"""The waiver for a failure, ready to be argued about: what a machine knows is there, and lint refuses the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from certify.errors import ProgramError
from certify.model.codec import encode
from certify.model.outcome import Finding, Outcome, Status
from certify.model.plan import Plan
from certify.model.playbook import Certification, NeverWaivable, Waiver, WaiverRules
from certify.model.report import Report
from certify.program.placeholder import PLACEHOLDER
from certify.program.waivers import QUESTION, load_waivers
from certify.report import judged
from certify.report.suggestion import document, suggestions
from certify.rundir import OUTCOMES, RunDirectory, Writer
from tests.unit.facts import a_criterion, a_milestone, a_plan, a_waiver, failed, passed

TODAY = date(2026, 11, 3)
REASON = "The pager is replaced in December; nothing that reads pages goes live before that."
FIRST = a_milestone("first", a_criterion("works", "a.one", "a.two"), a_criterion("safe", "authz.read"))
RULES = WaiverRules(budget=2, max_days=60, roles=("engineer",), never=NeverWaivable(areas=("authz",)))


def recorded(
    place: Path, *outcomes: Outcome, rules: WaiverRules = RULES, waivers: tuple[Waiver, ...] = ()
) -> tuple[Plan, Report]:
    plan = a_plan(FIRST, waivers=waivers)
    playbook = replace(plan.playbook, roles=("engineer", "lawyer"), certification=Certification(waivers=rules))
    rundir = RunDirectory.create(place, replace(plan, playbook=playbook))
    writer = Writer(place / OUTCOMES, "suites")
    for outcome in outcomes:
        writer.append(encode(outcome))
    writer.close()
    rundir.seal(plan.started + 1)
    return rundir.plan(), judged(rundir)[1]


ALL_BUT_ONE = (failed("a.one"), passed("a.two"), passed("authz.read"))


def suggested(place: Path, *outcomes: Outcome, **details: object) -> str:
    plan, report = recorded(place, *(outcomes or ALL_BUT_ONE), **details)  # type: ignore[arg-type]
    return document(plan, suggestions(plan, report, TODAY))


def test_what_a_machine_knows_is_filled_in(tmp_path: Path) -> None:
    [entry] = yaml.safe_load(suggested(tmp_path / "run"))["waivers"]
    assert (entry["check"], entry["partner"]) == ("a.one", "acme")
    assert (entry["granted"], entry["expires"]) == (TODAY, date(2027, 1, 2))


def test_evidence_stands_in_comments_and_names_run_finding_budget_and_roles(tmp_path: Path) -> None:
    text = suggested(tmp_path / "run")
    for told in (
        "run 20261103-100000-abcd",
        "# F1: expected 401, got 200 OK",
        "Budget of first: 0 of 2 taken",
        "engineer",
    ):
        assert told in text, told


def test_lint_refuses_it_until_each_gap_is_written(tmp_path: Path) -> None:
    plan, report = recorded(tmp_path / "run", *ALL_BUT_ONE)
    file = tmp_path / "waivers.yaml"
    file.write_text(document(plan, suggestions(plan, report, TODAY)))
    checks = {item.check.id: item.check for item in plan.checks}
    with pytest.raises(ProgramError) as caught:
        load_waivers(file, plan.playbook, checks, TODAY)
    assert {(problem.rule, problem.path.split(".", 1)[1]) for problem in caught.value.problems} == {
        *(("unwritten", name) for name in ("reason", "approver.name", "approver.role", "link")),
    }
    written = (
        file.read_text().replace(f"role: {PLACEHOLDER}", "role: engineer").replace(f"{PLACEHOLDER} {QUESTION}", REASON)
    )
    written = written.replace(PLACEHOLDER, "Ada")
    file.write_text(written)
    [waiver] = load_waivers(file, plan.playbook, checks, TODAY)
    assert (waiver.check, waiver.role) == ("a.one", "engineer")


def test_a_check_that_nobody_can_waive_has_a_reason_and_nothing_to_paste(tmp_path: Path) -> None:
    plan, report = recorded(tmp_path / "run", passed("a.one"), passed("a.two"), failed("authz.read"))
    [told] = suggestions(plan, report, TODAY)
    assert told.entry == ()
    assert told.refusal == "the playbook lets nobody waive a check of the area authz"
    assert document(plan, [told]) == ""


def test_a_check_that_did_not_fail_has_nothing_to_be_excused(tmp_path: Path) -> None:
    plan, report = recorded(tmp_path / "run", *ALL_BUT_ONE)
    [told] = suggestions(plan, report, TODAY, ["a.two"])
    assert "it did not fail" in told.refusal


def test_doubt_is_no_failure_and_is_not_suggested(tmp_path: Path) -> None:
    plan, report = recorded(tmp_path / "run", Outcome("a.one", Status.ERRORED), passed("a.two"), passed("authz.read"))
    assert suggestions(plan, report, TODAY) == ()


def test_one_that_would_exceed_the_budget_says_that_none_would_count(tmp_path: Path) -> None:
    rules = replace(RULES, budget=1)
    assert "With this one none of them would count" in suggested(
        tmp_path / "a", rules=rules, waivers=(a_waiver("a.two"),)
    )


def test_without_a_bound_it_runs_for_a_month(tmp_path: Path) -> None:
    [entry] = yaml.safe_load(suggested(tmp_path / "run", rules=WaiverRules()))["waivers"]
    assert (entry["expires"] - TODAY).days == 30


@pytest.mark.parametrize("text", ["200\n  - check: a.two", "x # y\x1b[31m", "\u2028waivers: []", "'\"{}[]:"])
def test_what_a_partner_sent_stays_in_its_comment(tmp_path: Path, text: str) -> None:
    found = Finding("401", text, exchanges=())
    hostile = replace(failed("a.one"), findings=(found,))
    told = suggested(tmp_path / "run", hostile, *ALL_BUT_ONE[1:])
    assert [entry["check"] for entry in yaml.safe_load(told)["waivers"]] == ["a.one"]
    assert "\x1b" not in told


@pytest.mark.parametrize("partner", ["1", "1.5", "null", "no", "1e3", "2026-11-03"])
def test_a_partner_is_written_so_that_yaml_reads_its_id(tmp_path: Path, partner: str) -> None:
    plan, report = recorded(tmp_path / "run", *ALL_BUT_ONE)
    plan = replace(plan, partner=replace(plan.partner, id=partner))
    [entry] = yaml.safe_load(document(plan, suggestions(plan, report, TODAY)))["waivers"]
    assert entry["partner"] == partner


def test_the_report_names_the_command_where_a_waiver_can_be_had_and_the_reason_where_not(tmp_path: Path) -> None:
    _, report = recorded(tmp_path / "run", failed("a.one"), passed("a.two"), failed("authz.read"))
    told = {finding.check: (finding.argue, finding.unwaivable) for finding in report.findings}
    assert told["a.one"] == ("certify waivers suggest RUN_DIR a.one", "")
    assert told["authz.read"] == ("", "the playbook lets nobody waive a check of the area authz")


def test_a_certified_run_says_in_its_summary_that_it_stands_on_a_waiver(tmp_path: Path) -> None:
    _, report = recorded(tmp_path / "run", *ALL_BUT_ONE, waivers=(a_waiver("a.one"),))
    assert report.summary == "The milestone is certified, with 1 waiver: a.one may fail until 2026-12-31."
    assert [item.state for item in report.waivers] == ["used"]
    assert report.findings[0].argue == ""
