"""The exchanges that a report shows, and how each operation fared: one pass over the record, bounded in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from certify.model.exchange import Exchange, ReceivedResponse
from certify.model.plan import ContractFacts
from certify.model.report import Coverage, ReportedOperation

BODY_SHOWN = 4_000
"""Characters of a body that a report carries; the run directory holds more."""
MAX_EVIDENCE = 200


@dataclass(frozen=True)
class Digested:
    """What one pass over the exchanges gives."""

    evidence: Mapping[str, Exchange]
    coverage: Coverage
    requests: int


def digest_exchanges(exchanges: Iterable[Exchange], cited: Iterable[str], contract: ContractFacts) -> Digested:
    """Keep the cited exchanges (the first ``MAX_EVIDENCE``) and count the rest."""
    wanted = set(list(dict.fromkeys(cited))[:MAX_EVIDENCE])
    evidence: dict[str, Exchange] = {}
    statuses: dict[str, Counter[str]] = defaultdict(Counter)
    count = 0
    for exchange in exchanges:
        count += 1
        if exchange.id in wanted:
            evidence[exchange.id] = shown(exchange)
        if exchange.operation:
            status = str(exchange.response.status) if exchange.response else "no answer"
            statuses[exchange.operation][status] += 1
    return Digested(evidence, _coverage(contract, statuses), count)


def shown(exchange: Exchange) -> Exchange:
    """An exchange with its bodies cut to what a report carries."""
    request, response = exchange.request, exchange.response
    if request.body and len(request.body) > BODY_SHOWN:
        request = replace(request, body=request.body[:BODY_SHOWN] + "…")
    return replace(exchange, request=request, response=_cut(response) if response else None)


def _cut(response: ReceivedResponse) -> ReceivedResponse:
    if len(response.body) <= BODY_SHOWN:
        return response
    return replace(response, body=response.body[:BODY_SHOWN] + "…", truncated=True)


def _coverage(contract: ContractFacts, statuses: Mapping[str, Counter[str]]) -> Coverage:
    details = tuple(_operation(name, statuses.get(name, Counter())) for name in contract.operations)
    return Coverage(len(details), sum(item.succeeded for item in details), details)


def _operation(name: str, statuses: Counter[str]) -> ReportedOperation:
    succeeded = any(status.startswith("2") for status in statuses)
    return ReportedOperation(name, statuses.total(), succeeded, dict(sorted(statuses.items())))
