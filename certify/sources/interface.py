"""A source fills the run directory with facts. It never judges.

One package or file per source: ``suites`` (a pytest child), ``contract`` (the Schemathesis command line), ``answers``
(what people signed). Each is sealed: what it starts is a child process whose death leaves its checks silent, and
silence is *unproven*.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from certify.http.broker import Broker
from certify.model.check import Check, Stage
from certify.model.partner import Partner
from certify.model.plan import Estimate, Plan
from certify.model.playbook import Answer
from certify.rundir import RunDirectory

Progress = Callable[[str, str], None]
"""Called with a check id and its status as outcomes arrive."""


@dataclass(frozen=True)
class Reserve:
    """Requests, and seconds, that others still need."""

    requests: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Assignment:
    """What a source is asked to do in one stage: these checks, on this partner, into this run directory.

    ``contract`` is the document's file; ``suites`` the folders to collect from; ``scratch`` is the source's own folder
    for working files, emptied afterwards. ``requests_per_second`` is the share of the declared limit that this source
    may use, or None where nothing is declared that binds. What is created is entered in ``ledger``. ``meter`` is the
    file that all processes share to keep to pace and budget (``certify.budget``), and ``reserve`` what of the budget is
    left to the other sources. The ``broker`` signs in for everybody; without one, each source does it by itself.
    """

    plan: Plan
    partner: Partner
    checks: Sequence[Check]
    stage: Stage
    rundir: RunDirectory
    contract: Path
    suites: Sequence[Path]
    scratch: Path
    requests_per_second: float | None = None
    processes: int = 2
    answers: Sequence[Answer] = ()
    ledger: Path | None = None
    meter: Path | None = None
    reserve: Reserve = Reserve()
    broker: Broker | None = None


class Source(ABC):
    """``name`` is what a check's ``sources`` says; ``stages`` where the source has something to do."""

    name: ClassVar[str]
    stages: ClassVar[frozenset[Stage]]

    def estimate(self, operations: int, max_examples: int) -> Estimate:
        """What the source sends that no check of its own accounts for; nothing, unless it generates requests."""
        return Estimate()

    @abstractmethod
    def record(self, assignment: Assignment) -> None:
        """Append exchanges and outcomes; return when done, or raise :class:`certify.errors.HarnessError`."""

    @abstractmethod
    def stop(self) -> None:
        """End every child at once; called from another thread or a signal handler. Idempotent."""
