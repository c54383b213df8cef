"""A criterion is explained as the playbook has it that the reader was judged by."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from certify.cli.explain import verb
from certify.explain import load_catalogue
from certify.model.plan import ContractFacts, PartnerFacts, Plan, PlannedCheck, Selection
from certify.program.program import BASELINE
from certify.rundir import RunDirectory

SHARED = "answers-as-documented"
OURS = "Playbook   Partner integration playbook"
ANYBODYS = "Playbook   Baseline for any HTTP API"


def told(*arguments: str) -> str:
    done = CliRunner().invoke(verb, list(arguments))
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split("\n"))


def recorded(path: Path) -> Path:
    """The directory of a run that was judged by the baseline playbook."""
    playbook, checks = load_catalogue(Path(BASELINE))
    partner = PartnerFacts("acme", "Acme", "http://127.0.0.1:1", "sandbox")
    planned = tuple(map(PlannedCheck, checks.values()))
    plan = Plan("run", partner, playbook, ContractFacts("", "", "", "", ()), planned, Selection(), 7, 10, 0.0)
    return RunDirectory.create(path, plan).path


def test_a_name_that_playbooks_share_is_explained_as_each_has_it() -> None:
    text = told(SHARED)

    assert text.index(OURS) < text.index(ANYBODYS)


def test_a_run_is_explained_by_the_playbook_that_judged_it(tmp_path: Path) -> None:
    text = told(SHARED, "--run", str(recorded(tmp_path / "run")))

    assert ANYBODYS in text
    assert OURS not in text


def test_a_named_program_speaks_alone() -> None:
    assert OURS not in told(SHARED, "--program", BASELINE)


def test_the_criteria_of_a_check_come_with_their_playbooks() -> None:
    assert "Criteria   answers-as-documented (partner-integration), answers-as-documented (baseline)" in told(
        "contract.schema-valid"
    )


def test_a_check_that_sends_nothing_says_so() -> None:
    assert "Costs      no requests" in told("contract.schema-valid")


def test_a_program_and_a_run_exclude_each_other(tmp_path: Path) -> None:
    done = CliRunner().invoke(verb, [SHARED, "--program", BASELINE, "--run", str(tmp_path)])

    assert done.exit_code == 2
    assert "exclude each other" in done.output
