"""Ways in which Depot can misbehave, in its own style. Each replaces one honest part of an assembled Depot.

``check`` must fail while the fault is on; ``also`` are checks that may rightly fail with it, because one defect breaks
more than one promise; ``because`` argues them.

    @fault("key-not-compared", "auth.missing-credentials-rejected", "PUT of a part forgets to ask for the key.")
    def key_not_compared(depot: Depot) -> None: ...
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tests.second_api.depot import Depot


@dataclass(frozen=True)
class Fault:
    name: str
    check: str
    does: str
    apply: Callable[[Depot], None]
    also: tuple[str, ...] = ()
    because: str = ""


def fault(
    name: str, check: str, does: str, also: tuple[str, ...] = (), because: str = ""
) -> Callable[[Callable[[Depot], None]], Fault]:
    """Make a fault of a function that changes a Depot."""
    return lambda apply: Fault(name, check, does, apply, also, because)


@cache
def all_faults() -> tuple[Fault, ...]:
    """Every fault of every family."""
    modules = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    return tuple(item for module in modules for item in vars(module).values() if isinstance(item, Fault))
