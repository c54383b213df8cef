"""How much of the contract a run exercised. What was not counts against coverage, never against the partner.

An operation is *exercised* when it answered with a success at least once, whoever sent the request. Of the others the
source that tried says why, and where none does, the answers do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from certify.model.exercise import why_never
from certify.model.outcome import Outcome
from certify.model.plan import ContractFacts
from certify.model.report import Coverage, ReportedOperation


def coverage(
    contract: ContractFacts, statuses: Mapping[str, Counter[str]], reasons: Mapping[str, str] | None = None
) -> Coverage:
    """``statuses`` counts answers by operation and code; ``reasons`` are those that sources gave, by operation."""
    told = reasons or {}
    details = tuple(_operation(name, statuses.get(name, Counter()), told.get(name, "")) for name in contract.operations)
    aside = (ReportedOperation(name, 0, False, {}, f"not tested: {why}") for name, why in contract.set_aside.items())
    details = (*details, *aside)
    return Coverage(len(details), sum(item.succeeded for item in details), details)


def reasons_told(outcomes: Iterable[Outcome]) -> dict[str, str]:
    """Why operations were not exercised, as the sources say. The last word counts."""
    return {item.operation: item.why for outcome in outcomes for item in outcome.unexercised}


def _operation(name: str, statuses: Counter[str], told: str) -> ReportedOperation:
    succeeded = any(status.startswith("2") for status in statuses)
    why = "" if succeeded else (told or why_never(statuses))
    return ReportedOperation(name, statuses.total(), succeeded, dict(sorted(statuses.items())), why)
