"""The tree of errors. Whose fault it is decides the class, and the class decides the exit code.

    CertifyError                     every error that a person is meant to read; carries advice
    ├── ConfigurationError      2    a file or an option is wrong; nothing was judged
    │   ├── UsageError               an option or argument
    │   ├── ProgramError             playbook, contract, suites, answers
    │   ├── ProfileError             the partner profile
    │   └── KeyMaterialError         a key or a key set
    │       └── KeySetUnreachableError  4  the way to a key set is broken
    ├── SandboxUnreachableError 4    the way to the sandbox is broken: network, URL, secret
    ├── BudgetSpentError        3    the run may send nothing more
    ├── RunDirectoryError       2    a run directory is damaged, edited or not a run directory
    ├── OutputError             2    nothing can be written where it was asked to be
    ├── SignatureRefused       14    something signed is not believed (certify/signing/refusal.py)
    └── HarnessError            4    ours

A file is reported with all of its problems at once: :class:`ConfigurationError` carries a tuple of :class:`Problem`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in one file: where, what, and what to do.

    ``line`` counts from 1; 0 means that the problem belongs to the whole file. ``path`` is the place inside the
    document (``milestones[0].criteria[2].checks[0]``), ``rule`` what kind of problem it is (``unknown-check``).
    """

    file: str
    message: str
    line: int = 0
    path: str = ""
    advice: str = ""
    rule: str = "invalid"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        inside = f" at {self.path}" if self.path else ""
        return f"{where}{inside}: {self.message}" + (f" ({self.advice})" if self.advice else "")


class CertifyError(Exception):
    """An error for a person: ``message`` says what happened, ``advice`` what to do, most likely cause first."""

    exit_code = 4

    def __init__(self, message: str, advice: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.advice = tuple(advice)


class ConfigurationError(CertifyError):
    """A file or an option is wrong. Nothing has been sent."""

    exit_code = 2

    def __init__(self, message: str, advice: Sequence[str] = (), problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, advice)
        self.problems = tuple(problems)


class UsageError(ConfigurationError):
    """An option or an argument does not fit."""


class ProgramError(ConfigurationError):
    """Playbook, contract, suites or answers are wrong."""


class ProfileError(ConfigurationError):
    """The partner profile is wrong."""


class KeyMaterialError(ConfigurationError):
    """A key or a key set cannot be used. Never quotes what may be a private key."""


class KeySetUnreachableError(KeyMaterialError):
    """A URL does not give the key set, or not in time. Trying again may help, which no other class here promises."""

    exit_code = 4


class SandboxUnreachableError(CertifyError):
    """The way to the sandbox is broken. ``advice`` ranks the likely causes."""

    exit_code = 4


class BudgetSpentError(CertifyError):
    """The run may send nothing more: its requests or its minutes are used up. What is left undone is *not run*."""

    exit_code = 3


class RunDirectoryError(CertifyError):
    """A run directory is damaged, was edited, or is not one. Names file and line."""

    exit_code = 2


class OutputError(CertifyError):
    """Nothing can be written where it was asked to be."""

    exit_code = 2


class HarnessError(CertifyError):
    """Our own fault, never the partner's."""

    exit_code = 4
