"""One attempt at a check: run the test, collect findings, confirm a failure, and say what happened.

A failure counts when it reproduces on fresh things; one that does not is ``inconclusive: unstable``. Where one sighting
suffices (``confirm=False``) the first is final.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from certify.errors import CertifyError
from certify.model.outcome import Finding, Outcome, Reason, Status, Weight
from certify.suite.expectations import COLLECTOR, Collector
from certify.suite.verdicts import Stop

MAX_FINDINGS = 50


@dataclass(frozen=True)
class Sighting:
    """What one run of a test gave."""

    status: Status
    reason: Reason | None
    findings: tuple[Finding, ...]
    note: str


def attempt(
    check: str, clause: str, test: Callable[[], object], *, confirm: bool, requests: Callable[[], int]
) -> Outcome:
    """Run a test once, and once more if it failed, and give its outcome. ``requests`` counts what was sent so far."""
    started, before = time.time(), requests()
    sighting = sight(test, clause)
    if confirm and sighting.status is Status.FAILED:
        sighting = _confirmed(sighting, sight(test, clause))
    return Outcome(
        check=check,
        status=sighting.status,
        reason=sighting.reason,
        findings=sighting.findings,
        note=sighting.note,
        started=round(started, 3),
        seconds=round(time.time() - started, 3),
        requests=requests() - before,
    )


def sight(test: Callable[[], object], clause: str) -> Sighting:
    """Run a test once. Whatever it raises becomes a status; nothing escapes but an interrupt."""
    collector = Collector(clause)
    token = COLLECTOR.set(collector)
    try:
        test()
    except Stop as stop:
        return _stopped(stop, collector)
    except AssertionError as error:
        return _asserted(error, collector)
    except CertifyError as error:
        return Sighting(Status.INCONCLUSIVE, Reason.CANNOT_TELL, _merged(collector.findings), error.message)
    except Exception:
        return Sighting(Status.ERRORED, Reason.CRASHED, _merged(collector.findings), traceback.format_exc(limit=-4))
    finally:
        COLLECTOR.reset(token)
    findings = _merged(collector.findings)
    status = Status.FAILED if any(f.weight is Weight.VIOLATION for f in findings) else Status.PASSED
    return Sighting(status, None, findings, collector.note)


def _stopped(stop: Stop, collector: Collector) -> Sighting:
    """A test that stopped keeps what it had found; violations found before the stop still stand."""
    found = [*collector.findings, *([stop.finding] if stop.finding else [])]
    if any(finding.weight is Weight.VIOLATION for finding in collector.findings) and stop.reason in (
        Reason.TOO_LITTLE_TRAFFIC,
    ):
        return Sighting(Status.FAILED, None, _merged(found), stop.note)
    return Sighting(stop.status, stop.reason, _merged(found), stop.note)


def _asserted(error: AssertionError, collector: Collector) -> Sighting:
    finding = Finding("what the suite asserts", str(error) or "the assertion failed", clause=collector.clause)
    return Sighting(Status.FAILED, None, _merged([*collector.findings, finding]), collector.note)


def _confirmed(first: Sighting, second: Sighting) -> Sighting:
    """Two of two, or unstable."""
    if second.status is Status.FAILED:
        return second
    told = f"failed once and was {second.status} when it was run again on fresh data"
    return Sighting(Status.INCONCLUSIVE, Reason.UNSTABLE, first.findings, told)


def _merged(findings: list[Finding]) -> tuple[Finding, ...]:
    """Findings of one cause become one, with all the operations and a few of the exchanges."""
    causes: dict[tuple[str, Weight], list[Finding]] = {}
    for finding in findings:
        causes.setdefault((finding.cause or finding.expected + finding.actual, finding.weight), []).append(finding)
    return tuple(_merge(group) for group in causes.values())[:MAX_FINDINGS]


def _merge(group: list[Finding]) -> Finding:
    first = group[0]
    exchanges = dict.fromkeys(exchange for finding in group for exchange in finding.exchanges)
    operations = dict.fromkeys(operation for finding in group for operation in finding.operations)
    return Finding(
        first.expected,
        first.actual,
        first.pointer,
        first.clause,
        tuple(exchanges)[:6],
        first.advice,
        first.weight,
        tuple(operations),
        first.cause,
    )
