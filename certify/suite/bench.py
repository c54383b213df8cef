"""The work bench behind the pytest plugin: session, contract, test data, and the writer of outcomes."""

from __future__ import annotations

import json
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from certify.contract import Contract, load_handed
from certify.contract.validation import Schemas
from certify.errors import CertifyError
from certify.http.broker import parent
from certify.http.pacing import polite_rate
from certify.http.session import Session, open_session
from certify.ledger import Ledger, open_ledger
from certify.model.check import Check, Stage
from certify.model.codec import encode
from certify.model.outcome import Outcome, Reason, Status
from certify.model.partner import Partner
from certify.program.partner import load_partner
from certify.rundir import EXCHANGES, OUTCOMES, ROLES, RunDirectory, Writer
from certify.suite.attempt import attempt, explained
from certify.suite.bursts import Bursts
from certify.suite.check import ATTRIBUTE, CONFIRM
from certify.suite.job import Job
from certify.suite.kit import Kit, open_kit
from certify.suite.probes import Probes
from certify.suite.provocation import Provocation
from certify.suite.scouting import scout
from certify.suite.settling import Accounts
from certify.suite.survey import Survey
from certify.suite.target import Target
from certify.suite.things import Things


@dataclass
class Bench:
    """One per pytest session."""

    job: Job
    partner: Partner
    contract: Contract
    session: Session
    outcomes: Writer
    ledger: Ledger | None = None
    gate_failed: bool = False
    kit: Kit = field(init=False)
    schemas: Schemas = field(init=False)
    target: Target = field(init=False)
    things: Things = field(init=False)
    survey: Survey = field(init=False)
    probes: Probes = field(init=False)
    provocation: Provocation = field(init=False)
    bursts: Bursts = field(init=False)

    def __post_init__(self) -> None:
        self._before, self._started = 0, time.time()
        self._items: dict[str, str] = {}
        self.kit = open_kit(self.partner, self.contract, self.session, self.ledger)
        self.contract = self.kit.contract
        self.schemas, self.target, self.things = self.kit.schemas, self.kit.target, self.kit.things
        self.survey, self.probes = self.kit.survey, self.kit.probes
        self.provocation = Provocation(self.contract, self.target, self.things, self.survey, self.probes)
        self.bursts = Bursts(self.partner, self.target, self.things, self.probes)

    @property
    def rundir(self) -> RunDirectory:
        return RunDirectory(Path(self.job.run))

    def wants(self, item: pytest.Item) -> bool:
        """Whether an item is a check of the job. Raises :class:`pytest.UsageError` where two items are one check."""
        row = declared(item)
        if row is None:
            return False
        other = self._items.setdefault(row.id, item.nodeid)
        if other != item.nodeid:
            raise pytest.UsageError(
                f"{row.id} is carried by two tests, and only one would count: {other} and {item.nodeid}. "
                "Loop inside the test, or give the second one an id of its own"
            )
        return not self.job.checks or row.id in self.job.checks

    def position(self, item: pytest.Item) -> int:
        """Where a check stands in the job; outside a job, stages in their order."""
        row = declared(item)
        assert row is not None
        return self.job.checks.index(row.id) if self.job.checks else list(type(row.stage)).index(row.stage)

    def begin(self, item: pytest.Item) -> None:
        """What fixtures send for a check belongs to it."""
        row = declared(item)
        if self.job.scout and row is not None and row.id != self.job.gate:
            self.scout()
        self.session.recorder.context.check = row.id if row is not None else ""
        self._before, self._started = self.session.recorder.count, time.time()

    def scout(self) -> None:
        """Record once which operation serves as what; what was asked for that, the checks need not ask again."""
        self.job = replace(self.job, scout=False)
        self.session.recorder.context.check = ""
        with suppress(CertifyError):  # a budget that is spent, a sign-in that fails: each check will say so itself
            found = [encode(role) for role in scout(self.kit)]
            text = self.session.recorder.redactor.text(json.dumps(found, indent=1, ensure_ascii=False))
            self.rundir.write(ROLES, text.encode())

    def run(self, item: pytest.Function) -> bool:
        """Make an attempt at a check, write its outcome, and tell pytest. False where the test is no check."""
        row = declared(item)
        if row is None:
            return False
        arguments = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}
        outcome = attempt(
            row.id,
            row.clause,
            lambda: item.obj(**arguments),
            confirm=getattr(item.obj, CONFIRM),
        )
        self.write(self.account(outcome))
        self.tell(outcome)
        return True

    def write(self, outcome: Outcome) -> None:
        redact = self.session.recorder.redactor.text
        findings = tuple(replace(f, expected=redact(f.expected), actual=redact(f.actual)) for f in outcome.findings)
        self.outcomes.append(encode(replace(outcome, findings=findings, note=redact(outcome.note))))
        if outcome.check == self.job.gate and outcome.status is not Status.PASSED:
            self.gate_failed = True

    def refuse(self, item: pytest.Item) -> bool:
        """Write *not run* for a check that stands on a failed gate, or does not fit the budget; it is left out.

        One that judges what was recorded needs no budget. A doubt that only a request could settle is told as *not run*
        when it comes to that.
        """
        row = declared(item)
        if row is None:
            return False
        if self.gate_failed:
            reason, note = Reason.GATE_FAILED, f"{self.job.gate} did not pass, and every other verdict stands on it"
        elif row.stage is Stage.PASSIVE and not row.requests:
            return False
        elif note := self.session.wire.budget.lack(row.requests, row.seconds):
            reason = Reason.BUDGET
        else:
            return False
        self.write(Outcome(row.id, Status.NOT_RUN, reason=reason, note=note, started=time.time()))
        return True

    def setup_failed(self, item: pytest.Item, error: BaseException) -> None:
        """Write the outcome of a check whose fixtures could not be made, and tell pytest."""
        row = declared(item)
        if row is None or not isinstance(error, Exception):
            return
        status, reason, note = explained(error)
        outcome = self.account(Outcome(row.id, status, reason=reason, note=note))
        self.write(outcome)
        self.tell(outcome)

    def account(self, outcome: Outcome) -> Outcome:
        """The outcome with what it took: fixtures, attempt and confirmation together."""
        return replace(
            outcome,
            started=round(self._started, 3),
            seconds=round(time.time() - self._started, 3),
            requests=self.session.recorder.count - self._before,
        )

    def tell(self, outcome: Outcome) -> None:
        """Pytest's own view of an outcome, for an engineer who runs the suites by hand."""
        match outcome.status:
            case Status.PASSED:
                return
            case Status.NOT_APPLICABLE | Status.NOT_RUN:
                pytest.skip(f"{outcome.status} ({outcome.reason}): {outcome.note}")
            case _:
                pytest.fail(_explained(outcome), pytrace=False)

    def close(self) -> None:
        self.session.recorder.context.check = ""
        try:
            self.kit.clean_up()
        finally:
            self.session.close()
            self.outcomes.close()
            if self.ledger is not None:
                alone = not self.job.ledger
                account = Accounts(self.contract, self.partner.permissions).account(self.ledger)
                self.ledger.close(discard=alone and account.hopeless)


