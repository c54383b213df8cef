"""One attempt at a check: run the test, collect findings, confirm a failure, and say what happened.

A failure counts when it reproduces on fresh things; one that does not is ``inconclusive: unstable``. Where one sighting
suffices (``confirm=False``) the first is final.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace

from certify.errors import BudgetSpentError, CertifyError, HarnessError
from certify.model.outcome import Finding, Outcome, Reason, Status, Weight
from certify.suite.expectations import COLLECTOR, Collector, Noted
from certify.suite.verdicts import Stop

MAX_FINDINGS = 50
MAX_EXCHANGES = 6
MAX_ABOUTS = 5


@dataclass(frozen=True)
class Sighting:
    """What one run of a test gave."""

    status: Status
    reason: Reason | None
    findings: tuple[Finding, ...]
    note: str


def attempt(check: str, clause: str, test: Callable[[], object], *, confirm: bool) -> Outcome:
    """Run a test once, and once more if it failed, and give its outcome; whoever calls knows what it took."""
    first = sight(test, clause)
    if not confirm or first.status is not Status.FAILED:
        return _outcome(check, first)
    second = sight(test, clause, number=2)
    return replace(_outcome(check, _confirmed(first, second)), sightings=(first.status, second.status))


def _outcome(check: str, sighting: Sighting) -> Outcome:
    return Outcome(check, sighting.status, reason=sighting.reason, findings=sighting.findings, note=sighting.note)


def sight(test: Callable[[], object], clause: str, number: int = 1) -> Sighting:
    """Run a test once. Whatever it raises becomes a status; nothing escapes but an interrupt."""
    collector = Collector(clause, number)
    token = COLLECTOR.set(collector)
    try:
        test()
    except AssertionError as error:
        text = str(error) or "the assertion failed"
        collector.noted.append(Noted(Finding("what the suite asserts", text, clause=clause)))
    except Exception as error:
        return _stopped(error, collector)
    finally:
        COLLECTOR.reset(token)
    findings = merged(collector.noted)
    failed = any(finding.weight is Weight.VIOLATION for finding in findings)
    return Sighting(Status.FAILED if failed else Status.PASSED, None, findings, collector.note)


_UNDERLINES = re.compile(r"^[ \t]*[\^~]+[ \t]*\n", re.MULTILINE)
"""Lines of a traceback that point at the line above; they say nothing where lines are wrapped."""


def explained(error: BaseException) -> tuple[Status, Reason, str]:
    """What an exception says about a check: a :class:`Stop` speaks for itself, ours are ours, the rest cannot tell."""
    match error:
        case Stop():
            return error.status, error.reason, error.note
        case BudgetSpentError():
            return Status.NOT_RUN, Reason.BUDGET, error.message
        case CertifyError() if not isinstance(error, HarnessError):
            return Status.INCONCLUSIVE, Reason.CANNOT_TELL, " ".join([error.message, *error.advice])
        case _:
            text = "".join(traceback.format_exception(error, limit=-4))
            return Status.ERRORED, Reason.CRASHED, _UNDERLINES.sub("", text)


def _stopped(error: Exception, collector: Collector) -> Sighting:
    """A test that stopped keeps what it had found, but without its end nothing of that is proved."""
    status, reason, text = explained(error)
    extra = [Noted(error.finding)] if isinstance(error, Stop) and error.finding else []
    return Sighting(status, reason, merged([*collector.noted, *extra]), text)


def _confirmed(first: Sighting, second: Sighting) -> Sighting:
    """Two of two, or unstable."""
    if second.status is Status.FAILED:
        return second
    if second.reason is Reason.BUDGET:
        return replace(second, findings=first.findings, note=f"failed once, and could not be run again: {second.note}")
    told = f"failed once, and was {second.status} when it was run again on fresh data"
    return Sighting(Status.INCONCLUSIVE, Reason.UNSTABLE, first.findings, told)


def merged(noted: list[Noted]) -> tuple[Finding, ...]:
    """Findings of one cause become one, with all the operations and a few of the exchanges; violations come first."""
    causes: dict[tuple[str, Weight], list[Noted]] = {}
    for item in noted:
        causes.setdefault((item.finding.cause, item.finding.weight), []).append(item)
    found = [_merge(group) for group in causes.values()]
    return tuple(sorted(found, key=lambda finding: finding.weight is not Weight.VIOLATION)[:MAX_FINDINGS])


def _merge(group: list[Noted]) -> Finding:
    first = group[0].finding
    abouts = list(dict.fromkeys(item.about for item in group if item.about))
    more = f" and {len(abouts) - MAX_ABOUTS} more" if len(abouts) > MAX_ABOUTS else ""
    told = f" for {', '.join(abouts[:MAX_ABOUTS])}{more}" if abouts else ""
    return replace(
        first,
        expected=first.expected + told,
        exchanges=tuple(dict.fromkeys(e for item in group for e in item.finding.exchanges))[:MAX_EXCHANGES],
        operations=tuple(dict.fromkeys(op for item in group for op in item.finding.operations)),
    )
