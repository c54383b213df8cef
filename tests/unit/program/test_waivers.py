"""Waivers are loaded whole, or refused with every problem, its line and the nearest valid name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from certify.errors import Problem, ProgramError
from certify.model.playbook import Playbook, WaiverRules
from certify.program.placeholder import PLACEHOLDER
from certify.program.program import Program, find_program
from certify.program.waivers import QUESTION, load_waivers
from tests.unit.facts import a_check
from tests.unit.program.conftest import CHECKS, PLAYBOOK, WAIVERS, problems

TODAY = date(2026, 11, 3)
KNOWN = {name: a_check(name) for name in CHECKS} | {
    "page.ends": a_check("page.ends", formerly=("page.walk-ends",)),
}
Spoil = Callable[[str, str], Sequence[Problem]]


@pytest.fixture
def rules(playbook: Playbook) -> Playbook:
    """The small playbook, in which only an engineer may approve, for ninety days at most."""
    waivers = WaiverRules(max_days=90, roles=("engineer",))
    return replace(playbook, certification=replace(playbook.certification, waivers=waivers))


@pytest.fixture
def spoil(rules: Playbook, write: Callable[..., Path]) -> Spoil:
    """Replace one text of the file by another; what is it refused with?"""
    return lambda old, new: problems(lambda: load_waivers(write(WAIVERS, old, new), rules, KNOWN, TODAY))


def test_a_right_file_becomes_data(rules: Playbook, write: Callable[..., Path]) -> None:
    [waiver] = load_waivers(write(WAIVERS), rules, KNOWN, TODAY)
    assert (waiver.check, waiver.partner, waiver.approver, waiver.role) == (
        *("page.walk-complete", "acme"),
        *("Ada Byron", "engineer"),
    )
    assert (waiver.granted, waiver.expires) == (date(2026, 11, 1), date(2026, 12, 31))
    assert waiver.link == "https://platform.example/waivers/31"


@pytest.mark.parametrize(
    ("old", "new", "line", "rule", "message"),
    [
        ("certify/waivers/1", "certify/waivers/2", 1, "unknown-version", "unknown version 'certify/waivers/2'"),
        ("certify/waivers/1", "certify/answers/1", 1, "unknown-version", "this is an answers file, not a waivers file"),
        ("page.walk-complete", "page.walk-complet", 3, "unknown-check", "did you mean 'page.walk-complete'?"),
        ("page.walk-complete", "page.*", 3, "over-broad", "'page.*' is a pattern"),
        ("page.walk-complete", "page", 3, "over-broad", "'page' is an area of checks"),
        ("page.walk-complete", "answers", 3, "over-broad", "'answers' is a criterion"),
        ("page.walk-complete", "page.walk-ends", 3, "renamed-check", "'page.walk-ends' is called 'page.ends' now"),
        ("partner: acme", "partner: '*'", 4, "over-broad", "'*' is not one partner"),
        ("partner: acme", "partner: all", 4, "over-broad", "'all' is not one partner"),
        ("partner: acme", "partner: [acme]", 4, "wrong-type", "must be a text, but is a list"),
        ("The pager is replaced in December; nothing that reads pages goes live before that.", "It is known.", 5,
         "wrong-value", "has 12 characters, and needs at least 40"),
        ("The pager is", f"{PLACEHOLDER}, the pager is", 5, "unwritten", "nobody has argued for this waiver"),
        ("nothing that reads pages goes live before that.", QUESTION, 5, "unwritten", "the question of the suggestion"),
        ("Ada Byron", PLACEHOLDER, 6, "unwritten", "nobody has argued for this waiver"),
        ("{name: Ada Byron, role: engineer}", "Ada Byron", 6, "wrong-type", "must be a mapping"),
        (", role: engineer", "", 6, "missing-member", "member 'role' is missing"),
        ("role: engineer", "role: enginer", 6, "unknown-role", "unknown role 'enginer'; did you mean 'engineer'?"),
        ("role: engineer", "role: lawyer", 6, "wrong-role", "the role 'lawyer' cannot approve a waiver"),
        ("granted: 2026-11-01", "granted: 2026-11-04", 7, "granted-later", "2026-11-04 is in the future"),
        ("    granted: 2026-11-01\n", "", 3, "missing-member", "member 'granted' is missing"),
        ("    expires: 2026-12-31\n", "", 3, "missing-member", "member 'expires' is missing"),
        ("expires: 2026-12-31", "expires: 2026-10-31", 8, "expires-first", "is before 2026-11-01"),
        ("expires: 2026-12-31", "expires: 2027-01-31", 8, "too-long", "runs for 91 days, and the playbook allows 90"),
        ("expires: 2026-12-31", "expires: 2027-02-30", 8, "wrong-value", "a date: YYYY-MM-DD"),
        ("expires: 2026-12-31", "expires: never", 8, "wrong-value", "a date: YYYY-MM-DD"),
        ("https://platform", "javascript://platform", 9, "wrong-value", "does not fit"),
        ("link:", "lnk:", 9, "unknown-member", "unknown member 'lnk'; did you mean 'link'?"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_line_and_its_rule(
    spoil: Spoil, old: str, new: str, line: int, rule: str, message: str
) -> None:
    [problem] = spoil(old, new)
    assert message in f"{problem.message} {problem.advice}"
    assert (problem.line, problem.rule) == (line, rule)


def test_all_mistakes_are_told_at_once_in_the_order_of_lines(spoil: Spoil) -> None:
    found = spoil(
        "page.walk-complete\n    partner: acme", "page.walk-complet\n    partner: all\n    approvr: {name: A, role: x}"
    )
    assert [problem.line for problem in found] == [3, 4, 5]


def test_a_second_waiver_of_one_check_for_one_partner_is_refused(spoil: Spoil) -> None:
    entry = WAIVERS.partition("waivers:\n")[2]
    [problem] = spoil("    link: https://platform.example/waivers/31\n", f"    link: https://a.example/1\n{entry}")
    assert (problem.rule, problem.line) == ("duplicate", 10)
    assert "the first is on line 3" in problem.message


def test_the_last_day_that_the_playbook_allows_is_allowed(rules: Playbook, write: Callable[..., Path]) -> None:
    [waiver] = load_waivers(write(WAIVERS, "2026-12-31", "2027-01-30"), rules, KNOWN, TODAY)
    assert waiver.granted is not None
    assert (waiver.expires - waiver.granted).days == 90


def test_a_playbook_that_names_no_approvers_lets_each_of_its_roles_approve(
    playbook: Playbook, write: Callable[..., Path]
) -> None:
    assert load_waivers(write(WAIVERS, "role: engineer", "role: lawyer"), playbook, KNOWN, TODAY)


def test_a_file_that_is_not_there_is_told_by_name(rules: Playbook, tmp_path: Path) -> None:
    with pytest.raises(ProgramError) as caught:
        load_waivers(tmp_path / "waivers.yaml", rules, KNOWN, TODAY)
    assert caught.value.problems[0].rule == "unreadable"


def test_the_file_lies_beside_the_playbook_and_is_no_part_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "playbook.yaml").write_text(PLAYBOOK)
    before: Program = find_program(tmp_path)
    (tmp_path / "waivers.yaml").write_text(WAIVERS)
    after = find_program(tmp_path)
    assert (before.waivers, after.waivers) == (None, tmp_path / "waivers.yaml")
    assert after.digest == before.digest
