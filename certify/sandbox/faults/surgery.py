"""The two cuts that faults make: another method in a part, and something around a handler."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from certify.sandbox.call import Answer, Call
from certify.sandbox.routes import Handler

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox

Around = Callable[[Call, Callable[[], Answer]], Answer]


def replace_method(part: object, name: str, by: Callable[..., Any]) -> None:
    """Put another method in the place of one that is there; a name that is not is our own mistake."""
    if not callable(getattr(part, name, None)):
        raise AttributeError(f"{type(part).__name__} has no method {name} to replace")
    setattr(part, name, by)


def wrap_handlers(sandbox: Sandbox, operations: Iterable[str], around: Around) -> None:
    """Put something around the handlers of some operations; it gets the call and the way to the handler."""
    for operation in operations:
        sandbox.handlers[operation] = _wrapped(sandbox.handlers[operation], around)


def _wrapped(handler: Handler, around: Around) -> Handler:
    return lambda sandbox, call: around(call, lambda: handler(sandbox, call))
