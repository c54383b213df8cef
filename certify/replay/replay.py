"""See a finding again: its recorded request first, and where one answer does not decide, the whole check."""

from __future__ import annotations

import tempfile
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from certify.cleanup import ledger_for, settle, settle_earlier
from certify.contract import Contract, write_prepared
from certify.errors import UsageError
from certify.http.call import Reply
from certify.http.wire import TransportError, unreachable
from certify.ledger import Ledger
from certify.model.exchange import Exchange
from certify.model.outcome import Finding
from certify.model.partner import Partner
from certify.model.plan import Plan, PlannedCheck
from certify.planning import blocked
from certify.preflight import contract_of
from certify.program.digest import digest
from certify.program.partner import load_partner
from certify.program.program import Program, program_for
from certify.program.shipped import shipped_root
from certify.replay.oracle import Decision, Means, Result, decide
from certify.replay.rebuild import CannotRebuildError
from certify.replay.sending import Sender, SomebodysObjectError, open_sender
from certify.replay.subject import Subject, find_subject
from certify.replay.substitute import may_be_about_another, settles
from certify.rundir import RunDirectory


@dataclass(frozen=True)
class Request:
    """``name`` is a finding of the report or an exchange. ``partner`` None: the profile that the run had."""

    run: Path
    name: str
    partner: Path | None = None
    program: Path | None = None


@dataclass(frozen=True)
class Replayed:
    """What came of it. ``before`` is the recorded exchange, ``after`` the new one, where there is one to show."""

    subject: Subject
    decision: Decision
    before: Exchange | None = None
    after: Exchange | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """What replaying stands on; the contract is read only where it is needed."""

    plan: Plan
    partner: Partner
    program: Program
    notes: list[str] = field(default_factory=list)
    closing: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def ledger(self) -> Ledger | None:
        """What this replay creates, opened when that may happen; what another one left is taken away first."""
        if self.partner.permissions.allow_writes:
            settle_earlier(self.partner, self.contract, self.notes.append)
        name = f"{self.plan.run_id}.replay-{uuid.uuid4().hex[:8]}"
        return self.closing.enter_context(ledger_for(self.partner, self.contract, name))

    @cached_property
    def contract(self) -> Contract:
        return contract_of(self.partner, self.program.contract)

    @property
    def means(self) -> Means:
        return Means(lambda: self.contract, self.partner.assert_formats)


def replay(request: Request) -> Replayed:
    """Send what proves a finding again, and say what it shows now.

    Raises :class:`UsageError` where the finding or the profile is not there, and
    :class:`certify.errors.SandboxUnreachableError` where there is no way to the sandbox.
    """
    rundir = RunDirectory.open(request.run)
    plan = rundir.plan()
    subject = find_subject(rundir, request.name)
    scene = open_scene(request, plan)
    if _likely_whole(subject):
        from certify.trial import prepare

        prepare()
    with scene.closing:
        done = _sent_again(scene, subject)
        if done.decision.result is Result.UNKNOWN and (planned := _checked_by_suites(scene, subject)) is not None:
            done = _run_again(scene, subject, planned, done)
    return replace(done, notes=tuple(scene.notes))


def open_scene(request: Request, plan: Plan) -> Scene:
    """Profile and program of the run, as they are today; what has changed since is noted."""
    file = request.partner or plan.option("--partner")
    if file is None or not file.is_file():
        told = f"{file} is not there" if file else "the run does not say which profile it had"
        raise UsageError(f"the partner profile is needed for fresh credentials, and {told}", ["name it with --partner"])
    partner = load_partner(file)
    program = program_for(request.program or plan.option("--program"), partner.contract)
    notes = [] if digest(file) == plan.digests.get("profile") else [f"{file} is not the profile of the run any more"]
    if partner.base_url.rstrip("/") != plan.partner.base_url.rstrip("/"):
        notes.append(f"it is sent to {partner.base_url}; the run was against {plan.partner.base_url}")
    return Scene(plan, partner, program, notes)


# — the recorded request —


