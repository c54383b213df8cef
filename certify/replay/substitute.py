"""The same request about another object, where the one of the record is gone: runs take away what they make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from certify.cleanup import ledger_for
from certify.contract import Contract
from certify.http.session import Session
from certify.replay.rebuild import Rebuilt
from certify.suite.kit import open_kit
from certify.suite.verdicts import Stop

ABOUT_THE_ANSWER = ("documented", "schema", "labels", "engine UndefinedStatusCode", "engine JsonSchemaError",
                    "engine MissingHeaders", "engine UndefinedContentType", "engine MissingContentType",
                    "engine MalformedMediaType", "engine MalformedJson")  # fmt: skip
"""Oracles of findings that are about how something is answered, whichever object it is about."""


@contextmanager
def about_another(again: Rebuilt, session: Session, contract: Contract, run: str) -> Iterator[Rebuilt | None]:
    """The request about an object made for it, deleted afterwards; None where its operation takes none."""
    operation = contract.operation(again.call.operation) if again.call.operation else None
    if operation is None or "{" not in operation.path:
        yield None
        return
    with ledger_for(session.partner, contract, run) as ledger:
        kit = open_kit(session.partner, contract, session, ledger)
        try:
            fresh = kit.things.call(operation, again.credentials.whose or "primary")
            _, mark, query = again.call.path.partition("?")
            yield replace(again, call=replace(again.call, path=f"{fresh.path}{mark}{query}"))
        except Stop:
            yield None
        finally:
            kit.clean_up()
