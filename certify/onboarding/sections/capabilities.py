"""What the sandbox has: *offered* or *not offered* where the contract shows it, else *unknown*."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from certify.onboarding.facts import Facts
from certify.onboarding.sections.idempotency import key_header
from certify.onboarding.sections.pagination import guess
from certify.onboarding.yaml_lines import comment, scalar

Judgement = tuple[str, str]
"""``offered``, ``not_offered`` or ``unknown``, and why."""


def lines(facts: Facts) -> Iterator[str]:
    yield from comment(
        "What the sandbox has. What is offered is checked; what is not_offered is reported as absent; what is unknown "
        "stays unproven until you say."
    )
    yield "capabilities:"
    for name, judge in CAPABILITIES.items():
        word, why = judge(facts)
        yield f"  {name}: {word} # {facts.shown(why)}"
    yield from _idempotency(facts)


def _idempotency(facts: Facts) -> Iterator[str]:
    yield ""
    header, operation = key_header(facts.contract)
    if header:
        yield from comment(f"{facts.shown(operation)} takes this header.")
        yield f"idempotency: {{header: {scalar(header)}}}"
    else:
        yield "# idempotency: {header: Idempotency-Key}   # where repeated writes can be told by a key"


def _pagination(facts: Facts) -> Judgement:
    found = guess(facts.contract)
    if found is not None:
        return "offered", f"{found.operation} takes {', '.join(found.parameters)}"
    if any(operation.method == "GET" for operation in facts.contract.operations):
        return "unknown", "no read takes parameters that look like paging"
    return "not_offered", "the contract has no reads"


def _idempotent(facts: Facts) -> Judgement:
    header, operation = key_header(facts.contract)
    return ("offered", f"{operation} takes {header}") if header else ("unknown", "the contract names no such header")


def _audit(facts: Facts) -> Judgement:
    trails = [op.id for op in facts.contract.operations if op.method == "GET" and "audit" in op.path.lower()]
    if trails:
        return "unknown", f"{trails[0]} may be the trail; describe it in an audit section, and say offered"
    return "unknown", "the contract names no audit trail"


def _webhooks(facts: Facts) -> Judgement:
    document = facts.contract.document
    if document.get("webhooks"):
        return "offered", "the contract describes webhooks"
    callbacks = any(
        isinstance(item, dict) and any(isinstance(op, dict) and "callbacks" in op for op in item.values())
        for item in document.get("paths", {}).values()
    )
    return ("offered", "the contract describes callbacks") if callbacks else ("unknown", "the contract describes none")


def _refresh_tokens(facts: Facts) -> Judgement:
    schemes = facts.contract.document.get("components", {}).get("securitySchemes", {})
    flows = [
        flow
        for scheme in schemes.values()
        if isinstance(scheme, dict)
        for flow in scheme.get("flows", {}).values()
        if isinstance(flow, dict)
    ]
    if any("refreshUrl" in flow for flow in flows):
        return "offered", "a flow of the contract has a refreshUrl"
    return (
        ("unknown", "the contract names no refreshUrl") if flows else ("not_offered", "nothing signs in by OAuth 2.0")
    )


CAPABILITIES: dict[str, Callable[[Facts], Judgement]] = {
    "pagination": _pagination,
    "idempotency": _idempotent,
    "audit": _audit,
    "webhooks": _webhooks,
    "refresh_tokens": _refresh_tokens,
}
