"""Recording: each source fills the run directory, in turn or side by side, and none can take another down.

    round 1   answers · suites (the gate, then the active checks) · contract, as soon as the gate has passed
    round 2   suites: what judges all the traffic, then, last and alone, what exhausts a quota

When the gate does not pass, nothing else is sent, and every other check is *not run: gate failed*.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from certify.budget import Budget, Meter
from certify.errors import CertifyError
from certify.http.broker import Broker
from certify.http.session import Session
from certify.model.check import Check, Stage
from certify.model.codec import encode
from certify.model.outcome import Outcome, Reason, Status
from certify.model.partner import Partner
from certify.model.plan import Plan
from certify.model.playbook import Answer
from certify.rundir import CONTRACT, OUTCOMES, RunDirectory, Writer
from certify.sources import sources
from certify.sources.interface import Assignment, Progress, Reserve, Source
from certify.watch import Watch

ROUNDS = ((Stage.GATE, Stage.ACTIVE), (Stage.PASSIVE, Stage.EXHAUST))
GATEKEEPER = "suites"
"""The source that holds the gate."""
CARRIER = "carried"
"""The writer of what was taken over from an earlier run."""
STOP_TIMEOUT_S = 15.0
"""Seconds that a stopped source has to finish the line that it is writing."""
SIDE_BY_SIDE_RATE = 20.0
"""Requests per second that must be left before two sources share a limit; below it they take turns."""


@dataclass(frozen=True)
class Scene:
    """What all sources need: the plan, who is tested, and where things are.

    ``session`` is the one that looked whether the sandbox is there; what it signed in for need not sign in again.
    ``carried`` are outcomes of an earlier run, which this one takes over as they are.
    """

    plan: Plan
    partner: Partner
    contract: Path
    suites: Sequence[Path]
    answers: Sequence[Answer] = ()
    processes: int = 2
    ledger: Path | None = None
    session: Session | None = None
    carried: Sequence[Outcome] = ()


CleanUp = Callable[[RunDirectory, bool, Path], None]
"""Takes away what a run created; told whether it was interrupted, because then somebody is waiting, and the meter."""


def record(
    scene: Scene, path: Path, progress: Progress, clean_up: CleanUp = lambda rundir, interrupted, meter: None
) -> RunDirectory:
    """Fill a new run directory. An interrupt is recorded in the seal; what was written until then stays.

    ``clean_up`` is called before the record is sealed, also after an interrupt: it takes away what was created.

    Raises :class:`certify.errors.OutputError` before anything is sent where the directory cannot be written.
    """
    rundir = RunDirectory.create(path, portable(scene.plan, scene.suites))
    if scene.contract.is_file():
        rundir.write(CONTRACT, scene.contract.read_bytes())  # what changes since then is told by comparing with it
    _take_over(rundir, scene.carried)
    interrupted, settled = False, True
    with _scratch() as scratch, Watch(rundir, progress) as watch, _signing_in(scene, rundir, watch) as broker:
        recording = Recording(scene, rundir, scratch, watch, broker)
        try:
            recording.play()
        except KeyboardInterrupt:
            interrupted, settled = True, recording.stop()
        if settled:
            clean_up(rundir, interrupted, recording.meter)
    if settled:  # without a seal the run counts as unfinished, which it is while somebody may still be writing
        rundir.seal(time.time(), interrupted=interrupted)
    return rundir


def _take_over(rundir: RunDirectory, carried: Sequence[Outcome]) -> None:
    """Outcomes of an earlier run into the record, by a writer that writes nothing else."""
    if carried:
        writer = Writer(rundir.path / OUTCOMES, CARRIER)
        for outcome in carried:
            writer.append(encode(outcome))
        writer.close()


def portable(plan: Plan, suites: Sequence[Path]) -> Plan:
    """The plan without paths of this machine: a record is read elsewhere, and is nobody's map of a laptop."""
    checks = tuple(replace(p, check=replace(p.check, file=_relative(p.check.file, suites))) for p in plan.checks)
    return replace(plan, checks=checks, contract=replace(plan.contract, source=Path(plan.contract.source).name))


def _relative(file: str, folders: Sequence[Path]) -> str:
    home = next((folder for folder in folders if Path(file).is_relative_to(folder)), Path(file).parent)
    return Path(file).relative_to(home).as_posix()


