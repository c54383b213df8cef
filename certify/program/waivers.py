"""Waivers: argued exceptions, kept under version control beside the playbook, each for one check of one partner.

The platform grants them, so a partner's profile cannot name them: whoever asks must not be whoever approves. A file
that is wrong is refused whole. What depends on the day and on the playbook's budget (expired, over budget, not
waivable) is no mistake of the file's form: a run records it, ``waiving.py`` rules on it, and ``certify lint`` tells it
beforehand.

    waivers.yaml:4 at waivers[0].check: check 'auth.old-name' is called 'auth.new-name' now (write 'auth.new-name')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from certify.errors import ProgramError
from certify.model.check import Check
from certify.model.playbook import Playbook, Waiver
from certify.program.lint import Lint
from certify.program.placeholder import PLACEHOLDER, placeholders
from certify.program.source import Place, read_document, spell
from certify.program.validate import check_structure

PATTERN = frozenset("*?[]{}|,")
"""Characters that no id has: somebody meant more than one."""
QUESTION = "why may it fail until then, what limits the harm, and what is being done to mend it?"
"""What a suggested reason asks: the answer is wanted, not the question."""
EVERYBODY = frozenset({"all", "any", "every", "everybody"})


@dataclass(frozen=True)
class Written:
    """A waiver and its place in the file."""

    place: Place
    waiver: Waiver


@dataclass(frozen=True)
class WaiversFile:
    """What a file holds, and what is wrong with it; only entries without a mistake are ``written``."""

    lint: Lint
    written: tuple[Written, ...]


def load_waivers(path: Path, playbook: Playbook, checks: Mapping[str, Check], today: date) -> tuple[Waiver, ...]:
    """Every waiver of a file, whoever's it is. ``today`` bounds the day on which one was granted.

    Raises :class:`certify.errors.ProgramError` with all problems of the file.
    """
    found = read_waivers(path, playbook, checks, today)
    found.lint.finish(ProgramError, "waivers file")
    return tuple(item.waiver for item in found.written)


def read_waivers(path: Path, playbook: Playbook, checks: Mapping[str, Check], today: date) -> WaiversFile:
    """The same with its problems as data. Raises :class:`ProgramError` only where the file cannot be read."""
    lint = Lint(read_document(path))
    if not check_structure(lint, "waivers.v1"):
        return WaiversFile(lint, ())
    places = list(lint.each("waivers"))
    for place in places:
        _lint_check(lint, place, playbook, checks)
        _lint_partner(lint, place)
        _lint_approver(lint, place, playbook)
        _lint_days(lint, place, playbook, today)
        _lint_written(lint, place)
    _lint_twice(lint, places)
    return WaiversFile(lint, tuple(_written(lint, places)))


def _lint_check(lint: Lint, place: Place, playbook: Playbook, checks: Mapping[str, Check]) -> None:
    """One check that exists, by the name that it has today."""
    name, here = lint.text(*place, "check"), (*place, "check")
    if not name or name in checks:
        return
    renamed = next((check.id for check in checks.values() if name in check.formerly), "")
    if renamed:
        lint.report(here, f"check {name!r} is called {renamed!r} now", f"write {renamed!r}", rule="renamed-check")
    elif broad := _broad(name, playbook, checks):
        lint.report(here, broad, "write an entry for each check that may fail", rule="over-broad")
    else:
        lint.unknown(here, "check", name, checks)


def _broad(name: str, playbook: Playbook, checks: Mapping[str, Check]) -> str:
    """Why a name stands for more than one check, or empty."""
    criteria = {item.id for milestone in playbook.milestones for item in milestone.criteria}
    if PATTERN & set(name):
        return f"{name!r} is a pattern, and a waiver names exactly one check"
    if name in {check.area for check in checks.values()}:
        return f"{name!r} is an area of checks, and a waiver names exactly one check"
    return f"{name!r} is a criterion, and a waiver names exactly one check" if name in criteria else ""


def _lint_partner(lint: Lint, place: Place) -> None:
    name = lint.text(*place, "partner")
    if PATTERN & set(name) or name.lower() in EVERYBODY:
        message = f"{name!r} is not one partner, and a waiver is for exactly one"
        lint.report((*place, "partner"), message, "write an entry for each partner", rule="over-broad")


def _lint_approver(lint: Lint, place: Place, playbook: Playbook) -> None:
    role, here = lint.text(*place, "approver", "role"), (*place, "approver", "role")
    allowed = playbook.certification.waivers.roles or playbook.roles
    if PLACEHOLDER in role:
        return
    if role and role not in playbook.roles:
        lint.unknown(here, "role", role, allowed)
    elif role and role not in allowed:
        message = f"the role {role!r} cannot approve a waiver"
        lint.report(here, message, f"the playbook lets approve: {', '.join(allowed)}", rule="wrong-role")


def _lint_days(lint: Lint, place: Place, playbook: Playbook, today: date) -> None:
    granted, expires = _day(lint, *place, "granted"), _day(lint, *place, "expires")
    most = playbook.certification.waivers.max_days
    if granted and granted > today:
        message = f"{granted} is in the future; today is {today}"
        lint.report((*place, "granted"), message, "write the day on which it was approved", rule="granted-later")
    if granted and expires and expires < granted:
        lint.report((*place, "expires"), f"{expires} is before {granted}, when it was granted", rule="expires-first")
    if granted and expires and most is not None and (expires - granted).days > most:
        message = f"it runs for {(expires - granted).days} days, and the playbook allows {most}"
        last = granted + timedelta(days=most)
        lint.report((*place, "expires"), message, f"let it expire on {last} at the latest", rule="too-long")


def _lint_written(lint: Lint, place: Place) -> None:
    """A suggestion that nobody has argued for is no waiver."""
    for here in placeholders(lint.mapping(*place), place):
        message = f"{here[-1]!r} still holds {PLACEHOLDER}: nobody has argued for this waiver"
        lint.report(here, message, "write it, or remove the entry", rule="unwritten")
    reason = " ".join(lint.text(*place, "reason").split())
    if QUESTION in reason and PLACEHOLDER not in reason:
        message = "'reason' still holds the question of the suggestion"
        lint.report((*place, "reason"), message, "answer it in its place", rule="unwritten")


def _lint_twice(lint: Lint, places: Iterable[Place]) -> None:
    first: dict[tuple[str, str], int] = {}
    for place in places:
        key = lint.text(*place, "check"), lint.text(*place, "partner")
        line = lint.document.line_of(place)
        if all(key) and key in first:
            message = f"a second waiver of {key[0]!r} for {key[1]!r}; the first is on line {first[key]}"
            lint.report((*place, "check"), message, "keep the one that is argued for", rule="duplicate")
        first.setdefault(key, line)


def _written(lint: Lint, places: Iterable[Place]) -> Iterable[Written]:
    wrong = {problem.path.partition(".")[0] for problem in lint.problems}
    for place in places:
        granted, expires = _day(lint, *place, "granted"), _day(lint, *place, "expires")
        name, role = lint.text(*place, "approver", "name"), lint.text(*place, "approver", "role")
        told = {member: lint.text(*place, member) for member in ("check", "partner", "reason", "link")}
        if granted and expires and spell(place) not in wrong:
            yield Written(place, Waiver(**told, approver=name, role=role, granted=granted, expires=expires))


def _day(lint: Lint, *place: str | int) -> date | None:
    try:
        return date.fromisoformat(lint.text(*place))
    except ValueError:
        return None
