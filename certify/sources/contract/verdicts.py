"""The outcome of each check. Failed only by what was confirmed; passed only by what was examined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from certify.model.check import Check
from certify.model.outcome import Finding, Outcome, Reason, Status, Weight
from certify.sources.contract.candidates import OUR_OWN, JobReport, Tally
from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.mapping import CREDENTIALS, INVALID, NEEDS_SUCCESS, OURS, VALID

ENOUGH = 0.5
"""Share of the operations that must have succeeded before acceptance and rejection mean anything."""
TOO_THROTTLED = 0.2
"""Share of answers by a limiter from which on nothing else can be told."""

Verdict = tuple[Status, Reason | None, str]


@dataclass(frozen=True)
class Evidence:
    """All that the jobs reported, by operation. ``left_out`` are operations that were not sent anything, on purpose."""

    reports: Sequence[JobReport]
    facts: Mapping[str, OperationFacts]
    tallies: Mapping[str, Tally]
    left_out: tuple[str, ...] = ()

    @property
    def cases(self) -> int:
        return sum(tally.cases for tally in self.tallies.values())

    @property
    def exercised(self) -> list[str]:
        """Operations that answered with a success at least once."""
        return [label for label in self.facts if label in self.tallies and self.tallies[label].successes]

    @property
    def never_exercised(self) -> list[str]:
        return [label for label in self.facts if label not in set(self.exercised)]

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


def gather(reports: Sequence[JobReport], facts: Mapping[str, OperationFacts], left_out: Iterable[str]) -> Evidence:
    """Add up what the jobs reported."""
    tallies: dict[str, Tally] = {}
    for tally in (tally for report in reports for tally in report.tallies):
        known = tallies.get(tally.label)
        tallies[tally.label] = _add(known, tally) if known else tally
    return Evidence(reports, facts, tallies, tuple(left_out))


def outcome(
    check: Check,
    evidence: Evidence,
    findings: Sequence[Finding],
    unstable: Sequence[Finding],
    *,
    started: float,
    now: float,
) -> Outcome:
    """The outcome of one check: findings first, then doubt, and only then a pass."""
    if any(finding.weight is Weight.VIOLATION for finding in findings):
        status, reason, why = Status.FAILED, None, ""
    else:
        status, reason, why = _doubt(check.id, evidence, unstable) or (Status.PASSED, None, "")
    return Outcome(
        check=check.id,
        status=status,
        source="contract",
        reason=reason,
        findings=(*findings, *unstable),
        started=started,
        seconds=round(now - started, 3),
        requests=evidence.requests(check.id),
        note=". ".join(part for part in (why, *_notes(check.id, evidence)) if part),
    )


def _doubt(check: str, evidence: Evidence, unstable: Sequence[Finding]) -> Verdict | None:
    """Why a check without findings has still not passed, the most fundamental reason first."""
    return (
        _engine_failed(evidence)
        or _nothing_came(evidence)
        or _throttled(evidence)
        or _incomplete(evidence)
        or _unstable(unstable)
        or _unexamined(check, evidence)
    )


def _engine_failed(evidence: Evidence) -> Verdict | None:
    """The engine could not run, or we could not follow it: ours, whatever the partner did."""
    broken = [report for report in evidence.reports if report.exit_code not in (0, 1) or OUR_OWN in report.errors]
    if not broken:
        return None
    errors = broken[0].errors
    why = errors.get(OUR_OWN) or next(iter(errors.values()), f"exit code {broken[0].exit_code}")
    return Status.ERRORED, Reason.CRASHED, f"the engine could not run, or could not be followed: {why}"


def _nothing_came(evidence: Evidence) -> Verdict | None:
    if not evidence.facts:
        return Status.NOT_APPLICABLE, Reason.NOTHING_TO_TEST, "the contract has no operation that may be called"
    if evidence.exercised:
        return None
    if evidence.share(401, 403) >= ENOUGH:
        return Status.INCONCLUSIVE, Reason.CONTROL_FAILED, "the identity that fuzzes was refused everywhere (401, 403)"
    return Status.INCONCLUSIVE, Reason.TOO_LITTLE_TRAFFIC, "no operation ever answered with a success"


def _throttled(evidence: Evidence) -> Verdict | None:
    share = evidence.share(429, 503)
    if share <= TOO_THROTTLED:
        return None
    return Status.INCONCLUSIVE, Reason.THROTTLED, f"{share:.0%} of the answers were 429 or 503, even after waiting"


def _incomplete(evidence: Evidence) -> Verdict | None:
    stopped = [report for report in evidence.reports if not report.complete]
    if not stopped:
        return None
    why = stopped[0].stop_reason or "an error of the engine"
    return Status.INCONCLUSIVE, Reason.CANNOT_TELL, f"the engine stopped before its work was done: {why}"


def _unstable(unstable: Sequence[Finding]) -> Verdict | None:
    if not any(finding.weight is Weight.VIOLATION for finding in unstable):
        return None
    return Status.INCONCLUSIVE, Reason.UNSTABLE, "a failure was seen once and did not happen again"


def _unexamined(check: str, evidence: Evidence) -> Verdict | None:
    total = len(evidence.facts)
    if check in NEEDS_SUCCESS and len(evidence.exercised) < ENOUGH * total:
        why = f"only {len(evidence.exercised)} of {total} operations ever answered with a success"
        return Status.INCONCLUSIVE, Reason.TOO_LITTLE_TRAFFIC, why
    if check == INVALID and not evidence.requests(INVALID):
        return Status.NOT_APPLICABLE, Reason.NOTHING_TO_TEST, "no operation takes input that could be invalid"
    return _unprobed(evidence) if check == CREDENTIALS else None


def _unprobed(evidence: Evidence) -> Verdict | None:
    secured = [label for label, facts in evidence.facts.items() if facts.secured]
    probed = [label for label in secured if label in evidence.tallies and evidence.tallies[label].probes]
    if not secured:
        return Status.NOT_APPLICABLE, Reason.NOTHING_TO_TEST, "the contract secures no operation"
    if len(probed) < ENOUGH * len(secured):
        why = f"only {len(probed)} of {len(secured)} secured operations could be tried without credentials"
        return Status.INCONCLUSIVE, Reason.TOO_LITTLE_TRAFFIC, why
    return None


def _notes(check: str, evidence: Evidence) -> list[str]:
    """What a reader must know to believe a pass: how much was sent, what was not, what was explained away."""
    notes = [f"{evidence.cases} cases on {len(evidence.tallies)} of {len(evidence.facts)} operations"]
    if evidence.never_exercised:
        notes.append(f"never answered with a success: {_named(evidence.never_exercised, evidence.facts)}")
    if evidence.left_out:
        notes.append(f"left out: {', '.join(evidence.left_out)}")
    if dropped := _dropped(check, evidence):
        notes.append("explained away: " + ", ".join(f"{rule} ×{count}" for rule, count in sorted(dropped.items())))
    if errors := {label: text for report in evidence.reports for label, text in report.errors.items()}:
        notes.append(
            "the engine had trouble with: " + "; ".join(f"{label} ({text[:80]})" for label, text in errors.items())
        )
    return notes


def _named(labels: Sequence[str], facts: Mapping[str, OperationFacts]) -> str:
    shown = ", ".join(facts[label].id for label in labels[:12])
    return shown + (f" and {len(labels) - 12} more" if len(labels) > 12 else "")


def _dropped(check: str, evidence: Evidence) -> dict[str, int]:
    counts: dict[str, int] = {}
    for report in evidence.reports:
        for name, rules in report.dropped.items():
            for rule, count in rules.items() if OURS.get(name) == check else ():
                counts[rule] = counts.get(rule, 0) + count
    return counts


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
