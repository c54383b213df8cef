"""A playbook is loaded whole, or refused with every problem, its line and the nearest valid name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from certify.errors import Problem, ProgramError
from certify.model.playbook import Kind, Playbook, Threshold
from certify.program.playbook import load_playbook
from tests.unit.program.conftest import PLAYBOOK

Spoil = Callable[..., Sequence[Problem]]


def test_a_right_playbook_becomes_data(playbook: Playbook) -> None:
    assert [milestone.id for milestone in playbook.milestones] == ["connectivity", "launch"]
    latency = playbook.milestones[1].criteria[2]
    assert latency.kind is Kind.METRIC
    assert latency.threshold == Threshold("p95_ms", "<=", 800.0)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("owner: engineer", "ownr: engineer", 13, "unknown member 'ownr'; did you mean 'owner'?"),
        ("certify/playbook/1", "certify/playbook/7", 1, "unknown version 'certify/playbook/7' of a playbook"),
        ("certify/playbook/1", "certify/partner/1", 1, "this is a partner profile, not a playbook"),
        ("business_days: 3", "business_days: soon", 14, "must be a whole number, but is the text 'soon'"),
        ("business_days: 3", "business_days: 0", 14, "0 is less than 1"),
        ('version: "1"', "version: 1", 4, "must be a text, but is the number 1"),
        ("kind: attested", "kind: atested", 28, "'atested' is not known here; did you mean 'attested'?"),
        ("[net.control-works]", "[net.control-work]", 19, "unknown check 'net.control-work'; did you mean"),
        ("[net.control-works]", "[net.*]", 19, "unknown check 'net.*'"),
        ("after: [connectivity]", "after: [conectivity]", 24, "unknown milestone 'conectivity'; did you mean"),
        ("after: [connectivity]", "after: [launch]", 24, "milestones wait for each other: launch → launch"),
        ("- id: launch", "- id: connectivity", 20, "milestone 'connectivity' is there twice; the first is on line 11"),
        ("- id: runbook", "- id: terms", 30, "criterion 'terms' is there twice; the first is on line 26"),
        ("owner: lawyer", "owner: lawer", 22, "unknown role 'lawer'; did you mean 'lawyer'?"),
        ("role: lawyer", "role: lawyr", 29, "unknown role 'lawyr'; did you mean 'lawyer'?"),
        ("contacts:", "partner_roles: [enginer]\ncontacts:", 6, "unknown role 'enginer'; did you mean 'engineer'?"),
        ("contact: Desk", "contact: Dask", 9, "unknown contact or role 'Dask'; did you mean 'Desk'?"),
        ("        checks: [net.control-works]\n", "", 16, "an automated criterion needs checks"),
        ("        role: lawyer\n", "", 26, "a criterion of kind attested needs a role"),
        ("role: lawyer", "role: lawyer\n        checks: [net.control-works]", 30, "checks do not decide"),
        ("role: lawyer", "role: lawyer\n        threshold: {metric: x, operator: <, value: 1}", 30, "only for metrics"),
        ("        threshold: {metric: p95_ms", "        # {metric: p95_ms", 34, "a metric criterion needs a threshold"),
        ("role: lawyer", "role: lawyer\n        demand: pending", 26, "a pending criterion needs required_from"),
        ("role: lawyer", "role: lawyer\n        required_from: 2027-06-01", 30, "only for pending"),
        (
            "role: lawyer",
            "demand: pending\n        required_from: 2027-02-30\n        role: lawyer",
            30,
            "a date: YYYY",
        ),
        ("milestones:", "never_waivable: [net.control]\nmilestones:", 10, "unknown check 'net.control'"),
        ("desk@platform.example", "desk", 7, "'desk' does not fit"),
        ('"<="', '"=<"', 38, "'=<' is not known here"),
    ],
)
def test_each_mistake_is_told_with_its_line_and_the_nearest_name(
    spoil_playbook: Spoil, old: str, new: str, line: int, message: str
) -> None:
    [problem] = spoil_playbook(old, new)
    assert message in problem.message
    assert problem.line == line


def test_all_mistakes_of_a_file_are_told_at_once_in_the_order_of_lines(spoil_playbook: Spoil) -> None:
    first = "    title: Connectivity\n    owner: engineer\n    business_days: 3"
    found = spoil_playbook(first, "    titel: Connectivity\n    owner: enginer\n    business_days: three")
    assert [problem.line for problem in found] == [12, 13, 14]
    assert [problem.message.partition(";")[0] for problem in found][:2] == [
        "unknown member 'titel'",
        "unknown role 'enginer'",
    ]


def test_an_unknown_version_says_which_are_known_and_nothing_else(spoil_playbook: Spoil) -> None:
    [problem] = spoil_playbook("certify/playbook/1\nid: small", "certify/playbook/2\nidd: small")
    assert problem.advice == "known versions: certify/playbook/1"


def test_a_milestone_without_criteria_is_refused(spoil_playbook: Spoil) -> None:
    criteria = """    criteria:
      - id: answers
        statement: It answers.
        kind: automated
        checks: [net.control-works]
