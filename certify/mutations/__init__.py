"""Ways to spoil a valid request, one family per file. Each changes exactly one property of its subject.

A family is asked for by prefix; the package finds its own siblings:

    for mutation in mutations("token.signature"):
        reply = target.send(read, token=mutation.apply(token, minter))
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from certify.mutations.interface import REGISTRY, Mutation

__all__ = ["Mutation", "mutations"]


@cache
def mutations(family: str = "") -> tuple[Mutation, ...]:
    """All mutations whose name starts with ``family``, in the order of definition. An unknown family is an error."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    found = tuple(item for name, item in REGISTRY.items() if f"{name}.".startswith(f"{family}." if family else ""))
    if not found:
        raise LookupError(
            f"no mutation is called {family!r}; families: {sorted({n.rpartition('.')[0] for n in REGISTRY})}"
        )
    return found
