"""The contract source: generated requests against every operation, by the Schemathesis command line."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from certify.contract import Contract, load_handed
from certify.contract.creations import Creation, creations
from certify.errors import HarnessError
from certify.http.redaction import Redactor
from certify.http.secret_names import secret_headers, secret_parameters
from certify.http.session import open_session
from certify.model.check import Check, Stage
from certify.model.codec import encode
from certify.model.outcome import Finding, Weight
from certify.model.plan import Estimate
from certify.rundir import EXCHANGES, OUTCOMES, Writer
from certify.sources.contract.candidates import NO_ANSWER, Cause
from certify.sources.contract.causes import merge
from certify.sources.contract.config import Settings
from certify.sources.contract.confirm import Resender
from certify.sources.contract.evidence import Evidence, gather
from certify.sources.contract.facts import OperationFacts, collect_facts
from certify.sources.contract.jobs import plan_jobs
from certify.sources.contract.keeper import Keeper
from certify.sources.contract.made import entries_for
from certify.sources.contract.mapping import OURS, engine_checks, ours_among
from certify.sources.contract.repeats import Judge
from certify.sources.contract.scope import identity_for, left_out
from certify.sources.contract.verdicts import outcome
from certify.sources.contract.volume import estimate, volume
from certify.sources.contract.wording import finding, is_advisory
from certify.sources.contract.workers import Workers
from certify.sources.interface import Assignment, Source

CONFIRM_REQUESTS, CONFIRM_S = 40, 3.0
"""Of a bounded run, what is kept to send causes again: requests at most, and seconds."""


class ContractSource(Source):
    """Runs the engine in processes of its own, confirms what it reports, and writes one outcome a check."""

    name: ClassVar[str] = "contract"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.ACTIVE})

    def __init__(self) -> None:
        self._workers: Workers | None = None
        self._stopped = threading.Event()

    def estimate(self, operations: int, max_examples: int) -> Estimate:
        """See :class:`Source`."""
        return estimate(operations, max_examples)

    def record(self, assignment: Assignment) -> None:
        """See :class:`Source`. A run that was stopped writes no outcome: silence is *unproven*."""
        checks = ours_among(list(assignment.checks))
        if not checks or self._stopped.is_set():
            return
        self._workers = Workers(assignment.scratch)  # imports the engine while we read the contract and sign in
        try:
            self._record(assignment, checks, self._workers)
        except HarnessError:
            if not self._stopped.is_set():
                raise
        finally:
            self._workers.close()

    def stop(self) -> None:
        """See :class:`Source`."""
        self._stopped.set()
        if self._workers is not None:
            self._workers.close()

    def _record(self, assignment: Assignment, checks: list[Check], workers: Workers) -> None:
        started = time.time()
        contract = load_handed(assignment.contract)
        everything = collect_facts(contract, assignment.partner)
        reasons = {label: left_out(found, assignment.partner) for label, found in everything.items()}
        facts = {label: found for label, found in everything.items() if not reasons[label]}
        untouched = {everything[label].id: reason for label, reason in reasons.items() if reason}
        identity = identity_for(assignment.partner)
        session = open_session(
            assignment.partner,
            directory=assignment.rundir.path,
            writer=self.name,
            rate=assignment.requests_per_second,
            run_id=assignment.plan.run_id,
            meter=assignment.meter,
            reserve=assignment.reserve.requests,
            reserve_s=assignment.reserve.seconds,
            parent=assignment.broker,
        )
        try:
            settings = _settings(assignment, facts, identity, checks, creations(contract))
            jobs = plan_jobs(list(facts.values()), assignment.processes)
            reports = workers.run(jobs, settings, Keeper(session, identity), assignment.processes)
            evidence = gather(reports, facts, untouched)
            resender = Resender(
                session,
                identity,
                facts,
                entries=entries_for(settings),
                key_names=settings.key_names,
                control=evidence.control,
            )
            confirmed = _confirm(evidence, contract, assignment, resender, self._stopped)
        finally:
            session.close()
        if not self._stopped.is_set():
            _write(assignment, checks, evidence, _redacted(confirmed, session.recorder.redactor), started)


@dataclass(frozen=True)
class _Told:
    """What came of a check's causes: findings that count, and sightings that were not seen again.

    ``spent`` is the bound of the run that kept one of the latter from being sent again, empty where none did.
    """

    findings: tuple[Finding, ...] = ()
    unstable: tuple[Finding, ...] = ()
    spent: str = ""


def _settings(
    assignment: Assignment,
    facts: Mapping[str, OperationFacts],
    identity: str,
    checks: list[Check],
    made: Mapping[str, Creation],
) -> Settings:
    partner, rate = assignment.partner, assignment.requests_per_second
    return Settings(
        contract=str(assignment.contract.resolve()),
        base_url=partner.base_url,
        exchanges=str((assignment.rundir.path / EXCHANGES).resolve()),
        run_id=assignment.plan.run_id,
        seed=assignment.plan.seed,
        checks=tuple(engine_checks(checks)),
        facts=facts,
        headers=partner.headers,
        secret_headers=tuple(sorted(secret_headers(partner))),
        secret_parameters=tuple(sorted(secret_parameters(partner))),
        ca_file=partner.ca_file,
        idempotency_header=partner.idempotency.header if partner.idempotency else "",
        identity=identity,
        assert_formats=partner.assert_formats,
        rate=rate / assignment.processes if rate else None,
        volume=volume(len(facts), assignment.plan.max_examples, assignment.processes, rate),
        creations=made,
        ledger=str(assignment.ledger) if assignment.ledger else "",
        meter=str(assignment.meter) if assignment.meter is not None else "",
        reserve=assignment.reserve.requests + _to_confirm(assignment),
        reserve_s=assignment.reserve.seconds + CONFIRM_S,
    )


def _to_confirm(assignment: Assignment) -> int:
    """Requests that are kept to send causes again, out of what a bound leaves to this source."""
    bound = assignment.plan.bounds.requests
    return max(0, min(CONFIRM_REQUESTS, ((bound or 0) - assignment.reserve.requests) // 5))


def _confirm(
    evidence: Evidence, contract: Contract, assignment: Assignment, resender: Resender, stopped: threading.Event
) -> dict[str, _Told]:
    """Send each cause again, and sort it: a finding, or unstable. A run that was stopped sends nothing more."""
    judge = Judge(contract, formats=assignment.partner.assert_formats)
    told: dict[str, _Told] = {}
    for cause in merge((report.causes for report in evidence.reports), evidence.never_exercised):
        if stopped.is_set():
            break
        check = OURS[cause.check]
        confirmed = resender.confirm(cause, check, judge)
        if cause.kind == NO_ANSWER and not confirmed.reproduced:
            continue  # connections end for many reasons; only one that ends upon this very request tells something
        operation = contract.operation(confirmed.label)
        violations = judge.telling(cause, operation, confirmed.reply) if confirmed.reply else []
        text = finding(confirmed, evidence.facts, violations, evidence.never_exercised)
        known = told.get(check, _Told())
        if confirmed.reproduced:
            told[check] = replace(known, findings=(*known.findings, text))
        else:
            doubt = text if confirmed.untested else _softened(text, cause)
            told[check] = replace(known, unstable=(*known.unstable, doubt), spent=known.spent or confirmed.spent)
    return told


def _redacted(told: Mapping[str, _Told], redactor: Redactor) -> dict[str, _Told]:
    """Findings quote what the partner answered, and a partner may echo a credential."""

    def clean(found: Finding) -> Finding:
        text = redactor.text
        found = replace(found, cause=text(found.cause), pointer=text(found.pointer))  # the cause is named by an answer
        return replace(found, expected=text(found.expected), actual=text(found.actual), advice=text(found.advice))

    return {
        check: replace(item, findings=tuple(map(clean, item.findings)), unstable=tuple(map(clean, item.unstable)))
        for check, item in told.items()
    }


def _softened(text: Finding, cause: Cause) -> Finding:
    """Input that was handled wrongly once, and rightly when it was sent again, is told and blocks nothing."""
    about_input = cause.kind in ("AcceptedNegativeData", "RejectedPositiveData")
    return replace(text, weight=Weight.ADVISORY) if about_input or is_advisory(cause) else text


def _write(
    assignment: Assignment, checks: list[Check], evidence: Evidence, told: Mapping[str, _Told], started: float
) -> None:
    writer = Writer(assignment.rundir.path / OUTCOMES, ContractSource.name)
    try:
        for number, check in enumerate(checks):
            found, now = told.get(check.id, _Told()), time.time()
            sightings = (found.findings, found.unstable)
            result = outcome(
                check, evidence, *sightings, spent=found.spent, started=started, now=now, coverage=number == 0
            )
            writer.append(encode(result))
    finally:
        writer.close()