def _sent_again(scene: Scene, subject: Subject) -> Replayed:
    """Try the exchanges of the finding, the telling one first, until one decides."""
    nothing = Decision(Result.UNKNOWN, "no exchange of it is in the record")
    done = Replayed(subject, nothing, next(iter(subject.exchanges), None))
    if subject.finding is not None and not subject.finding.oracle:
        return _with(done, Decision(Result.UNKNOWN, "one answer by itself does not decide it"))
    with open_sender(scene.plan, scene.partner, subject.check, scene) as sender:
        for exchange in subject.exchanges:
            try:
                done = _try(scene, subject, exchange, sender)
            except CannotRebuildError as reason:
                done = _with(done, Decision(Result.UNKNOWN, f"the request cannot be made again: {reason}"))
            except TransportError as error:
                if subject.finding is not None and subject.finding.oracle == "engine NoAnswer":
                    return _with(done, Decision(Result.STILL, f"there is no answer: {error}"))
                raise unreachable(scene.partner.base_url, error) from None
            if done.decision.result is not Result.UNKNOWN:
                break
    return done


def _try(scene: Scene, subject: Subject, exchange: Exchange, sender: Sender) -> Replayed:
    """One exchange; about another object, where its own is gone, or may be somebody else's by now."""
    try:
        reply = sender.send(exchange)
    except SomebodysObjectError:
        about_another = _try_another(scene, subject, exchange, sender)
        if about_another is None:
            raise
        return about_another
    done = Replayed(subject, _decision(subject.finding, exchange, reply, scene), exchange, sender.shown(reply))
    if done.decision.result is Result.UNKNOWN and reply.status in (404, 410) and settles(subject.finding):
        return _try_another(scene, subject, exchange, sender) or done
    return done


def _try_another(scene: Scene, subject: Subject, exchange: Exchange, sender: Sender) -> Replayed | None:
    """The same about another object; None where that would not show the finding, or cannot be."""
    reply = sender.send_about_another(exchange) if may_be_about_another(subject.finding) else None
    if reply is None:
        return None
    scene.notes.append("the request was sent about another object, which was made for it")
    decision = _decision(subject.finding, exchange, reply, scene)
    if decision.result is Result.FIXED and not settles(subject.finding):
        decision = Decision(Result.UNKNOWN, f"another object does not show it ({reply}), which proves nothing")
    return Replayed(subject, decision, exchange, sender.shown(reply))


def _decision(finding: Finding | None, exchange: Exchange, reply: Reply, scene: Scene) -> Decision:
    if finding is not None:
        return decide(finding, exchange, reply, scene.means)
    was = f"{exchange.response.status}" if exchange.response else "no answer"
    return Decision(Result.UNKNOWN, f"no finding cites this exchange; it was answered {was}, and {reply.status} now")


# — the whole check —


def _checked_by_suites(scene: Scene, subject: Subject) -> PlannedCheck | None:
    """The check, where the suites can run it by itself. What judges the traffic of a run has nothing to judge alone."""
    if subject.finding is None or subject.source != "suites":
        return None
    found = next((planned for planned in scene.plan.checks if planned.check.id == subject.check), None)
    return found if found is not None and found.check.stage != "passive" else None


def _likely_whole(subject: Subject) -> bool:
    """Whether one answer is unlikely to decide it, so that the whole check will be run."""
    oracle = subject.finding.oracle if subject.finding is not None else ""
    return subject.source == "suites" and oracle in ("", "refused")


def _run_again(scene: Scene, subject: Subject, planned: PlannedCheck, sent: Replayed) -> Replayed:
    from certify.replay.rerun import Place, rerun

    assert subject.finding is not None
    if stopped := blocked(planned.check, scene.partner, scene.contract):
        return _with(sent, Decision(Result.UNKNOWN, f"{sent.decision.why}; the check may not run: {stopped.advice}"))
    folders = list(dict.fromkeys([shipped_root() / "suites", scene.program.suites]))
    with tempfile.TemporaryDirectory(prefix="certify-contract-") as folder:
        contract = write_prepared(scene.contract, Path(folder))
        ledger = scene.ledger
        place = Place(scene.plan, scene.partner, contract, folders, ledger.path if ledger else None)
        done = rerun(place, planned.check, subject.finding)
        if ledger is not None:
            settle(scene.partner, scene.contract, ledger)
    return Replayed(subject, done.decision, sent.before, done.after or sent.after)


def _with(done: Replayed, decision: Decision) -> Replayed:
    return replace(done, decision=decision)
