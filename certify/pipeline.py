"""The product in one line: program → partner → plan → record → judge → report."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

from certify.certificate.expected_partner import refuse_other
from certify.certificate.sign import Signed, sign_run
from certify.certificate.signatory import Signatory
from certify.cleanup import ledger_for, settle_earlier, settle_run
from certify.contract import Contract, write_prepared
from certify.doctor import Case, Diagnosis, Visit
from certify.errors import UsageError
from certify.formats.registry import formats as all_formats
from certify.http.broker import Broker
from certify.http.session import Session
from certify.ledger import Ledger
from certify.model.check import Check
from certify.model.partner import Partner
from certify.model.plan import Plan
from certify.model.playbook import Answer, Playbook, Waiver
from certify.model.report import Report
from certify.model.verdict import RunVerdict
from certify.nearest import did_you_mean
from certify.origin import origin
from certify.planning import Request, plan_run
from certify.preflight import check_output, contract_of
from certify.program.answers import answers_of, load_answers
from certify.program.partner import check_partner, load_partner
from certify.program.playbook import load_playbook
from certify.program.program import Program, program_for
from certify.program.waivers import load_waivers
from certify.recertification.carrying import Division, divide
from certify.recertification.occasion import demand_an_occasion
from certify.recertification.since import certified_since
from certify.record import Scene, record
from certify.report import judged
from certify.report.again import placed
from certify.rundir import RunDirectory
from certify.signing.key_set import KeySet
from certify.sources.interface import Progress
from certify.suite.catalogue import load_checks


def silent(check: str, status: str) -> None:
    """Progress for callers that want none."""


Announce = Callable[[Plan], Progress]
"""Told the plan before anything is sent; gives who listens to progress."""


@dataclass(frozen=True)
class RunRequest:
    """A certification, as asked for. ``out`` None: ``reports/<partner>/<run>``. ``formats`` empty: all of them.

    ``granted`` are waivers that were recorded, which hold instead of any file; None: the files are read.
    ``signer`` signs the certificate, None leaves the run unsigned. ``since`` carries over what nothing touched.
    ``expected_partner`` is the only one that the profile may speak for, empty: any.
    """

    partner: Path
    program: Path | None = None
    answers: Path | None = None
    waivers: Path | None = None
    out: Path | None = None
    selection: Request = field(default_factory=Request)
    formats: tuple[str, ...] = ()
    signer: Signatory | None = None
    since: Basis | None = None
    granted: tuple[Waiver, ...] | None = None
    expected_partner: str = ""


@dataclass(frozen=True)
class Basis:
    """A certificate (or its run directory) to carry over from, and the keys by which it is believed."""

    certificate: Path
    keys: KeySet


@dataclass(frozen=True)
class Certification:
    """What a run gave: where it is, what it says, and its certificate, if it was signed."""

    path: Path
    plan: Plan
    verdict: RunVerdict
    report: Report
    notes: tuple[str, ...] = ()
    signed: Signed | None = None


def certify(request: RunRequest, announce: Announce = lambda _: silent) -> Certification:
    """Record what the partner does, judge it, and publish the judgement."""
    with Visit(Case(request.partner, request.program)) as visit:
        loaded = load_program(request, visit)
        division = divided(loaded, request)
        plan = division.plan
        path = request.out or Path("reports") / plan.partner.id / plan.run_id
        check_output(path)
        session = visit.open(plan.run_id)
        progress = announce(plan)
        with ledger_for(loaded.partner, loaded.contract, plan.run_id) as ledger:
            broker = Broker(session)
            settle_earlier(loaded.partner, loaded.contract, lambda text: progress("", text), broker)
            scene = replace(scene_of(loaded, plan, ledger, session), carried=division.outcomes)
            rundir = record(scene, path, progress, partial(settle_run, loaded.partner, loaded.contract, ledger, broker))
    return conclude(rundir, request.formats, request.signer)


def conclude(rundir: RunDirectory, formats: Sequence[str] = (), signer: Signatory | None = None) -> Certification:
    """Judge a recorded run and publish the judgement. Needs no network and no program, so it can be repeated."""
    verdict, report = judged(rundir)
    publish(report, rundir, formats)
    signed = sign_run(rundir, signer, now=time.time()) if signer is not None else None
    return Certification(rundir.path, rundir.plan(), verdict, report, signed=signed)


def publish(report: Report, rundir: RunDirectory, names: Sequence[str] = (), *, only: bool = False) -> list[Path]:
    """Write the report in every format, or in those named; as ``certification.json`` too, unless ``only`` those."""
    known = all_formats()
    for name in names:
        if name not in known:
            raise UsageError(f"no format is called {name!r}{did_you_mean(name, known)}", [f"known: {', '.join(known)}"])
    chosen = {*(names or known), *(() if only else ("json",))}
    here = placed(report, rundir.path)  # not in the JSON, which says the same wherever it is made
    rendered = (known[name].render(report if name == "json" else here) for name in sorted(chosen))
    return [path for files in rendered for path in _written(rundir, files)]


def _written(rundir: RunDirectory, files: Mapping[str, bytes]) -> Iterator[Path]:
    """The files of one format. Its folders are its own, and hold nothing of an earlier rendering."""
    folders: dict[str, dict[str, bytes]] = {}
    for name, data in files.items():
        folder, _, within = name.partition("/")
        if within:
            folders.setdefault(folder, {})[within] = data
        else:
            yield rundir.write(name, data)
    for folder, held in folders.items():
        yield from rundir.replace_folder(folder, held)


# — what a run stands on —


@dataclass(frozen=True)
class Loaded:
    """A program and a partner, read and checked against each other."""

    program: Program
    playbook: Playbook
    checks: dict[str, Check]
    partner: Partner
    contract: Contract
    answers: tuple[Answer, ...]
    waivers: tuple[Waiver, ...] = ()

    @cached_property
    def prepared(self) -> Path:
        """The contract as the children load it: written once, and gone with this process."""
        folder = Path(tempfile.mkdtemp(prefix="certify-contract-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return write_prepared(self.contract, folder)


def diagnose(request: RunRequest) -> Diagnosis:
    """Look at everything that a run would stand on, without running anything."""
    with Visit(Case(request.partner, request.program)) as visit:
        return visit.whole()


def load_program(request: RunRequest, visit: Visit | None = None) -> Loaded:
    """Read everything that a run stands on. Raises a :class:`certify.errors.ConfigurationError` with all problems.

    A ``visit`` looks at the way to the sandbox before a contract is fetched from there, and is told what was read.
    """
    partner = load_partner(request.partner)
    refuse_other(partner.id, request.expected_partner, str(request.partner))
    if visit is not None and "://" in partner.contract:
        visit.refuse_broken(until="certificate")
    program = program_for(request.program, partner.contract)
    checks = load_suites(program)
    playbook = load_playbook(program.playbook, checks)
    contract = contract_of(partner, program.contract)
    check_partner(partner, [operation.id for operation in contract.operations])
    if visit is not None:
        visit.case.partner, visit.case.contract = partner, contract
    answers = _answers(request, program, playbook, partner)
    waivers = _waivers(request, program, playbook, checks, partner)
    return Loaded(program, playbook, checks, partner, contract, answers, waivers)


def load_suites(program: Program) -> dict[str, Check]:
    """The checks of a program: the shipped ones, and its own."""
    return load_checks(program.suite_folders)


def plan_for(loaded: Loaded, request: RunRequest) -> Plan:
    """The plan of a run; nothing is sent."""
    return plan_run(
        loaded.program,
        loaded.playbook,
        loaded.checks,
        loaded.partner,
        loaded.contract,
        request.selection,
        now=time.time(),
        origin=origin(os.environ),
        waivers=loaded.waivers,
    )


def divided(loaded: Loaded, request: RunRequest) -> Division:
    """The plan of a run, and what it carries over. Raises :class:`UsageError` where it cannot stand on ``since``."""
    plan, since = plan_for(loaded, request), request.since
    if since is None:
        return Division(plan, {}, ())
    known = certified_since(since.certificate, since.keys, now=plan.started, partner=plan.partner.id)
    demand_an_occasion(plan, known)
    return divide(plan, known, loaded.contract)


def _answers(request: RunRequest, program: Program, playbook: Playbook, partner: Partner) -> tuple[Answer, ...]:
    today, own = datetime.now(UTC).date(), Path(partner.answers) if partner.answers else None

    def load(file: Path, partners: bool) -> tuple[Answer, ...]:
        return load_answers(file, playbook, today, partner.id, own=partners)

    return answers_of(request.answers, own, program.answers_for(partner.id), load)


def _waivers(
    request: RunRequest, program: Program, playbook: Playbook, checks: Mapping[str, Check], partner: Partner
) -> tuple[Waiver, ...]:
    """The partner's own: what is excused for others is none of its business."""
    if request.granted is not None:
        return request.granted
    file = request.waivers or program.waivers
    found = load_waivers(file, playbook, checks, datetime.now(UTC).date()) if file is not None else ()
    return tuple(waiver for waiver in found if waiver.partner == partner.id)


def scene_of(loaded: Loaded, plan: Plan, ledger: Ledger | None = None, session: Session | None = None) -> Scene:
    folders, place = loaded.program.suite_folders, ledger.path if ledger is not None else None
    return Scene(plan, loaded.partner, loaded.prepared, folders, loaded.answers, ledger=place, session=session)
