"""The exchanges that a report shows, and how each operation fared: one pass over the record, bounded in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from certify.model.exchange import Exchange, ReceivedResponse

BODY_SHOWN = 4_000
"""Characters of a body that a report carries; the run directory holds more."""
MAX_EVIDENCE = 200


@dataclass(frozen=True)
class Digested:
    """What one pass over the exchanges gives.

    ``statuses`` counts answers by operation and status code, ``touched`` are the operations that each check called.
    """

    evidence: Mapping[str, Exchange]
    statuses: Mapping[str, Counter[str]]
    requests: int
    touched: Mapping[str, frozenset[str]]


def digest_exchanges(exchanges: Iterable[Exchange], cited: Iterable[str]) -> Digested:
    """Keep the cited exchanges (the first ``MAX_EVIDENCE``) and count the rest."""
    wanted = set(list(dict.fromkeys(cited))[:MAX_EVIDENCE])
    evidence: dict[str, Exchange] = {}
    statuses: dict[str, Counter[str]] = defaultdict(Counter)
    touched: dict[str, set[str]] = defaultdict(set)
    count = 0
    for exchange in exchanges:
        count += 1
        if exchange.id in wanted:
            evidence[exchange.id] = shown(exchange)
        if exchange.operation:
            status = str(exchange.response.status) if exchange.response else "no answer"
            statuses[exchange.operation][status] += 1
            touched[exchange.check].add(exchange.operation)
    return Digested(evidence, statuses, count, {name: frozenset(found) for name, found in touched.items()})


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
