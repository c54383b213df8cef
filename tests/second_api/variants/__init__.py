"""Lawful and unusual: what an honest API may do, and no check may ever blame.

``lawful`` says why. ``apply`` changes the Depot, ``edit`` the profile and ``contract`` the contract, where its makers
would have written something else. ``checks`` are those that could take offence; by default neither those of limits nor
the costly ones of inputs. (All of them were tried on each variant by hand, too.)

    @variant("refuses-with-403", "RFC 9110 §15.5.4 lets a server refuse without a challenge.")
    def refuses_with_403(depot: Depot) -> None: ...
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from tests.second_api.depot import Depot
from tests.second_api.trying import Edit, as_it_is

INPUTS = ("contract.valid-input-accepted", "contract.invalid-input-rejected", "error.no-5xx-on-bad-input")
"""The costly ones; for variants that have to do with what is taken."""
ANSWERS = (
    *("contract.status-documented", "contract.schema-valid", "contract.headers-and-media-type"),
    *("error.format-valid", "error.no-internals-leaked", "error.not-found-clean"),
)
QUIET = (*(f"{area}.*" for area in ("net", "disc", "auth", "authz", "page", "idem", "audit")), *ANSWERS)
LIMITS = ("rate.*",)


@dataclass(frozen=True)
class Variant:
    """``doubts`` are checks (or patterns of them) that need not be decided on it, ``undecided`` those that must not."""

    name: str
    lawful: str
    apply: Callable[[Depot], None]
    edit: Edit = as_it_is
    contract: Edit = as_it_is
    checks: tuple[str, ...] = QUIET
    doubts: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()

    def leaves_open(self, check: str) -> bool:
        """Whether a check need not be decided on it."""
        return any(fnmatchcase(check, pattern) for pattern in (*self.doubts, *self.undecided))


def variant(
    name: str,
    lawful: str,
    edit: Edit = as_it_is,
    contract: Edit = as_it_is,
    checks: tuple[str, ...] = QUIET,
    doubts: tuple[str, ...] = (),
    undecided: tuple[str, ...] = (),
) -> Callable[[Callable[[Depot], None]], Variant]:
    """Make a variant of a function that changes a Depot."""
    return lambda apply: Variant(name, lawful, apply, edit, contract, checks, doubts, undecided)


@cache
def all_variants() -> tuple[Variant, ...]:
    """Every variant of every family."""
    modules = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    return tuple(item for module in modules for item in vars(module).values() if isinstance(item, Variant))
