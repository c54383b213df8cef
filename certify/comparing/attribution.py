"""Whose change is it? A run that was made again differs by the harness, by the partner, or by nothing that lasts. Pure.

1. **Harness first.** Where contract, playbook, suites, profile, certify or a tool is another one, what that can
   explain is no change of the partner: a changed playbook explains what it asks for, all else explains everything. A
   suite file may be imported by any other, so one that changed is not held against its own checks alone.
2. **Unstable** is what differs within one run as well: a flaky check, a request that one run answered both ways.
3. **Partner** is what neither explains, and what an exchange shows: the same request, answered differently.
4. Everything else is **uncertain**: the harness ran out of budget, people decide it, nothing recorded shows it, or it
   may as well be the way to the sandbox, a limit that somebody else used up, or credentials that ended.

A run that is not complete reproduces nothing, and neither do two runs in which no check got an answer: nothing is *the
same* as silence. *The same* is every status, its reason, its steadiness, and what was found, advice too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from certify.comparing.comparison import CheckChange, Comparison, FindingChange, Turn, Witness
from certify.model.outcome import Reason


class Whose(StrEnum):
    HARNESS = "harness"
    PARTNER = "partner"
    UNSTABLE = "unstable"
    UNCERTAIN = "uncertain"


class Told(StrEnum):
    """What came of it all; only the first says that the verdict was reproduced."""

    SAME = "same"
    PARTNER = "partner"
    UNTOLD = "cannot_tell"

    @property
    def exit_code(self) -> int:
        return {Told.SAME: 0, Told.PARTNER: 1, Told.UNTOLD: 3}[self]


@dataclass(frozen=True)
class Attributed:
    """A difference and whose it is. ``subject`` is a check, an answer, or a milestone; ``told`` what differs."""

    subject: str
    told: str
    whose: Whose
    why: str
    witness: Witness | None = None


@dataclass(frozen=True)
class Attribution:
    """``harness`` tells what of the harness is another one; the differences follow, each attributed."""

    outcome: Told
    why: str
    harness: tuple[str, ...] = ()
    differences: tuple[Attributed, ...] = ()


OURS = (Reason.BUDGET, Reason.INTERRUPTED, Reason.CRASHED, Reason.NO_PERMISSION, Reason.MISSING_IDENTITY)
"""Reasons that speak of a run or a profile, never of a sandbox."""
ANSWERED = (Turn.SAME, Turn.STILL_FAILING)
"""What became of a check that both runs got the same answer to."""
ONE_ALONE = "only one of the runs had it"


def attribute(comparison: Comparison) -> Attribution:
    """Attribute every difference of a run and its reproduction."""
    found = [*_checks(comparison), *_findings(comparison)]
    found += _milestones(comparison) if not any(change.before != change.after for change in comparison.checks) else []
    harness = (
        *_harness(comparison),
        *(f"checks {item.subject}: {item.told}" for item in found if item.why == ONE_ALONE),
    )
    outcome, why = _outcome(comparison, harness, found)
    return Attribution(outcome, why, harness, tuple(found))


def _outcome(comparison: Comparison, harness: tuple[str, ...], found: list[Attributed]) -> tuple[Told, str]:
    cut = [side.run for side in (comparison.before, comparison.after) if not side.complete]
    partners = sum(item.whose is Whose.PARTNER for item in found)
    if cut:
        return Told.UNTOLD, f"run {' and '.join(cut)} is not complete, so nothing is the same as it"
    if partners:
        return Told.PARTNER, f"{partners} of {len(found)} differences are the partner's, shown by what it answered"
    if harness:
        same = "the outcomes are the same, but the" if not found else "the"
        return Told.UNTOLD, f"{same} harness is another one, so it was not the same run again"
    if found:
        return Told.UNTOLD, "what was found differs, and nothing shows that the partner changed"
    if not any(comparison.counts.get(turn) for turn in ANSWERED):
        return Told.UNTOLD, "no check got an answer in either run, and silence is not the same as silence"
    return Told.SAME, "the same harness, the same verdict and the same outcomes"


# — the harness —


def _harness(comparison: Comparison) -> Iterator[str]:
    """What is another one, in words."""
    for fact in comparison.facts:
        yield f"{fact.part} {fact.name}: {fact.before or 'none'} → {fact.after or 'none'}"
    for suite in comparison.suites:
        yield f"suites {suite.file}: {suite.before} → {suite.after}"


def _explained(comparison: Comparison, check: str) -> str:
    """What of the harness can explain a difference at a check; empty where nothing can."""
    for suite in comparison.suites:
        if check in suite.checks:
            return f"its suite, {suite.file}, is another one"
    parts = dict.fromkeys([*(fact.part for fact in comparison.facts), *("suites" for _ in comparison.suites)])
    parts.pop("playbook", None)  # it says what outcomes mean, and none of it reaches a check
    if "playbook" in {fact.part for fact in comparison.facts} and check.startswith("answer:"):
        return "the playbook is another one"
    return f"{', '.join(parts)} changed, which can explain it" if parts else ""


# — the differences —


def _checks(comparison: Comparison) -> Iterator[Attributed]:
    for change in comparison.checks:
        before, after = _ended(change.before, change.reason_before), _ended(change.after, change.reason_after)
        if before != after:
            whose, why = _whose(comparison, change)
            yield Attributed(change.subject, f"{before} → {after}", whose, why, change.witness)
        elif bool(change.flaky_before) != bool(change.flaky_after):
            told = f"{change.flaky_before or 'steady'} → {change.flaky_after or 'steady'}"
            yield Attributed(change.subject, told, *_whose(comparison, change))


def _ended(status: str, reason: str) -> str:
    return (f"{status} ({reason})" if reason else status) or "not in the run"


def _whose(comparison: Comparison, change: CheckChange) -> tuple[Whose, str]:
    explained = _explained(comparison, change.subject)
    if explained:
        return Whose.HARNESS, explained
    if change.flaky_before or change.flaky_after:
        return Whose.UNSTABLE, f"its attempts disagree within one run: {change.flaky_before or change.flaky_after}"
    if change.subject.startswith("answer:"):
        return Whose.UNCERTAIN, "people decide it: see the answers, and their dates"
    if change.turn is Turn.GONE or not change.before:
        return Whose.HARNESS, ONE_ALONE
    reasons = {change.reason_before, change.reason_after}
    if reasons & set(OURS) or "silent" in (change.before, change.after):
        return Whose.UNCERTAIN, "one of the runs could not do its work"
    if Reason.THROTTLED in reasons:
        return Whose.UNCERTAIN, "one of the runs was throttled, and somebody else may have used up the limit"
    if Reason.CONTROL_FAILED in reasons and _refused(change.witness):
        return Whose.UNCERTAIN, "a valid request was refused for who sent it: credentials that ended, or the sandbox"
    return _shown(change.witness)


def _refused(witness: Witness | None) -> bool:
    """Whether one of the answers is a 401. A profile's digest holds no secret, so another one does not show."""
    places = witness.differences if witness is not None else ()
    return any(item.place == "status" and "401" in (item.before, item.after) for item in places)


