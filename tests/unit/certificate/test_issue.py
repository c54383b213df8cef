"""What a certificate says of a run, and which runs get none."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from certify.certificate.issue import Issuing, compose_certificate, expiry
from certify.certificate.people import DAY_S
from certify.errors import RunDirectoryError
from certify.model.certificate import DIGESTED, Certificate, CertifiedCheck, Provenance
from certify.model.codec import encode
from certify.model.outcome import Status
from certify.model.plan import Carried, Origin, Plan
from certify.model.playbook import Certification, Demand, Kind
from certify.pipeline import conclude
from certify.report import judged
from certify.rundir import CONTRACT, EXCHANGES, OUTCOMES, RUN, SEAL, RunDirectory, Writer, file_digest
from tests.unit.certificate.golden import ISSUING, NOW, STARTED, a_run
from tests.unit.facts import a_criterion, a_milestone, a_plan, failed, passed, stopped


def a_recorded_run(folder: Path, plan: Plan, *outcomes: Any) -> RunDirectory:
    """A run of that plan in which that happened, sealed and judged."""
    rundir = RunDirectory.create(folder, plan)
    writer = Writer(folder / OUTCOMES, "suites")
    for outcome in outcomes:
        writer.append(encode(outcome))
    writer.close()
    rundir.seal(plan.started + 60)
    conclude(rundir, ["json"])
    return rundir


def issued(plan: Plan) -> Issuing:
    return replace(ISSUING, now=plan.started + 3600)


def certified(folder: Path, plan: Plan, *outcomes: Any, **how: Any) -> Certificate:
    return compose_certificate(a_recorded_run(folder, plan, *outcomes), replace(issued(plan), **how))


SMALL = a_plan(a_milestone("m", a_criterion("c", "auth.x")))


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return a_run(tmp_path)


def test_it_says_what_the_report_says(run: RunDirectory) -> None:
    found, (_, report) = compose_certificate(run, ISSUING), judged(run)
    assert (found.partner, found.program, found.verdict) == (report.partner, report.program, "not_certified")
    assert [(m.id, m.verdict) for m in found.milestones] == [(m.id, m.verdict) for m in report.milestones]
    assert [check.id for check in found.checks if ":" not in check.id] == [check.id for check in report.checks]
    assert (found.run, found.started, found.issued) == (report.run.id, STARTED, NOW)
    assert (found.id, found.issuer) == (ISSUING.id, ISSUING.issuer)


def test_it_digests_every_file_that_is_there_and_what_was_tested(run: RunDirectory) -> None:
    (run.path / CONTRACT).write_text("{}")
    digests = compose_certificate(run, ISSUING).digests
    assert {name: digests[name] for name in DIGESTED} == {
        name: file_digest(run.path / file) for name, file in DIGESTED.items()
    }
    assert {"program", "playbook", "contract", "suites", "profile"} <= set(digests)


def test_the_names_of_the_files_are_those_of_the_run_directory() -> None:
    assert set(DIGESTED.values()) == {"certification.json", RUN, OUTCOMES, EXCHANGES, SEAL, CONTRACT}


def test_a_failed_run_is_certified_as_failed_and_an_unfinished_one_as_unproven(tmp_path: Path) -> None:
    assert certified(tmp_path / "failed", SMALL, failed("auth.x")).verdict == "not_certified"
    assert certified(tmp_path / "silent", SMALL).verdict == "unproven"


def test_every_attempt_is_on_it_and_a_pass_after_a_failure_is_flaky(tmp_path: Path) -> None:
    found = certified(tmp_path / "run", SMALL, failed("auth.x"), passed("auth.x", attempt=2))
    assert found.checks == (CertifiedCheck("auth.x", "passed", "", ("failed", "passed"), flaky=True),)


def test_a_check_that_nobody_reported_on_is_on_it_as_silent(tmp_path: Path) -> None:
    assert certified(tmp_path / "run", SMALL).checks == (CertifiedCheck("auth.x", "silent"),)


def test_answers_of_people_are_on_it(tmp_path: Path) -> None:
    signed, open_ = (a_criterion(name, kind=Kind.ATTESTED, role="partner-legal") for name in ("signed", "unsigned"))
    found = certified(
        tmp_path / "run", a_plan(a_milestone("m", signed, open_)), passed("answer:signed", source="answers")
    )
    assert found.checks == (
        CertifiedCheck("answer:signed", "passed", "", ("passed",)),
        CertifiedCheck("answer:unsigned", "silent"),
    )


def test_a_carried_outcome_is_marked_and_its_certificate_named(tmp_path: Path) -> None:
    plan = replace(SMALL, carried=Carried("old-certificate", "old-run", SMALL.started + DAY_S, ("auth.x",)))
    found = certified(tmp_path / "run", plan, passed("auth.x", carried="old-run"))
    assert (found.checks[0].carried, found.based_on) == ("old-run", "old-certificate")
    assert found.expires == plan.started + DAY_S


def test_what_is_carried_over_does_not_make_it_last_longer(tmp_path: Path) -> None:
    plan = replace(SMALL, carried=Carried("old", "old-run", SMALL.started + 10_000 * DAY_S))
    assert certified(tmp_path / "run", plan).expires == plan.started + 90 * DAY_S


def test_it_lasts_as_long_after_the_run_as_the_playbook_says(tmp_path: Path) -> None:
    plan = replace(SMALL, playbook=replace(SMALL.playbook, certification=Certification(valid_days=30)))
    early = certified(tmp_path / "early", plan, now=plan.started + 60)
    late = certified(tmp_path / "late", plan, now=plan.started + 20 * DAY_S)
    assert early.expires == late.expires == plan.started + 30 * DAY_S


@pytest.mark.parametrize(("state", "days"), [("used", 5), ("unneeded", 90)])
def test_it_does_not_outlive_a_waiver_that_it_stands_on(run: RunDirectory, state: str, days: int) -> None:
    from certify.model.report import ReportedWaiver

    plan, (_, report) = run.plan(), judged(run)
    midnight = plan.started // DAY_S * DAY_S
    last_day = date.fromtimestamp(midnight + 4 * DAY_S + 43_200)
    waiver = ReportedWaiver("auth.x", "known", "Ada", last_day.isoformat(), state=state)
    ends = midnight + 5 * DAY_S if state == "used" else float(int(plan.started + days * DAY_S))
    assert expiry(plan, replace(report, waivers=(waiver,)), ()) == ends


@pytest.mark.parametrize(
    ("demand", "max_age_days", "lasts"),
    [
        (Demand.REQUIRED, 40, 10),
        (Demand.PENDING, 40, 10),
        (Demand.RECOMMENDED, 40, None),
        (Demand.REQUIRED, None, None),
    ],
)
def test_it_does_not_outlive_an_answer_that_has_to_be_given_again(
    tmp_path: Path, demand: Demand, max_age_days: int | None, lasts: int | None
) -> None:
    """Thirty days old on the day of the run, of forty that it counts: ten are left, to the end of the last."""
    criterion = a_criterion(
        "signed", kind=Kind.ATTESTED, role="engineer", max_age_days=max_age_days, demand=demand,
        required_from=date(2030, 1, 1) if demand is Demand.PENDING else None,
    )  # fmt: skip
    plan = a_plan(a_milestone("m", a_criterion("c", "auth.x"), criterion))
    midnight = plan.started // DAY_S * DAY_S
    said = datetime.fromtimestamp(plan.started - 30 * DAY_S, UTC).date().isoformat()
    answered = passed("answer:signed", source="answers", answered=said)
    found = certified(tmp_path / "run", plan, passed("auth.x"), answered)

    assert next(check.answered for check in found.checks if check.id == "answer:signed") == said
    assert found.expires == (midnight + (lasts + 1) * DAY_S if lasts else plan.started + 90 * DAY_S)


def test_a_run_too_old_to_be_certified_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunDirectoryError, match="would have expired on 2027"):
        certified(tmp_path / "run", SMALL, now=SMALL.started + 91 * DAY_S)


def test_a_run_of_tomorrow_is_refused_and_a_clock_that_is_off_by_little_is_not(tmp_path: Path) -> None:
    assert certified(tmp_path / "near", SMALL, now=SMALL.started - 30)
    with pytest.raises(RunDirectoryError, match="in the future"):
        certified(tmp_path / "far", SMALL, now=SMALL.started - 90)


def test_a_laptop_practises_and_a_recognised_ci_system_or_a_named_key_claims_more(tmp_path: Path) -> None:
    in_ci = replace(SMALL, origin=Origin("gitlab-ci", {"job": "certify"}))
    assert certified(tmp_path / "laptop", SMALL).provenance is Provenance.PRACTICE
    assert certified(tmp_path / "ci", in_ci).provenance is Provenance.GATED
    assert certified(tmp_path / "key", SMALL, gated=True).provenance is Provenance.GATED
    assert certified(tmp_path / "told", in_ci).origin == in_ci.origin


# — runs that get none —


def test_without_its_seal_it_gets_none(run: RunDirectory) -> None:
    (run.path / SEAL).unlink()
    conclude(run)
    with pytest.raises(RunDirectoryError, match="did not finish"):
        compose_certificate(run, ISSUING)


@pytest.mark.parametrize("file", [RUN, OUTCOMES, EXCHANGES, SEAL])
def test_a_damaged_one_gets_none(run: RunDirectory, file: str) -> None:
    (run.path / file).write_bytes((run.path / file).read_bytes()[:-3])
    with pytest.raises(RunDirectoryError, match=file):
        compose_certificate(run, ISSUING)


def test_one_whose_plan_was_edited_gets_none(run: RunDirectory) -> None:
    (run.path / RUN).write_bytes((run.path / RUN).read_bytes().replace(b"S0", b"S1", 1))
    with pytest.raises(RunDirectoryError, match="changed after the run was sealed"):
        compose_certificate(run, ISSUING)


def test_a_report_that_says_something_else_than_judging_does_gets_none(run: RunDirectory) -> None:
    report = run.path / "certification.json"
    report.write_text(report.read_text().replace('"not_certified"', '"certified"'))
    with pytest.raises(RunDirectoryError, match="not what judging this run gives") as refused:
        compose_certificate(run, ISSUING)
    assert "certify judge" in refused.value.advice[0]
    conclude(run)
    assert compose_certificate(run, ISSUING).verdict == "not_certified"


def test_a_run_that_was_never_judged_gets_none(run: RunDirectory) -> None:
    (run.path / "certification.json").unlink()
    with pytest.raises(RunDirectoryError, match="no report to sign"):
        compose_certificate(run, ISSUING)


@pytest.mark.parametrize(("version", "newer"), [("0.0.9", False), ("0.1.0", False), ("0.10.0", True), ("1.0.0", True)])
def test_a_run_of_a_newer_certify_gets_none(tmp_path: Path, version: str, newer: bool) -> None:
    plan = replace(SMALL, versions={"certify": version})
    rundir = a_recorded_run(tmp_path / "run", plan)
    if not newer:
        assert compose_certificate(rundir, issued(plan)).versions == {"certify": version}
        return
    with pytest.raises(RunDirectoryError, match=f"certify {version}, which is newer"):
        compose_certificate(rundir, issued(plan))


# — earlier runs —


def test_runs_beside_it_are_named_with_their_verdicts(tmp_path: Path) -> None:
    first = replace(SMALL, run_id="first", started=SMALL.started - 200)
    second = replace(SMALL, run_id="second", started=SMALL.started - 100)
    a_recorded_run(tmp_path / "b", second, stopped("auth.x", Status.INCONCLUSIVE))
    a_recorded_run(tmp_path / "c", first, failed("auth.x"))
    found = certified(tmp_path / "a", SMALL, passed("auth.x"))
    assert [(item.run, item.verdict) for item in found.earlier] == [("first", "not_certified"), ("second", "unproven")]


@pytest.mark.parametrize("started", ["1" + "0" * 400, "1e999", "null", "[]"])
def test_a_neighbour_with_a_strange_time_keeps_nobody_from_signing(tmp_path: Path, started: str) -> None:
    (tmp_path / "odd").mkdir()
    plan = f'{{"partner": {{"id": "{SMALL.partner.id}"}}, "run_id": "odd", "started": {started}}}'
    (tmp_path / "odd" / RUN).write_text(plan)
    assert certified(tmp_path / "run", SMALL).earlier == ()


def test_foreign_folders_and_files_beside_it_are_passed_over(tmp_path: Path) -> None:
    other = replace(SMALL, partner=replace(SMALL.partner, id="other"))
    a_recorded_run(tmp_path / "other", other, passed("auth.x"))
    (tmp_path / "notes.txt").write_text("run.json")
    (tmp_path / "empty").mkdir()
    for number, text in enumerate(["", "[]", "{}", '{"partner": 1}', "\x00", "[" * 100_000]):
        (tmp_path / f"foreign-{number}").mkdir()
        (tmp_path / f"foreign-{number}" / "run.json").write_text(text)
    assert certified(tmp_path / "run", SMALL).earlier == ()


def test_a_link_to_a_run_is_no_run(tmp_path: Path) -> None:
    rundir = a_recorded_run(tmp_path / "run", SMALL, passed("auth.x"))
    (tmp_path / "latest").symlink_to(rundir.path)
    assert compose_certificate(rundir, issued(SMALL)).earlier == ()


def test_a_run_that_nobody_judged_is_named_all_the_same(tmp_path: Path) -> None:
    earlier = a_recorded_run(tmp_path / "earlier", replace(SMALL, run_id="earlier"))
    (earlier.path / "certification.json").unlink()
    assert [item.verdict for item in certified(tmp_path / "run", SMALL).earlier] == ["not-judged"]


def test_of_hundreds_the_newest_are_named(tmp_path: Path) -> None:
    first = a_recorded_run(tmp_path / "run-0000", replace(SMALL, run_id="run-0000")).path
    for number in range(1, 61):
        copy = Path(shutil.copytree(first, tmp_path / f"run-{number:04}"))
        plan = json.loads((copy / RUN).read_bytes())
        plan |= {"run_id": copy.name, "started": SMALL.started + number}
        (copy / RUN).write_text(json.dumps(plan))
    names = [item.run for item in certified(tmp_path / "this", SMALL).earlier]
    assert names == [f"run-{number:04}" for number in range(11, 61)]
