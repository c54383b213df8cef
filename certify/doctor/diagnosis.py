"""What a visit found: every examination in order, each with its state, and the exit code of it all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from certify.doctor.ailment import Ailment, Weight


class State(StrEnum):
    """``not_needed``: this partner has nothing of the kind. ``not_looked_at``: what it stands on did not hold."""

    HEALTHY = "healthy"
    WARNED = "warned"
    AILING = "ailing"
    NOT_NEEDED = "not_needed"
    NOT_LOOKED_AT = "not_looked_at"


@dataclass(frozen=True)
class Seen:
    """What an examination saw: one line of ``told``, what is wrong, and ``facts`` for a machine."""

    told: str
    ailments: tuple[Ailment, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    needed: bool = True

    @property
    def state(self) -> State:
        if any(ailment.weight is not Weight.MINOR for ailment in self.ailments):
            return State.AILING
        if self.ailments:
            return State.WARNED
        return State.HEALTHY if self.needed else State.NOT_NEEDED


@dataclass(frozen=True)
class Examined:
    """One examination of a visit. ``seconds`` is what it took."""

    name: str
    title: str
    state: State
    told: str
    ailments: tuple[Ailment, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether something can stand on it: it was looked at, and nothing in it makes a run worthless."""
        fatal = any(ailment.weight is Weight.FATAL for ailment in self.ailments)
        return self.state is not State.NOT_LOOKED_AT and not fatal


@dataclass(frozen=True)
class Diagnosis:
    """The whole visit. ``requests`` were sent for it."""

    profile: str
    name: str
    base_url: str
    examined: tuple[Examined, ...]
    requests: int = 0
    seconds: float = 0.0

    @property
    def ailments(self) -> tuple[Ailment, ...]:
        return tuple(ailment for item in self.examined for ailment in item.ailments)

    @property
    def healthy(self) -> bool:
        """Everything that was to be looked at was, and nothing is wrong but minor things."""
        return not any(item.state in (State.AILING, State.NOT_LOOKED_AT) for item in self.examined)

    @property
    def exit_code(self) -> int:
        """0 healthy; else that of the first fatal ailment, or of the first serious one: the others may come from it."""
        worse = [item for weight in (Weight.FATAL, Weight.SERIOUS) for item in self.ailments if item.weight is weight]
        return worse[0].exit_code if worse else 0
