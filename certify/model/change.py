"""A change between two contracts, by a rule with a stable id, and what changes make of a certificate: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class ChangeKind(StrEnum):
    """What a change means for a client that was written against the earlier contract."""

    BREAKING = "breaking"
    NON_BREAKING = "non_breaking"
    DEPRECATION = "deprecation"


class Direction(StrEnum):
    """Which message a change is about: what a client sends, what a server answers, or neither."""

    REQUEST = "request"
    RESPONSE = "response"
    NONE = "none"


@dataclass(frozen=True)
class ChangeRule:
    """A kind of change that is looked for. ``id`` never changes its meaning and is never given again.

    ``title`` says in a few words what happened, ``why`` argues its kind. ``conduct`` says whether a server has to
    behave differently: a text that was corrected asks nothing of anybody, and makes no check run again.
    """

    id: str
    kind: ChangeKind
    direction: Direction
    title: str
    why: str
    conduct: bool = True


@dataclass(frozen=True)
class Change:
    """One change. ``rule`` is the id of its :class:`ChangeRule`, and ``kind`` and ``direction`` are that rule's.

    ``operation`` is the id of the operation concerned (``operationId`` or ``METHOD /path``, as the earlier contract
    has it, or the later one where it is new), empty where it is about the whole contract. ``pointer`` is a JSON
    Pointer (RFC 6901) into the later contract as prepared, or into the earlier one where something is gone. ``before``
    and ``after`` are the values in brief, empty where there was or is none. ``file`` and ``line`` (from 1, 0: unknown)
    say where a person finds it, in the later contract or, where it is gone, in the earlier one.
    """

    rule: str
    kind: ChangeKind
    direction: Direction
    operation: str
    pointer: str
    before: str
    after: str
    message: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Staleness:
    """``changed`` are those of contract, playbook and suites whose change makes checks run again.

    ``changes`` are the contract's, of every kind; ``checks`` the ids of the checks to run again (``answer:ID`` for what
    a person has to answer again), and ``reasons`` says of each why. ``since`` is the day from which the change holds,
    None where nothing says it; ``deadline`` the last day on which the playbook's rules for changes let the certificate
    stand, None where it stands no longer than now. ``notes`` tell of changes that make nothing stale, and of what
    could not be compared.
    """

    changed: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    checks: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    deadline: date | None = None
    notes: tuple[str, ...] = ()

    @property
    def stale(self) -> bool:
        return bool(self.changed)
