"""What a run will do, decided before anything is sent. Recorded in ``run.json``; judged against later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from certify.model.check import Check
from certify.model.outcome import Reason, Status
from certify.model.playbook import Playbook, Waiver


@dataclass(frozen=True)
class Blocked:
    """Why a check will not run, known before the run: the outcome it gets and what would enable it."""

    status: Status
    reason: Reason
    advice: str


@dataclass(frozen=True)
class PlannedCheck:
    """A check of the run: its declaration, and what stops it, if anything does."""

    check: Check
    blocked: Blocked | None = None


@dataclass(frozen=True)
class Estimate:
    """What a source will roughly cost besides its checks' own figures: requests, and seconds on two cores."""

    requests: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Selection:
    """What was asked for: milestone ids and check globs (empty: all)."""

    milestones: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bounds:
    """What a run may take at most, whatever it plans: requests, and minutes from its start. None: no bound."""

    requests: int | None = None
    minutes: float | None = None


LAPTOP = "laptop"
"""Where nothing recognised runs certify: a person's machine, until the contrary is shown."""


@dataclass(frozen=True)
class Origin:
    """Where a run took place: ``laptop``, or the CI system that its environment shows, with what it says of the job.

    ``facts`` are public names only (repository, commit, ref, job): never the value of a secret.
    """

    system: str = LAPTOP
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Carried:
    """Outcomes that a run takes over from an earlier one instead of running the checks again.

    ``certificate`` is the id of the certificate that vouches for them, ``expires`` when it does so no more (seconds
    since the epoch); ``checks`` are the ids of what is carried, and ``operations`` says to which operations the
    requests of each went, so that a later change still finds what it touches. ``provenance`` is what that certificate
    was worth to whoever believed it: nothing that stands on a practice run is more than one.
    """

    certificate: str
    run: str
    expires: float
    checks: tuple[str, ...] = ()
    operations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provenance: str = "practice"


@dataclass(frozen=True)
class PartnerFacts:
    """What the report says of the partner: no secrets, no references to secrets."""

    id: str
    name: str
    base_url: str
    environment: str
    contacts: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class ContractFacts:
    """The contract that was tested: where it came from, and every operation it promises.

    ``set_aside`` are operations that it does not say enough of to be tested, with the reason; ``mistakes`` what is
    wrong with it, as told to a person, and ``mistake_count`` how many there are. ``files`` are what it was read from,
    ``seconds`` and ``peak_mb`` what that took.
    """

    source: str
    title: str
    version: str
    dialect: str
    operations: tuple[str, ...]
    set_aside: Mapping[str, str] = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()
    mistake_count: int = 0
    files: tuple[str, ...] = ()
    seconds: float = 0.0
    peak_mb: int = 0


@dataclass(frozen=True)
class Plan:
    """Everything that a judge needs besides outcomes.

    ``seed`` steers every random choice, ``started`` is seconds since the epoch, ``digests`` maps program, contract,
    playbook, suites and profile to ``sha256:…``, ``versions`` the tools that ran. ``playbook`` is the one that was
    read, narrowed to the selection's milestones, so that judging never reads the program again.
    ``capabilities`` maps each need that a check can have to why it is not met, empty where it is.
    ``estimates`` go by source. ``rate`` is what politeness allows, in requests per second.
    """

    run_id: str
    partner: PartnerFacts
    playbook: Playbook
    contract: ContractFacts
    checks: tuple[PlannedCheck, ...]
    selection: Selection
    seed: int
    max_examples: int
    started: float
    waivers: tuple[Waiver, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    rate: float = 5.0
    bounds: Bounds = Bounds()
    origin: Origin = Origin()
    carried: Carried | None = None
    capabilities: Mapping[str, str] = field(default_factory=dict)

    @property
    def running(self) -> tuple[Check, ...]:
        """The checks that will run: neither stopped by anything, nor carried over."""
        carried = frozenset(self.carried.checks) if self.carried else frozenset()
        return tuple(item.check for item in self.checks if item.blocked is None and item.check.id not in carried)

    @property
    def requests(self) -> int:
        """Estimated requests of the checks that will run, and of the sources that generate their own."""
        own = sum(check.requests for check in self.running)
        return own + sum(estimate.requests for estimate in self.estimates.values())

    @property
    def too_much(self) -> tuple[str, ...]:
        """In words, each bound that the plan will not keep within; what does not fit is *not run: budget*."""
        found, bounds = [], self.bounds
        if bounds.requests is not None and self.requests > bounds.requests:
            found.append(f"about {self.requests:,} requests are planned, and --max-requests allows {bounds.requests:,}")
        if bounds.minutes is not None and self.seconds > bounds.minutes * 60:
            found.append(
                f"about {self.seconds / 60:.1f} minutes are planned, and --max-minutes allows {bounds.minutes:g}"
            )
        return tuple(found)

    @property
    def seconds(self) -> float:
        """Estimated seconds, one thing after another: what the parts are told to take adds up to it."""
        own = sum(self.pace(check.requests, check.seconds) for check in self.running)
        return own + sum(self.pace(item.requests, item.seconds) for item in self.estimates.values())

    def pace(self, requests: int, seconds: float) -> float:
        """Seconds that a part of the run takes, never faster than politeness allows."""
        return max(seconds, requests / self.rate)

    def option(self, name: str) -> Path | None:
        """What the run's command said for an option that names a path; None where it said nothing."""
        pairs = zip(self.command, self.command[1:], strict=False)
        return next((Path(value) for option, value in pairs if option == name), None)
