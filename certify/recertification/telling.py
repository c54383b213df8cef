"""Two contracts and what follows from their differences, as one value: for the terminal, and for a pipeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from certify.contract import Contract, load_contract
from certify.contract.changes import compare, located
from certify.model.change import Change, ChangeKind
from certify.model.playbook import Certification
from certify.program.playbook import load_playbook
from certify.program.program import Program, find_program
from certify.recertification.affected import demanding, operations
from certify.recertification.deadlines import EFFECTIVE, effective, effective_by_notice, rule_for, short_notice
from certify.recertification.partners import Concerned, Rules, concerned

TOLD = 20
"""Mistakes of a contract that are named."""


@dataclass(frozen=True)
class Asked:
    """Two contracts; where certificates lie; whose rules count; from when it holds, where somebody says so."""

    old: Path
    new: Path
    reports: Path | None
    program: Path | None
    effective: date | None
    today: date


@dataclass(frozen=True)
class Term:
    """When changes of a kind take effect at the earliest, and until when partners have to be certified again."""

    kind: ChangeKind
    effective: date
    deadline: date


@dataclass(frozen=True)
class Told:
    """``counts`` goes by kind. ``operations`` are those of which a server is asked something else. ``notes`` tell of
    mistakes in either contract, and of what could not be read."""

    old: str
    new: str
    counts: Mapping[str, int]
    changes: tuple[Change, ...]
    operations: tuple[str, ...]
    terms: tuple[Term, ...]
    partners: tuple[Concerned, ...]
    looked: bool
    notes: tuple[str, ...]


def tell(asked: Asked) -> Told:
    """Compare, and follow what comes of it. Raises :class:`certify.errors.ConfigurationError`."""
    old, new = load_contract(asked.old), load_contract(asked.new)
    changes = located(compare(old, new, asked.today), old, new)
    certification = _certification(find_program(asked.program))
    written = effective(new.document)
    since = asked.effective or written
    rules = Rules(certification, asked.today, since, old.facts.digest)
    partners, notes = concerned(asked.reports, changes, rules) if asked.reports is not None else ((), ())
    hurried = short_notice(changes, certification, asked.today, since) if since else []
    unwritten = _unwritten(changes, rules) if written is None else []
    return Told(
        str(asked.old),
        str(asked.new),
        dict(Counter(str(change.kind) for change in changes)),
        changes,
        operations(demanding(changes)),
        _terms(changes, rules),
        partners,
        asked.reports is not None,
        (*_mistakes(old), *_mistakes(new), *hurried, *unwritten, *notes),
    )


def _certification(program: Program) -> Certification:
    from certify.suite.catalogue import load_checks

    return load_playbook(program.playbook, load_checks(program.suite_folders)).certification


def _terms(changes: Sequence[Change], rules: Rules) -> tuple[Term, ...]:
    """One for each kind of change that is there."""
    kinds = [kind for kind in ChangeKind if any(change.kind == kind for change in changes)]
    starts = {kind: rules.since or effective_by_notice(kind, rules.certification, rules.today) for kind in kinds}
    return tuple(
        Term(kind, day, date.fromordinal(day.toordinal() + rule_for(kind, rules.certification).grace_days))
        for kind, day in starts.items()
    )


def _unwritten(changes: tuple[Change, ...], rules: Rules) -> list[str]:
    """The gate reads no option of this verb: a day counts there only where the contract itself says it."""
    if not demanding(changes):
        return []
    day = max(term.effective for term in _terms(demanding(changes), rules))
    return [
        f"The gate keeps to this only where the new contract says from when it holds, as info.{EFFECTIVE}: {day}; "
        "without it a certificate that is touched is stale as soon as the program has the new contract."
    ]


def _mistakes(contract: Contract) -> list[str]:
    told = [str(mistake) for mistake in contract.problems[:TOLD]]
    more = len(contract.problems) - len(told)
    return [*told, *([f"{contract.source}: {more} more mistakes"] if more > 0 else [])]
