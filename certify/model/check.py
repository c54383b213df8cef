"""A check: one black-box statement about a sandbox that code can decide. It knows nothing of milestones."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What the *standard* says, never what we wish."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    DRAFT = "DRAFT"
    CONTRACT = "CONTRACT"
    PRACTICE = "PRACTICE"


class Stage(StrEnum):
    """When a check may run: ``gate`` first, then ``active``, ``passive`` over all traffic, ``exhaust`` alone."""

    GATE = "gate"
    ACTIVE = "active"
    PASSIVE = "passive"
    EXHAUST = "exhaust"


@dataclass(frozen=True)
class Cause:
    """A usual reason for a failure, and its fix."""

    what: str
    fix: str


@dataclass(frozen=True)
class Check:
    """A row of the catalogue, as the suites declare it.

    ``needs`` names what the profile must declare or the contract must offer (``jwt``, ``other_tenant``, ``writes``…);
    ``sources`` who decides it (each of them must report); ``faults`` the seeded defects that prove it can fail;
    ``requests`` and ``seconds`` are estimates for the plan; ``file`` declares it, and ``digest`` is that file's;
    ``formerly`` are ids that it had before, so that earlier runs can be compared.
    """

    id: str
    level: Level
    clause: str
    statement: str
    sends: str
    decides: str
    causes: tuple[Cause, ...]
    faults: tuple[str, ...]
    needs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ("suites",)
    stage: Stage = Stage.ACTIVE
    safety: str = "S0"
    requests: int = 0
    seconds: float = 1.0
    file: str = ""
    formerly: tuple[str, ...] = ()
    digest: str = ""

    @property
    def area(self) -> str:
        """The part before the first dot: ``auth`` of ``auth.alg-none-rejected``."""
        return self.id.split(".", 1)[0]
