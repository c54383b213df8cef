"""The outcome of each check. Failed only by what was confirmed; passed only by what was examined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from certify.model.check import Check
from certify.model.outcome import Finding, Outcome, Reason, Status, Weight
from certify.sources.contract.candidates import OUR_OWN
from certify.sources.contract.evidence import Evidence, unexercised
from certify.sources.contract.mapping import CREDENTIALS, INVALID, NEEDS_SUCCESS
from certify.sources.contract.standing import LOST
from certify.sources.contract.volume import BUDGET

ENOUGH = 0.5
"""Share of the operations that must have succeeded before acceptance and rejection mean anything."""
TOO_THROTTLED = 0.2
"""Share of answers by a limiter from which on nothing else can be told."""

Verdict = tuple[Status, Reason | None, str]


def outcome(
    check: Check,
    evidence: Evidence,
    findings: Sequence[Finding],
    unstable: Sequence[Finding],
    *,
    started: float,
    now: float,
    spent: str = "",
    coverage: bool = False,
) -> Outcome:
    """The outcome of one check: findings first, then doubt, and only then a pass.

    ``spent`` is the bound of the run for which something unstable was not even sent again.
    ``coverage`` adds what was not exercised, which is told once for all checks.
    """
    if any(finding.weight is Weight.VIOLATION for finding in findings):
        status, reason, why = Status.FAILED, None, ""
    else:
        status, reason, why = _doubt(check.id, evidence, unstable, spent) or (Status.PASSED, None, "")
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
        unexercised=unexercised(evidence) if coverage else (),
    )


def _doubt(check: str, evidence: Evidence, unstable: Sequence[Finding], spent: str) -> Verdict | None:
    """Why a check without findings has still not passed, the most fundamental reason first."""
    return (
        _engine_failed(evidence)
        or _identity_lost(evidence)
        or _budget_spent(evidence)
        or _nothing_came(evidence)
        or _throttled(evidence)
        or _cut_off(evidence)
        or _incomplete(evidence)
        or _given_up(evidence)
        or _unstable(unstable, spent)
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


def _identity_lost(evidence: Evidence) -> Verdict | None:
    """Everything after the loss is 401, whatever the partner did: so nothing is said of it."""
    if not evidence.ended(LOST):
        return None
    step = evidence.last_step
    after = f" since {evidence.name(step.label)} ({step.label} answered {step.status})" if step else ""
    why = (
        f"the identity that sends the generated requests was lost: it has been refused everywhere{after}. Give them an "
        "identity of their own in the profile (identities.fuzz), or leave the operation out (generated.leave_out)"
    )
    return Status.INCONCLUSIVE, Reason.CONTROL_FAILED, why


def _budget_spent(evidence: Evidence) -> Verdict | None:
    """A bound of the run stopped the engine: what it had not reached is left undone, and said."""
    why = next((report.budget for report in evidence.reports if report.budget), "")
    if not why:
        return None
    untouched = [evidence.name(label) for label in evidence.untouched]
    more = f" and {len(untouched) - 12} more" if len(untouched) > 12 else ""
    left = f"not reached: {', '.join(untouched[:12])}{more}" if untouched else "every operation was begun"
    return Status.NOT_RUN, Reason.BUDGET, f"generating stopped early: {why}; {left}"


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


def _cut_off(evidence: Evidence) -> Verdict | None:
    """Enough was sent before every operation had its turn."""
    if not evidence.ended(BUDGET) or not evidence.untouched:
        return None
    total, left = len(evidence.facts), len(evidence.untouched)
    return Status.NOT_RUN, Reason.BUDGET, f"{BUDGET} before {left} of {total} operations had their turn"


def _incomplete(evidence: Evidence) -> Verdict | None:
    stopped = [report for report in evidence.reports if not report.complete and report.stop_reason != BUDGET]
    if not stopped:
        return None
    gone = next((report for report in stopped if report.stop_reason == "server_unavailable"), None)
    if gone is not None:
        said = " ".join(gone.errors.get("Server", "").partition(": ")[2].split())
        why = f"the sandbox stopped answering while requests were generated. {said}".strip(". ")
        return Status.INCONCLUSIVE, Reason.CANNOT_TELL, why
    why = stopped[0].stop_reason or "an error of the engine"
    return Status.INCONCLUSIVE, Reason.CANNOT_TELL, f"the engine stopped before its work was done: {why}"


def _given_up(evidence: Evidence) -> Verdict | None:
    """The engine failed at an operation: at its schema, or at what it answers. Nobody examined it."""
    if not evidence.given_up:
        return None
    names = _listed(map(evidence.name, evidence.given_up))
    why = f"the engine could not examine {names} (generated.leave_out in the profile goes on without)"
    return Status.INCONCLUSIVE, Reason.CANNOT_TELL, why


def _unstable(unstable: Sequence[Finding], spent: str) -> Verdict | None:
    if not any(finding.weight is Weight.VIOLATION for finding in unstable):
        return None
    if spent:
        return Status.NOT_RUN, Reason.BUDGET, f"a failure was seen, and could not be sent again to confirm it: {spent}"
    return Status.INCONCLUSIVE, Reason.UNSTABLE, "a failure was seen, and not again when it was to be confirmed"


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
        notes.append(f"never answered with a success: {_listed(map(evidence.name, evidence.never_exercised))}")
    if evidence.left_out:
        notes.append(f"left out: {_listed(evidence.left_out)}")
    if dropped := evidence.dropped(check):
        notes.append("explained away: " + ", ".join(f"{rule} ×{count}" for rule, count in sorted(dropped.items())))
    if evidence.trouble:
        trouble = [f"{label} ({text[:80]})" for label, text in evidence.trouble.items()]
        notes.append(f"the engine had trouble with: {_listed(trouble, '; ')}")
    return notes


def _listed(names: Iterable[str], between: str = ", ") -> str:
    """The first dozen of a list, and how many more there are."""
    named = list(names)
    more = f" and {len(named) - 12} more" if len(named) > 12 else ""
    return between.join(named[:12]) + more
