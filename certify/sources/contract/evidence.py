"""All that the jobs reported, added up by operation, and what of the contract was not exercised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from certify.model.exercise import why_never
from certify.model.outcome import Unexercised
from certify.sources.contract.candidates import JobReport, Tally
from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.mapping import CREDENTIALS, INVALID, OURS, VALID
from certify.sources.contract.standing import LOST, Step, last_before_loss
from certify.sources.contract.volume import BUDGET


@dataclass(frozen=True)
class Evidence:
    """``facts`` and ``tallies`` go by the engine's label; ``left_out`` are the ids of operations that were not sent
    anything on purpose, with the reason."""

    reports: Sequence[JobReport]
    facts: Mapping[str, OperationFacts]
    tallies: Mapping[str, Tally]
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        return sum(tally.cases for tally in self.tallies.values())

    @property
    def exercised(self) -> list[str]:
        """Operations that answered with a success at least once."""
        return [label for label in self.facts if label in self.tallies and self.tallies[label].successes]

    @property
    def never_exercised(self) -> list[str]:
        done = set(self.exercised)
        return [label for label in self.facts if label not in done]

    @property
    def untouched(self) -> list[str]:
        """Operations that should have been sent something, and were not."""
        return [label for label in self.facts if label not in self.tallies]

    def ended(self, reason: str) -> bool:
        """Whether a job was ended by us, for this reason."""
        return any(report.stop_reason == reason for report in self.reports)

    @property
    def last_step(self) -> Step | None:
        """What the identity was granted last, where it was lost."""
        if not self.ended(LOST):
            return None
        return last_before_loss(step for report in self.reports for step in report.steps)

    @property
    def control(self) -> Step | None:
        """A read that succeeded with the identity's credentials, the latest that is known."""
        reads = [step for report in self.reports for step in report.steps if step.safe and 200 <= step.status < 300]
        return max(reads, key=lambda step: step.at, default=None)

    def name(self, label: str) -> str:
        """The operation's id, as we name it."""
        return self.facts[label].id if label in self.facts else label

    def share(self, *statuses: int) -> float:
        """The share of all answers with one of these statuses."""
        hits = sum(tally.answered(*statuses) for tally in self.tallies.values())
        return hits / max(1, sum(sum(t.positive.values()) + sum(t.negative.values()) for t in self.tallies.values()))

    def requests(self, check: str) -> int:
        """The requests that were sent for a check: each request counts for one check only."""
        counted = {
            VALID: lambda tally: sum(tally.positive.values()),
            INVALID: lambda tally: sum(tally.negative.values()),
            CREDENTIALS: lambda tally: tally.probes,
        }.get(check)
        return sum(counted(tally) for tally in self.tallies.values()) if counted else 0

    def dropped(self, check: str) -> dict[str, int]:
        """How many candidates of a check of ours were explained away, by rule."""
        counts: dict[str, int] = {}
        for report in self.reports:
            for name, rules in report.dropped.items():
                for rule, count in rules.items() if OURS.get(name) == check else ():
                    counts[rule] = counts.get(rule, 0) + count
        return counts

    @property
    def trouble(self) -> dict[str, str]:
        """What the engine failed at, by operation or phase."""
        return {label: text for report in self.reports for label, text in report.errors.items()}

    @property
    def given_up(self) -> list[str]:
        """Operations that the engine failed at before they ever succeeded, or that it silently sent nothing.

        NOTE: an answer that it cannot read ends the engine's thread, and with it its run, without an error.
        """
        return [label for label in self.never_exercised if label in self.trouble or label not in self.tallies]


def gather(reports: Sequence[JobReport], facts: Mapping[str, OperationFacts], left_out: Mapping[str, str]) -> Evidence:
    """Add up what the jobs reported."""
    tallies: dict[str, Tally] = {}
    for tally in (tally for report in reports for tally in report.tallies):
        known = tallies.get(tally.label)
        tallies[tally.label] = _add(known, tally) if known else tally
    return Evidence(reports, facts, tallies, left_out)


def unexercised(evidence: Evidence) -> tuple[Unexercised, ...]:
    """Every operation without a success, and why: left out, cut off, or refused again and again."""
    told = {**evidence.left_out, **{evidence.name(label): _why(label, evidence) for label in evidence.never_exercised}}
    return tuple(Unexercised(operation, why) for operation, why in told.items())


def _why(label: str, evidence: Evidence) -> str:
    tally = evidence.tallies.get(label)
    if tally is None:
        return _why_untouched(label, evidence)
    # Refusals of invalid input say nothing of why valid input did not succeed.
    answers = tally.positive or tally.negative
    return why_never({**answers, "no answer": tally.lost} if tally.lost else answers)


def _why_untouched(label: str, evidence: Evidence) -> str:
    if label in evidence.trouble:
        return f"the engine had trouble with it: {evidence.trouble[label][:160]}"
    if evidence.ended(LOST):
        return "left undone: the identity that sends the requests was lost"
    if evidence.ended(BUDGET):
        return f"left undone: {BUDGET}"
    return why_never({})


def _add(one: Tally, other: Tally) -> Tally:
    return Tally(
        one.label,
        one.cases + other.cases,
        _sum(one.by_phase, other.by_phase),
        _sum(one.positive, other.positive),
        _sum(one.negative, other.negative),
        one.probes + other.probes,
        one.lost + other.lost,
    )


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in (*one, *(key for key in other if key not in one))}