def declared(item: pytest.Item) -> Check | None:
    """The row of the catalogue that a test is bound to."""
    return getattr(getattr(item, "obj", None), ATTRIBUTE, None)


def open_bench(config: pytest.Config) -> Bench:
    """Open the bench for a job, or for a partner named by hand."""
    named = config.getoption("--certify-job")
    job = Job.load(Path(named)) if named else _by_hand(config)
    signer = parent()
    partner = load_partner(Path(job.partner), secrets=signer is None)
    session = open_session(
        partner,
        directory=Path(job.run),
        writer=job.writer,
        rate=job.rate,
        run_id=job.run_id,
        meter=Path(job.meter) if job.meter else None,
        parent=signer,
    )
    outcomes = Writer(Path(job.run) / OUTCOMES, job.writer)
    ledger = Ledger(Path(job.ledger), job.writer) if job.ledger else None if named else _own_ledger(partner)
    return Bench(job, partner, load_handed(job.contract), session, outcomes, ledger)


def _by_hand(config: pytest.Config) -> Job:
    from certify.program.program import find_program

    file = Path(config.getoption("--partner"))
    partner = load_partner(file)
    contract = config.getoption("--contract") or partner.contract or find_program(None).contract
    folder = tempfile.mkdtemp(prefix="certify-")
    for name in (OUTCOMES, EXCHANGES):
        (Path(folder) / name).touch()
    return Job(str(file), str(contract), folder, "by-hand", (), "", "s", polite_rate(partner))


def _own_ledger(partner: Partner) -> Ledger | None:
    allowed = partner.permissions.allow_writes
    return open_ledger(partner.base_url, f"by-hand-{os.getpid()}", partner.id) if allowed else None


def _explained(outcome: Outcome) -> str:
    lines: list[Any] = [f"{outcome.status}" + (f" ({outcome.reason}): {outcome.note}" if outcome.reason else "")]
    for finding in outcome.findings:
        lines += [f"  expected  {finding.expected}", f"  actual    {finding.actual}"]
        lines += [f"  clause    {finding.clause}"] if finding.clause else []
        lines += [f"  advice    {finding.advice}"] if finding.advice else []
    return "\n".join(lines)
