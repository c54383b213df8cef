"""Which operations go together in one process, and in which order the work is handed out.

The engine is bound by the processor, so work is split over processes. Three things decide how:

- What the engine learns from one operation (ids that exist) it uses in others of the same resource; so the operations
  of one resource stay together.
- The stateful phase walks links across all operations, takes longest, and cannot be split: it goes alone, and first.
- A resource that outweighs its fair share is split by phase, never by operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from certify.sources.contract.facts import OperationFacts

UNIT_PHASES = ("examples", "coverage", "fuzzing")
ALL_PHASES = (*UNIT_PHASES, "stateful")


@dataclass(frozen=True)
class Job:
    """One run of the engine: these operations (by label) in these phases. ``weight`` orders the queue."""

    name: str
    labels: tuple[str, ...]
    phases: tuple[str, ...]
    weight: float = 0.0


def plan_jobs(operations: Sequence[OperationFacts], processes: int) -> list[Job]:
    """Split the work for this many processes, the longest job first. One process gets one job: the plain run."""
    labels = tuple(facts.label for facts in operations)
    if processes <= 1 or not labels:
        return [Job("contract-1", labels, ALL_PHASES, 1.0)] if labels else []
    stateful = Job("", labels, ("stateful",), float("inf"))
    units = _split_heavy(_pack(_families(operations), processes), processes)
    ordered = [stateful, *sorted(units, key=lambda job: -job.weight)]
    return [Job(f"contract-{n}", job.labels, job.phases, job.weight) for n, job in enumerate(ordered, start=1)]


def weigh(facts: OperationFacts) -> float:
    """Roughly how long an operation takes: bodies and parameters multiply the coverage cases."""
    return 1.0 + 0.5 * facts.parameters + (2.0 if facts.has_body else 0.0)


def _families(operations: Sequence[OperationFacts]) -> list[list[OperationFacts]]:
    """Operations by resource: what lies below a collection belongs to it, however deep."""
    collections = sorted({_collection(facts) for facts in operations}, key=len)
    families: dict[str, list[OperationFacts]] = {}
    for facts in operations:
        own = _collection(facts)
        home = next(root for root in collections if own == root or own.startswith(root + "/"))
        families.setdefault(home, []).append(facts)
    return list(families.values())


def _collection(facts: OperationFacts) -> str:
    """The path up to the first parameter that follows a name: ``/v1/leads`` of ``/v1/leads/{id}/notes``."""
    kept: list[str] = []
    for segment in facts.label.split(" ", 1)[1].strip("/").split("/"):
        if segment.startswith("{") and any(not known.startswith("{") for known in kept):
            break
        kept.append(segment)
    return "/" + "/".join(kept)


def _pack(families: list[list[OperationFacts]], processes: int) -> list[list[OperationFacts]]:
    """Longest processing time first, into two bins a process: enough to balance, few enough to start quickly."""
    bins: list[list[OperationFacts]] = [[] for _ in range(min(len(families), 2 * processes))]
    for family in sorted(families, key=_weight, reverse=True):
        min(bins, key=_weight).extend(family)
    return bins


def _split_heavy(bins: Iterable[list[OperationFacts]], processes: int) -> list[Job]:
    bins = list(bins)
    fair = sum(_weight(group) for group in bins) / processes
    jobs: list[Job] = []
    for group in bins:
        labels, weight = tuple(facts.label for facts in group), _weight(group)
        parts = [UNIT_PHASES] if weight <= 1.2 * fair else [UNIT_PHASES[:2], UNIT_PHASES[2:]]
        jobs += [Job("", labels, phases, weight / len(parts)) for phases in parts]
    return jobs


def _weight(group: Iterable[OperationFacts]) -> float:
    return sum(weigh(facts) for facts in group)
