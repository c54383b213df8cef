"""The operations of the contract, one file per resource.

A function says which operation it answers; the package finds its own siblings, and an operation without a handler, or a
handler without an operation, stops the sandbox from starting.

    @answers("getLead")
    def get_lead(sandbox: Sandbox, call: Call) -> Answer: ...
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection
from functools import cache
from typing import TYPE_CHECKING

from certify.sandbox.call import Answer, Call

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox

Handler = Callable[["Sandbox", Call], Answer]

_MARK = "answers_operation"


def answers(operation_id: str) -> Callable[[Handler], Handler]:
    """Mark the function that answers an operation."""

    def mark(handler: Handler) -> Handler:
        setattr(handler, _MARK, operation_id)
        return handler

    return mark


def handlers(operations: Collection[str]) -> dict[str, Handler]:
    """A handler for each operation, no more and no less."""
    found = dict(_found())
    if found.keys() != set(operations):
        raise RuntimeError(f"contract and handlers differ: {sorted(found.keys() ^ set(operations))}")
    return found


@cache
def _found() -> dict[str, Handler]:
    modules = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    functions = [function for module in modules for function in vars(module).values()]
    return {getattr(function, _MARK): function for function in functions if hasattr(function, _MARK)}