def _shown(witness: Witness | None) -> tuple[Whose, str]:
    """What the exchanges say, where nothing of the harness explains it."""
    if witness is None:
        return Whose.UNCERTAIN, "no request of it that both runs sent was answered differently"
    if any(item.place == "answer" for item in witness.differences):
        return Whose.UNCERTAIN, f"no answer came to {witness.request} in one of them: the way to the sandbox, or it"
    if witness.unsteady:
        return Whose.UNSTABLE, f"one run gave both answers to {witness.request}"
    if witness.values:
        return Whose.UNCERTAIN, f"nothing differs but values, which a run may make anew: {witness.request}"
    return Whose.PARTNER, f"{'a request alike' if witness.alike else 'the same request'} got another answer"


def _findings(comparison: Comparison) -> Iterator[Attributed]:
    """Causes that came, went or changed, advice too, at checks of which nothing else was told."""
    moved = {item.subject for item in _checks(comparison)}
    flaky = {change.subject for change in comparison.flaky}
    for finding in comparison.findings:
        if finding.check not in moved:
            whose, why = _whose_finding(finding, _explained(comparison, finding.check), finding.check in flaky)
            yield Attributed(finding.check, _told(finding), whose, why, finding.witness)


def _whose_finding(finding: FindingChange, explained: str, flaky: bool) -> tuple[Whose, str]:
    if explained:
        return Whose.HARNESS, explained
    if flaky:
        return Whose.UNSTABLE, "the check's attempts disagree within one run"
    return _shown(finding.witness)


def _told(finding: FindingChange) -> str:
    return f"{finding.fate} finding {finding.id_after or finding.id_before}: {finding.title}"


def _milestones(comparison: Comparison) -> list[Attributed]:
    """Verdicts that fell or rose although no outcome did: what is asked for, what is waived, or the day."""
    why = "no outcome differs: playbook, waivers, or the day on which they hold"
    return [
        Attributed(
            item.title, f"{item.before or 'not in the run'} → {item.after or 'not in the run'}", Whose.HARNESS, why
        )
        for item in comparison.milestones
    ]
