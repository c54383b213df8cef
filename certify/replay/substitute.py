"""The same request about another object, made for it: where the one of the record is gone, or may be somebody else's.

Runs take away what they make, and a server may give an id to the next object again. So nothing that changes or deletes
is ever sent to a recorded path that names an object.
"""

from __future__ import annotations

from dataclasses import replace

from certify.contract import Contract
from certify.http.call import Call
from certify.model.outcome import Finding
from certify.replay.rebuild import Rebuilt
from certify.suite.kit import Kit
from certify.suite.verdicts import Stop

ABOUT_THE_ANSWER = ("documented", "schema", "labels", "engine UndefinedStatusCode", "engine JsonSchemaError",
                    "engine MissingHeaders", "engine UndefinedContentType", "engine MissingContentType",
                    "engine MalformedMediaType", "engine MalformedJson")  # fmt: skip
"""Oracles of findings that are about how something is answered, whichever object it is about."""
CRASH = ("engine ServerError", "engine ContentTypeServerError")
"""Oracles that another object can show still failing; where it does not, the path may have been the cause."""


def changes_an_object(call: Call, path: str, contract: Contract) -> bool:
    """Whether a call, at a path below the base URL, may change what is there, rather than only add to it."""
    if call.safe:
        return False
    operation = contract.operation(call.operation or "") or contract.match(call.method, path)
    return call.method != "POST" or operation is None or bool(operation.path_parameters)


def may_be_about_another(finding: Finding | None) -> bool:
    """Whether the same request about another object can show a finding."""
    return finding is not None and finding.oracle.startswith((*ABOUT_THE_ANSWER, *CRASH))


def settles(finding: Finding | None) -> bool:
    """Whether a finding that another object does not show is mended."""
    return finding is not None and finding.oracle.startswith(ABOUT_THE_ANSWER)


def about_another(again: Rebuilt, kit: Kit) -> Rebuilt | None:
    """The request about an object made for it; None where its operation takes none, or none can be made."""
    operation = kit.contract.operation(again.call.operation) if again.call.operation else None
    if operation is None or "{" not in operation.path:
        return None
    try:
        fresh = kit.survey.prepare(operation, again.credentials.whose or "primary").call
    except Stop:
        return None
    _, mark, query = again.call.path.partition("?")
    call = replace(again.call, path=f"{fresh.path}{mark}{query}")
    tag = fresh.header("If-Match")
    return replace(again, call=call.with_header("If-Match", tag) if tag and call.header("If-Match") else call)
