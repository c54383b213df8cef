"""How one answer by itself decides a finding, in the words that the finding was recorded with.

    status 201 202         one of these statuses
    accepted               a success
    refused                not a success, and not a crash; that it was refused proves nothing without a control
    header NAME TEXT       the header is there, and starts with the text
    documented             a status that the contract documents
    schema                 the body keeps its schema, where the finding's body broke it
    labels                 media type and headers are those of the contract, where the finding's were not
    engine KIND            what the generated requests were judged by (``certify/sources/contract/repeats.py``)

An answer of another kind than the recorded one decides nothing: an object that is gone, a limiter, a crash.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from certify.contract import Contract
from certify.contract.validation import Schemas
from certify.http.call import Reply
from certify.http.quota import throttled
from certify.model.codec import encode
from certify.model.exchange import Exchange
from certify.model.outcome import Finding
from certify.sources.contract.candidates import Cause, Sample
from certify.sources.contract.repeats import Judge
from certify.suite.conformity import Conformity, recorded
from certify.suite.traffic import Seen

OF_THE_WAY = frozenset({502, 503, 504})


class Result(StrEnum):
    """What came of seeing it again."""

    FIXED = "fixed"
    STILL = "still failing"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True)
class Decision:
    """``why`` is one sentence for the reader."""

    result: Result
    why: str


@dataclass(frozen=True)
class Means:
    """What deciding may need: the contract, read only if it is asked for, and whether ``format`` is asserted."""

    contract: Callable[[], Contract]
    formats: bool = False


def decide(finding: Finding, before: Exchange, reply: Reply, means: Means) -> Decision:
    """Hold the new answer against what the finding expected."""
    if doubt := _doubt(finding, before, reply):
        return Decision(Result.UNKNOWN, doubt)
    word, _, rest = finding.oracle.partition(" ")
    match word:
        case "status":
            return _told(str(reply.status) in rest.split(), finding, reply)
        case "accepted":
            return _told(reply.ok, finding, reply)
        case "refused":
            return _refused(finding, reply)
        case "header":
            name, _, start = rest.partition(" ")
            value = reply.header(name)
            return _told(value is not None and value.lower().startswith(start.lower()), finding, reply)
        case "documented" | "schema" | "labels":
            return _told(not _conforms_not(word, finding, before, reply, means), finding, reply)
        case "engine":
            return _told(not _repeats(rest, before, reply, means), finding, reply)
        case _:
            return Decision(Result.UNKNOWN, "one answer by itself does not decide it")


def _told(holds: bool, finding: Finding, reply: Reply) -> Decision:
    if holds:
        return Decision(
            Result.FIXED, f"the answer is {reply} now, and what was wrong does not show: {finding.expected}"
        )
    return Decision(Result.STILL, f"the answer is {reply}: expected was {finding.expected}")


def _refused(finding: Finding, reply: Reply) -> Decision:
    if reply.ok or reply.status >= 500:
        return Decision(Result.STILL, f"the answer is {reply}: expected was {finding.expected}")
    return Decision(Result.UNKNOWN, f"it is refused now ({reply}), which proves nothing without the valid request")


def _doubt(finding: Finding, before: Exchange, reply: Reply) -> str:
    """Why an answer is about something else than the finding; empty where it is not."""
    was = before.response.status if before.response else 0
    if throttled(reply):
        return f"the sandbox is throttling: {reply}"
    if reply.status in OF_THE_WAY and was != reply.status:
        return f"something on the way answers for the sandbox: {reply}"
    if reply.status == was:
        return ""
    if reply.status in (404, 410):
        return f"the answer is {reply}, and was {was}: what the request is about may be gone"
    if reply.status in (401, 403) and was not in (401, 403) and before.signed:
        return f"identity {before.signed!r} is refused now: {reply}"
    if reply.status == 409 and "engine" not in finding.oracle:
        return f"the answer is {reply}: the state has moved on"
    if was < 400 <= reply.status and finding.oracle.split(" ")[0] in ("documented", "schema", "labels", "header"):
        return f"the answer is {reply}, and was {was}: another answer than the one that was wrong"
    return ""


def _conforms_not(word: str, finding: Finding, before: Exchange, reply: Reply, means: Means) -> bool:
    contract = means.contract()
    seen = Seen(encode(before), contract.operation(before.operation) if before.operation else None)
    if word == "documented":
        return seen.operation is None or seen.operation.answer(reply.status) is None
    fresh = recorded(seen, reply)
    conformity = Conformity(contract, Schemas(contract, formats=means.formats))
    found = conformity.schema_violations([fresh]) if word == "schema" else conformity.label_flaws([fresh])
    return any(item.cause == finding.cause for item, _ in found)


def _repeats(kind: str, before: Exchange, reply: Reply, means: Means) -> bool:
    kind, _, about = kind.partition(" ")
    sample = Sample(before.id, before.request.method, before.request.url, status=_status(before))
    cause = Cause("", "", kind, {"title": about, "status": str(_status(before))}, {}, {})
    return Judge(means.contract(), formats=means.formats).repeats(cause, sample, before.operation or "", reply)


def _status(before: Exchange) -> int:
    return before.response.status if before.response else 0
