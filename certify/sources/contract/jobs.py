"""Which operations go together in one process, and in which order the work is handed out.

The engine is bound by the processor, so work is split over processes. Three things decide how:

- What the engine learns from one operation (ids that exist) it uses in others of the same resource; so the operations
  of one resource stay together.
- The stateful phase walks links across all operations, and cannot be split: it goes alone, and first.
- Where processes would end far apart, a group of operations is split by phase, never by operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from certify.sources.contract.facts import OperationFacts, collection_of

UNIT_PHASES = ("examples", "coverage", "fuzzing")
ALL_PHASES = (*UNIT_PHASES, "stateful")
STATEFUL_SHARE = 0.2
"""What the stateful phase takes, as a share of all other work; measured on two APIs."""
TOLERATED = 1.08
"""How much later than the ideal the last process may end before a job is split for it."""


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
    units = _even_out(_pack(_families(operations), processes), processes)
    stateful = Job("", labels, ("stateful",), STATEFUL_SHARE * sum(job.weight for job in units))
    ordered = [stateful, *units]
    return [Job(f"contract-{n}", job.labels, job.phases, job.weight) for n, job in enumerate(ordered, start=1)]


def weigh(facts: OperationFacts) -> float:
    """Roughly how long an operation takes: bodies and parameters multiply the coverage cases."""
    return 1.0 + 0.5 * facts.parameters + (2.0 if facts.has_body else 0.0)


def _families(operations: Sequence[OperationFacts]) -> list[list[OperationFacts]]:
    """Operations by resource: what lies below a collection belongs to it, however deep."""
    collections = sorted({collection_of(facts.label) for facts in operations}, key=len)
    families: dict[str, list[OperationFacts]] = {}
    for facts in operations:
        own = collection_of(facts.label)
        home = next(root for root in collections if own == root or own.startswith(root + "/"))
        families.setdefault(home, []).append(facts)
    return list(families.values())


def _pack(families: list[list[OperationFacts]], processes: int) -> list[list[OperationFacts]]:
    """Longest processing time first, into two bins a process: enough to balance, few enough to start quickly."""
    bins: list[list[OperationFacts]] = [[] for _ in range(min(len(families), 2 * processes))]
    for family in sorted(families, key=_weight, reverse=True):
        min(bins, key=_weight).extend(family)
    return bins


def _even_out(groups: Iterable[list[OperationFacts]], processes: int) -> list[Job]:
    """Jobs of all phases, the heaviest first; while the last process would end much later than it need, one is split.

    A group that outweighs its fair share is split first, otherwise the lightest: small jobs at the end even it out.
    A split that brings nothing is not made, since what one phase learns serves the next.
    """
    jobs = [Job("", tuple(facts.label for facts in group), UNIT_PHASES, _weight(group)) for group in groups]
    fair = (1 + STATEFUL_SHARE) * sum(job.weight for job in jobs) / processes
    while _last_end(jobs, processes) > TOLERATED * fair:
        whole = sorted((job for job in jobs if job.phases == UNIT_PHASES), key=lambda job: job.weight)
        tried = _with_split(jobs, whole[-1] if whole[-1].weight > fair else whole[0]) if whole else jobs
        if _last_end(tried, processes) >= _last_end(jobs, processes):
            break
        jobs = tried
    return sorted(jobs, key=lambda job: -job.weight)


def _with_split(jobs: list[Job], heavy: Job) -> list[Job]:
    others = [job for job in jobs if job is not heavy]
    return others + [
        replace(heavy, phases=part, weight=heavy.weight / 2) for part in (UNIT_PHASES[:2], UNIT_PHASES[2:])
    ]


def _last_end(jobs: list[Job], processes: int) -> float:
    """When the last process is done, if each takes the next job as soon as it is free."""
    weights = sorted((job.weight for job in jobs), reverse=True)
    ends = [STATEFUL_SHARE * sum(weights)] + [0.0] * (processes - 1)
    for weight in weights:
        ends[ends.index(min(ends))] += weight
    return max(ends)


def _weight(group: Iterable[OperationFacts]) -> float:
    return sum(weigh(facts) for facts in group)
