"""Ways in which the reference sandbox can misbehave on purpose, one family per file.

A fault proves that a check can fail. It replaces a part of an assembled sandbox; honest code never asks whether a fault
is on. To add one, write a function in the file of its family, or a new file; the package finds its own siblings.

    @fault("jwt-skip-exp", checks=["auth.expired-token-rejected"], does="The expiry claim is never compared.")
    def skip_exp(sandbox: Sandbox) -> None:
        del sandbox.verifier.passing["expiry"]
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from certify.errors import UsageError

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox


@dataclass(frozen=True)
class Fault:
    """One way to misbehave.

    ``checks`` must fail while it is on; ``collateral`` are further checks that may rightly go red with it, because one
    defect breaks more than one promise (``*`` for all).
    """

    name: str
    checks: tuple[str, ...]
    does: str
    collateral: tuple[str, ...]
    apply: Callable[[Sandbox], None]
    family: str


def fault(
    name: str, checks: Sequence[str], does: str, collateral: Sequence[str] = ()
) -> Callable[[Callable[[Sandbox], None]], Fault]:
    """Make a fault of a function that changes a sandbox."""

    def make(apply: Callable[[Sandbox], None]) -> Fault:
        return Fault(name, tuple(checks), does, tuple(collateral), apply, apply.__module__.rpartition(".")[2])

    return make


@cache
def all_faults() -> Mapping[str, Fault]:
    """Every fault by name, in the order of families."""
    members = [member for module in _families() for member in vars(module).values() if isinstance(member, Fault)]
    return {member.name: member for member in sorted(members, key=lambda member: (member.family, member.name))}


def _families() -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(__path__):
        yield importlib.import_module(f"{__name__}.{module.name}")


def find_fault(name: str) -> Fault:
    """The fault of that name, or a :class:`UsageError` that offers the nearest one."""
    faults = all_faults()
    if name not in faults:
        near = get_close_matches(name, faults, n=1)
        advice = [f"Did you mean {near[0]}?"] if near else []
        raise UsageError(
            f"There is no fault named {name}.", [*advice, "`certify sandbox --list-faults` lists them all."]
        )
    return faults[name]


def apply_faults(sandbox: Sandbox, names: Sequence[str]) -> None:
    """Put all of them on, in the order given; a name given twice counts once."""
    for name in dict.fromkeys(names):
        find_fault(name).apply(sandbox)
