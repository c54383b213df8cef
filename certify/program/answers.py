"""Answers: what named people signed, each for one criterion and with a date.

An answer counts only for the criterion that it names, from the role that the playbook names, with the evidence file
that was there when it was read; its SHA-256 goes into the record. Checks alone answer automated criteria.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from certify.errors import ProgramError
from certify.model.playbook import Answer, Criterion, Kind, Playbook
from certify.program.digest import digest
from certify.program.lint import Lint
from certify.program.source import Place, read_document
from certify.program.validate import check_structure


def load_answers(
    path: Path, playbook: Playbook, today: date, partner: str = "", *, own: bool = False
) -> tuple[Answer, ...]:
    """Read the answers of a partner (``""``: of anybody).

    ``own`` says that the partner's profile names the file: whoever asks for a certificate wrote it, and nothing in it
    shows who did. It counts only in roles that the playbook calls the partner's, and in none where it calls none so.
    ``today`` bounds the dates. ``Answer.file`` is the evidence's path as written, ``sha256`` the hex digest. Raises
    :class:`certify.errors.ProgramError` with all problems of the file.
    """
    lint = Lint(read_document(path))
    if check_structure(lint, "answers.v1"):
        _lint_partner(lint, partner)
        places = list(lint.each("answers"))
        lint.unique(places, "criterion", "an answer to")
        for place in places:
            _lint_criterion(lint, place, playbook)
            if own:
                _lint_own(lint, place, playbook)
            _lint_date(lint, (*place, "date"), today)
            _lint_evidence(lint, (*place, "evidence"))
    lint.finish(ProgramError, "answers file")
    return tuple(replace(_answer(lint, place), own=own) for place in lint.each("answers"))


def answers_of(
    named: Path | None, own: Path | None, programs: Path | None, load: Callable[[Path, bool], Iterable[Answer]]
) -> tuple[Answer, ...]:
    """From the file that was ``named``; else from the program's and the profile's ``own``, where the program's win.

    ``load`` is told a file, and whether it is the profile's.
    """
    if named is not None:
        return tuple(load(named, False))
    theirs = load(own, True) if own is not None and not _same(own, programs) else ()
    ours = load(programs, False) if programs is not None else ()
    return tuple({answer.criterion: answer for answer in (*theirs, *ours)}.values())


def _same(own: Path, programs: Path | None) -> bool:
    return programs is not None and own.resolve() == programs.resolve()


def _lint_own(lint: Lint, place: Place, playbook: Playbook) -> None:
    role, name = lint.text(*place, "role"), lint.text(*place, "criterion")
    if role not in playbook.roles or role in playbook.partner_roles:
        return
    message = f"a file that the partner's profile names cannot answer {name!r}: {role!r} is no role of the partner's"
    if not playbook.partner_roles:
        message += " (this playbook has no partner_roles)"
    advice = "move the answer to the program's answers.yaml, or to a file that --answers names"
    lint.report((*place, "role"), message, advice, "not-the-partners")


def _lint_partner(lint: Lint, partner: str) -> None:
    written = lint.text("partner")
    if partner and written and written != partner:
        message = f"these are the answers of {written!r}, not of {partner!r}"
        lint.report(("partner",), message, rule="other-partner")


def _lint_criterion(lint: Lint, place: Place, playbook: Playbook) -> None:
    """Criterion and role exist, and belong together."""
    name, role = lint.text(*place, "criterion"), lint.text(*place, "role")
    criteria = {item.id: item for milestone in playbook.milestones for item in milestone.criteria}
    if name in criteria:
        _lint_fit(lint, place, criteria[name])
    elif name:
        answerable = [item.id for item in criteria.values() if item.kind is not Kind.AUTOMATED]
        lint.unknown((*place, "criterion"), "criterion", name, answerable)
    if role and role not in playbook.roles:
        lint.unknown((*place, "role"), "role", role, playbook.roles)
    elif role and name in criteria and criteria[name].role not in {"", role}:
        message = f"role {role!r} cannot answer {name!r}"
        lint.report((*place, "role"), message, f"{criteria[name].role!r} can", "wrong-role")


def _lint_fit(lint: Lint, place: Place, criterion: Criterion) -> None:
    """The answer has what its criterion's kind asks for."""
    if criterion.kind is Kind.AUTOMATED:
        message = f"criterion {criterion.id!r} is automated: its checks decide it, nobody can sign it"
        lint.report((*place, "criterion"), message, "remove this answer", "automated")
        return
    wanted = {Kind.EVIDENCE: ("met", "evidence"), Kind.ATTESTED: ("met", "statement"), Kind.METRIC: ("value",)}
    for member in wanted[criterion.kind]:
        if member not in lint.mapping(*place):
            message = f"an answer to the {criterion.kind.value} criterion {criterion.id!r} needs {member!r}"
            lint.report(place, message, rule="incomplete")


def _lint_date(lint: Lint, place: Place, today: date) -> None:
    signed = _date(lint.text(*place))
    if signed and signed > today:
        lint.report(place, f"{signed} is in the future; today is {today}", "sign on the day it is said", "in-future")


def _date(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _lint_evidence(lint: Lint, place: Place) -> None:
    name = lint.text(*place)
    if not name:
        return
    file = Path(lint.document.file).parent / name
    if not os.path.isfile(file):  # unlike Path.is_file, says no to names that no file can have
        message, advice = f"evidence file {name!r} does not exist", "paths start at the answers file's folder"
        lint.report(place, message, advice, "no-evidence")
        return
    try:
        if not file.read_bytes().strip():
            lint.report(place, f"evidence file {name!r} is empty", rule="no-evidence")
    except OSError as error:
        lint.report(place, f"evidence file {name!r} cannot be read: {error.strerror}", rule="no-evidence")


def _answer(lint: Lint, place: Place) -> Answer:
    written = lint.mapping(*place)
    evidence = written.get("evidence", "")
    file = Path(lint.document.file).parent / evidence
    return Answer(
        criterion=written["criterion"],
        role=written["role"],
        name=written["name"],
        date=date.fromisoformat(written["date"]),
        statement=written.get("statement", ""),
        value=None if "value" not in written else float(written["value"]),
        file=evidence,
        sha256=digest(file).removeprefix("sha256:") if evidence else "",
        met=written.get("met", True),
    )
