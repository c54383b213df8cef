"""What is wrong, whose it is to mend, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from certify.errors import (
    CertifyError,
    ConfigurationError,
    HarnessError,
    OutputError,
    Problem,
    ProfileError,
    ProgramError,
    SandboxUnreachableError,
)


class Attribution(StrEnum):
    """Whose it is to mend."""

    PROFILE = "profile"
    PARTNER = "partner"
    NETWORK = "network"
    CONTRACT = "contract"
    US = "us"


class Weight(StrEnum):
    """``fatal``: a run would be worthless. ``serious``: a run can be made, and will not be certified or proved.
    ``minor``: worth knowing."""

    FATAL = "fatal"
    SERIOUS = "serious"
    MINOR = "minor"


@dataclass(frozen=True)
class Ailment:
    """One thing that is wrong. ``causes`` are ranked, the likeliest first. ``file``, ``line`` (from 1; 0: the whole
    file) and ``member`` say what to change; ``advice`` says how, for instance with the new line."""

    attribution: Attribution
    message: str
    causes: tuple[str, ...] = ()
    file: str = ""
    line: int = 0
    member: str = ""
    advice: str = ""
    weight: Weight = Weight.FATAL

    @property
    def exit_code(self) -> int:
        """2: profile or contract have to change. 4: something outside of them."""
        return 2 if self.attribution in (Attribution.PROFILE, Attribution.CONTRACT) else 4

    @property
    def where(self) -> str:
        """``partner.yaml:12 target.base_url``."""
        at = f"{self.file}:{self.line}" if self.line else self.file
        return " ".join(part for part in (at, self.member) if part)

    def error(self) -> CertifyError:
        """The ailment as an error that ends a verb, with its place and its causes."""
        places = [Problem(self.file, self.message, self.line, self.member, self.advice)] if self.file else []
        match self.attribution:
            case Attribution.PROFILE:
                return ProfileError(self.message, self.causes, places)
            case Attribution.CONTRACT:
                return ProgramError(self.message, self.causes, places)
            case Attribution.US:
                return HarnessError(self.message, self.causes)
        told = [f"{self.where}: {self.advice}".removesuffix(": ")] if self.file else []
        return SandboxUnreachableError(self.message, [*self.causes, *told])


def from_error(error: CertifyError) -> list[Ailment]:
    """The ailments that an error tells: each problem of a file by itself."""
    attribution = _attribution(error)
    problems = error.problems if isinstance(error, ConfigurationError) else ()
    if not problems:
        return [Ailment(attribution, error.message, error.advice)]
    return [
        Ailment(attribution, item.message, error.advice, item.file, item.line, item.path, item.advice)
        for item in problems
    ]


def _attribution(error: CertifyError) -> Attribution:
    match error:
        case ProfileError():
            return Attribution.PROFILE
        case ProgramError():
            return Attribution.CONTRACT
        case SandboxUnreachableError():
            return Attribution.PARTNER
        case OutputError() | ConfigurationError():
            return Attribution.PROFILE
        case _:
            return Attribution.US