class Recording:
    """The sources of one run at work."""

    def __init__(
        self, scene: Scene, rundir: RunDirectory, scratch: Path, watch: Watch, broker: Broker | None = None
    ) -> None:
        self._scene, self._rundir, self._scratch, self._watch = scene, rundir, scratch, watch
        self._broker = broker
        self._sources = sources()
        self.meter = _meter(scene, scratch / "meter")
        self._writer = Writer(rundir.path / OUTCOMES, "record")
        self._threads: list[threading.Thread] = []
        self._writing = threading.Lock()
        self._stopping = threading.Event()

    def play(self) -> None:
        opening, closing = ROUNDS
        self._round(opening)
        if self._gate_passed():
            self._round(closing)
        else:
            self._refuse([check for check in self._runnable() if check.stage in closing], "suites")
        self._tell_budget()
        self._writer.close()

    def stop(self) -> bool:
        """End every source at once, and say whether all of them have put down their pens."""
        self._stopping.set()
        for source in self._sources.values():
            source.stop()
        for thread in self._threads:
            thread.join(STOP_TIMEOUT_S)
        return not any(thread.is_alive() for thread in self._threads)

    def _round(self, stages: Sequence[Stage]) -> None:
        """All sources that have something to do in these stages; in turns where the limit is too low to share.

        The suites come first in a turn, because the gate is among them.
        """
        busy = [source for source in self._sources.values() if source.stages & set(stages)]
        for source in sorted(busy, key=lambda source: source.name != GATEKEEPER):
            thread = threading.Thread(target=self._work, args=(source, stages), name=source.name, daemon=True)
            self._threads.append(thread)
            thread.start()
            if not self._shared():
                _join(thread)
        for thread in self._threads:
            _join(thread)

    def _work(self, source: Source, stages: Sequence[Stage]) -> None:
        """Run one source; its death leaves its checks silent and is told."""
        checks = [c for c in self._runnable() if source.name in c.sources and _turn(source, c) in stages]
        if source.stages == {Stage.ACTIVE} and not self._gate_passed():
            self._refuse(checks, source.name)
            return
        try:
            source.record(self._assignment(source, checks, stages[-1]))
        except CertifyError as error:
            self._crashed(source, checks, "\n".join([error.message, *error.advice]))
        except Exception as error:  # whatever a source does, the others go on
            self._crashed(source, checks, f"{type(error).__name__}: {error}")

    def _crashed(self, source: Source, checks: Sequence[Check], note: str) -> None:
        """A source that could not do its work: each of its checks that has no outcome from it gets *errored*."""
        self._watch.note(f"{source.name}: {note}")
        told = {outcome.check for outcome in self._rundir.outcomes() if outcome.source == source.name}
        silent = [check for check in checks if check.id not in told]
        self._write(silent, source.name, Status.ERRORED, Reason.CRASHED, note)

    def _runnable(self) -> list[Check]:
        return list(self._scene.plan.running)

    def _assignment(self, source: Source, checks: Sequence[Check], stage: Stage) -> Assignment:
        scratch = self._scratch / f"{source.name}-{stage}"
        scratch.mkdir()
        return Assignment(
            plan=self._scene.plan,
            partner=self._scene.partner,
            checks=checks,
            stage=stage,
            rundir=self._rundir,
            contract=self._scene.contract,
            suites=self._scene.suites,
            scratch=scratch,
            requests_per_second=self._scene.plan.rate / (2 if self._shared() else 1),
            processes=self._scene.processes,
            answers=self._scene.answers,
            ledger=self._scene.ledger,
            meter=self.meter,
            reserve=self._reserve(source),
            broker=self._broker,
        )

    def _reserve(self, source: Source) -> Reserve:
        """What the checks of other sources that are still to be decided need of the budget."""
        waiting = [c for c in self._runnable() if source.name not in c.sources and self._watch.status(c.id) is None]
        return Reserve(sum(check.requests for check in waiting), sum(check.seconds for check in waiting))

    def _tell_budget(self) -> None:
        """A source that had no time for a check is silent about it; where the budget is spent, that is why."""
        why = Budget(Meter.open(self.meter)).lack()
        told = {(outcome.check, outcome.source) for outcome in self._rundir.outcomes()} if why else set()
        for name in self._sources if why else ():
            silent = [c for c in self._runnable() if name in c.sources and (c.id, name) not in told]
            self._write(silent, name, Status.NOT_RUN, Reason.BUDGET, why)

    def _shared(self) -> bool:
        return self._scene.plan.rate >= SIDE_BY_SIDE_RATE

    # — the gate —

    def _gate_passed(self) -> bool:
        """Wait for the gate's outcome; without one (its child died) it did not pass. No gate planned: nothing to wait
        for."""
        gate = next((check.id for check in self._runnable() if check.stage is Stage.GATE), None)
        if gate is None:
            return True
        while self._watch.status(gate) is None and self._keeping() and not self._stopping.is_set():
            time.sleep(0.05)
        self._watch.catch_up()
        return self._watch.status(gate) == Status.PASSED

    def _keeping(self) -> bool:
        """Whether the child that holds the gate is still at work."""
        return any(thread.name == GATEKEEPER and thread.is_alive() for thread in self._threads)

    def _refuse(self, checks: Sequence[Check], source: str) -> None:
        note = "the sandbox's control call did not pass, and every other verdict stands on it"
        self._write(checks, source, Status.NOT_RUN, Reason.GATE_FAILED, note)

    def _write(self, checks: Iterable[Check], source: str, status: Status, reason: Reason, note: str) -> None:
        if self._stopping.is_set():
            return
        with self._writing:
            for check in checks:
                outcome = Outcome(check.id, status, source, reason, started=time.time(), note=note)
                self._writer.append(encode(outcome))


def _meter(scene: Scene, path: Path) -> Path:
    """The file in which all processes of this run keep their common pace, and what they have used of its bounds."""
    plan, session = scene.plan, scene.session
    minutes = plan.bounds.minutes
    until = None if minutes is None else plan.started + minutes * 60
    used = session.recorder.count if session is not None else 0
    Meter.create(path, requests=plan.bounds.requests, until=until, rate=plan.rate, used=used)
    if session is not None:
        session.share(path)
    return path


def _turn(source: Source, check: Check) -> Stage:
    """When a source decides a check: in the check's stage, or in the only one that the source has."""
    return check.stage if check.stage in source.stages else next(iter(source.stages))


def _join(thread: threading.Thread) -> None:
    # In small steps, so that Ctrl-C reaches the main thread.
    while thread.is_alive():
        thread.join(0.2)


@contextmanager
def _signing_in(scene: Scene, rundir: RunDirectory, watch: Watch) -> Iterator[Broker | None]:
    """Who signs in for all sources, in this process, so that it is done once; its exchanges are evidence too."""
    if scene.session is None:
        yield None
        return
    scene.session.recorder.continue_in(rundir.path, "sign-in")
    scene.session.on_renewal(watch.note)
    yield Broker(scene.session)


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for working files, outside the run directory and gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="certify-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