"""
    assert spoil_playbook(criteria, "    criteria: []\n")[0].message == "must not be empty"
    assert spoil_playbook(criteria, "")[0].message == "member 'criteria' is missing"


def test_a_milestone_that_requires_nothing_is_refused(spoil_playbook: Spoil) -> None:
    [problem] = spoil_playbook("kind: automated", "kind: automated\n        demand: recommended")
    assert problem.message == "milestone 'connectivity' requires nothing, so it would certify nothing"
    assert problem.line == 15


def test_a_circle_of_milestones_is_told_once(spoil_playbook: Spoil) -> None:
    found = spoil_playbook("    business_days: 3", "    business_days: 3\n    after: [launch]")
    assert [problem.message for problem in found] == [
        "milestones wait for each other: connectivity → launch → connectivity"
    ]


def test_milestones_come_back_after_those_they_wait_for(tmp_path: Path, playbook: Playbook) -> None:
    text = (tmp_path / "file.yaml").read_text().replace("    after: [connectivity]\n", "")
    (tmp_path / "file.yaml").write_text(
        text.replace("    business_days: 3", "    business_days: 3\n    after: [launch]")
    )
    turned = load_playbook(tmp_path / "file.yaml", ["net.control-works"])
    assert [milestone.id for milestone in turned.milestones] == ["launch", "connectivity"]


def test_a_protected_check_makes_its_criterion_unwaivable(tmp_path: Path, playbook: Playbook) -> None:
    assert playbook.milestones[0].criteria[0].waivable
    text = (tmp_path / "file.yaml").read_text()
    (tmp_path / "file.yaml").write_text(text + "never_waivable: [net.control-works]\n")
    guarded = load_playbook(tmp_path / "file.yaml", ["net.control-works"])
    assert not guarded.milestones[0].criteria[0].waivable
    assert guarded.milestones[1].criteria[0].waivable


def test_waivable_cannot_be_claimed_for_a_protected_check(spoil_playbook: Spoil) -> None:
    new = "milestones:\n  - {id: m, title: M, owner: engineer, business_days: 1, criteria: [{id: c, statement: S., "
    new += "kind: automated, checks: [net.control-works], waivable: true}]}\nnever_waivable: [net.control-works]\nx:"
    found = spoil_playbook("milestones:", new)
    assert "it binds 'net.control-works', which nobody can waive" in " ".join(problem.message for problem in found)


def test_a_missing_playbook_is_a_program_error(tmp_path: Path) -> None:
    with pytest.raises(ProgramError) as caught:
        load_playbook(tmp_path / "playbook.yaml", [])
    assert caught.value.problems[0].message == "there is no such file"


def test_waivable_cannot_be_claimed_for_a_check_of_a_protected_area(spoil_playbook: Spoil) -> None:
    area = "certification: {waivers: {never: {areas: [net]}}}\nmilestones:"
    old, new = "        checks: [net.control-works]\n", "        checks: [net.control-works]\n        waivable: true\n"
    text = PLAYBOOK.replace("milestones:", area, 1)
    [problem] = spoil_playbook(PLAYBOOK, text.replace(old, new))
    assert (problem.rule, problem.path) == ("protected", "milestones[0].criteria[0].waivable")
