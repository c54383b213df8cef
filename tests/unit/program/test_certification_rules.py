"""The section ``certification`` of a playbook: names exist, nothing is said twice, and demands can be fulfilled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from certify.errors import Problem
from certify.model.playbook import ApprovalRule, Certification, EnvironmentRule, Playbook
from certify.program.playbook import load_playbook
from certify.program.program import find_program

Spoil = Callable[..., Sequence[Problem]]

SECTION = """\
certification:
  valid_days: 180
  environments:
    - {id: staging, provenance: practice}
    - {id: production}
  approvals:
    - {milestone: launch, roles: [engineer, lawyer], people: 2}
  grace: {expired_days: 14}
  changes:
    - {kind: breaking, notice_days: 90}
  waivers: {budget: 2, budgets: {launch: 1}}
milestones:
"""


def spoiled(spoil_playbook: Spoil, old: str, new: str) -> Sequence[Problem]:
    assert old in SECTION
    return spoil_playbook("milestones:\n", SECTION.replace(old, new))


def test_without_the_section_the_defaults_hold(playbook: Playbook) -> None:
    assert playbook.certification == Certification()
    assert playbook.certification.valid_days == 90
    assert playbook.certification.environments == ()


def test_a_right_section_becomes_data(tmp_path: Path, playbook: Playbook) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(file.read_text().replace("milestones:\n", SECTION, 1))
    found = load_playbook(file, None).certification
    assert found.environments[1] == EnvironmentRule("production", provenance="gated", revocation_list=False)
    assert found.approvals == (ApprovalRule("launch", ("engineer", "lawyer"), 2),)
    assert found.waivers.budgets == {"launch": 1}


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("milestone: launch", "milestone: lunch", 16, "unknown milestone 'lunch'; did you mean 'launch'?"),
        ("[engineer, lawyer]", "[engineer, lawer]", 16, "unknown role 'lawer'; did you mean 'lawyer'?"),
        ("people: 2", "people: 3", 16, "3 different people cannot approve, because each of the 2 roles approves once"),
        ("id: production", "id: staging", 14, "environment 'staging' is there twice; the first is on line 13"),
        ("provenance: practice", "provenance: practise", 13, "'practise' is not known here; did you mean 'practice'?"),
        ("kind: breaking", "kind: braking", 19, "'braking' is not known here; did you mean 'breaking'?"),
        ("{launch: 1}", "{lanch: 1}", 20, "unknown milestone 'lanch'; did you mean 'launch'?"),
        ("expired_days: 14", "expired_days: 200", 17, "a grace of 200 days is longer than the 180 for which"),
        ("valid_days: 180", "valid_day: 180", 11, "unknown member 'valid_day'; did you mean 'valid_days'?"),
        (
            "    - {kind: breaking, notice_days: 90}\n",
            "    - {kind: breaking}\n    - {kind: breaking}\n",
            20,
            "change rule for kind 'breaking' is there twice",
        ),
        (
            "  grace:",
            "    - {milestone: launch, roles: [engineer]}\n  grace:",
            17,
            "approval rule for milestone 'launch' is there twice",
        ),
    ],
)
def test_each_mistake_is_told_with_its_line(spoil_playbook: Spoil, old: str, new: str, line: int, message: str) -> None:
    [problem] = spoiled(spoil_playbook, old, new)
    assert message in problem.message
    assert problem.line == line


def test_values_of_a_wrong_type_are_told_once_and_upset_no_rule(spoil_playbook: Spoil) -> None:
    wrong = "certification: {environments: 3, approvals: [7], grace: [], waivers: {budgets: []}, valid_days: soon}\n"
    found = spoil_playbook("milestones:\n", wrong + "milestones:\n")
    assert len(found) == 5
    assert {problem.line for problem in found} == {10}


@pytest.mark.parametrize("name", ["reference", "baseline"])
def test_production_of_the_built_in_playbooks_takes_no_practice_and_needs_a_revocation_list(name: str) -> None:
    playbook = load_playbook(find_program(Path(name)).playbook, None)
    rules = {rule.id: rule for rule in playbook.certification.environments}
    assert rules["production"] == EnvironmentRule("production", "gated", revocation_list=True)
    assert rules["staging"].provenance == "practice"


def test_a_playbook_can_be_read_without_the_suites(tmp_path: Path, playbook: Playbook) -> None:
    assert load_playbook(tmp_path / "file.yaml", None) == playbook
