"""Our own event schema: what a job reports, free of the engine's objects. Read and written by ``model.codec``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from certify.model.exchange import Headers
from certify.sources.contract.standing import Step

OUR_OWN = "certify"
"""The key of ``JobReport.errors`` for what went wrong in our own code inside the job."""

NO_ANSWER = "NoAnswer"
"""The kind of a candidate that the engine has no name for: a request that the connection was closed upon."""


@dataclass(frozen=True)
class Sample:
    """One request that can be sent again, and what it got. Credentials are never in it.

    ``url`` is absolute, ``body`` base64 or None. ``anonymous``: it was sent without credentials on purpose.
    ``mode`` is ``positive``, ``negative`` or empty; ``phase`` one of the engine's four. ``label`` is the engine's name
    of its operation; ``before`` are the requests that made what it is about, as far as they are known. ``wrong`` says
    what is invalid about it, where it is so on purpose.
    """

    exchange: str
    method: str
    url: str
    headers: Headers = ()
    body: str | None = None
    status: int = 0
    answered: Headers = ()
    answer: str = ""
    mode: str = ""
    phase: str = ""
    anonymous: bool = False
    label: str = ""
    before: tuple[Sample, ...] = ()
    wrong: str = ""

    @property
    def rank(self) -> tuple[bool, int]:
        """Which sample to keep: one whose history is known, since that can be made again; then the smallest."""
        return not self.before, self.size

    @property
    def size(self) -> int:
        """How much there is to read; the smallest sample explains a cause best."""
        return len(self.url) + len(self.body or "") + sum(len(name) + len(value) for name, value in self.headers)


@dataclass(frozen=True)
class Candidate:
    """One failure as the engine saw it. ``kind`` is the class of the failure, ``detail`` its telling attributes:

    ``status``, ``schema_path``, ``instance_path``, ``message``, ``missing``, ``content_type``, ``scenario``,
    ``place`` (body, query, path, header, cookie), ``parameter``, ``violation``, ``breaks`` (see ``engine._break``), as
    far as the kind has them.
    """

    check: str
    kind: str
    label: str
    sample: Sample
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cause:
    """Candidates with one fingerprint: how often on which operation, and the smallest samples, one per operation."""

    fingerprint: str
    check: str
    kind: str
    detail: Mapping[str, str]
    operations: Mapping[str, int]
    samples: Mapping[str, Sample]

    @property
    def count(self) -> int:
        return sum(self.operations.values())


@dataclass(frozen=True)
class Tally:
    """What an operation was asked and what it answered: statuses by mode, probes without credentials, lost answers."""

    label: str
    cases: int = 0
    by_phase: Mapping[str, int] = field(default_factory=dict)
    positive: Mapping[str, int] = field(default_factory=dict)
    negative: Mapping[str, int] = field(default_factory=dict)
    probes: int = 0
    lost: int = 0

    @property
    def successes(self) -> int:
        return sum(n for counts in (self.positive, self.negative) for status, n in counts.items() if status[0] == "2")

    def answered(self, *statuses: int) -> int:
        """How many cases got one of these statuses."""
        wanted = {str(status) for status in statuses}
        return sum(n for counts in (self.positive, self.negative) for status, n in counts.items() if status in wanted)


@dataclass(frozen=True)
class JobReport:
    """What one job has to say. ``complete`` is false where the engine stopped before its plan was done.

    ``dropped`` counts candidates explained away, by check of the engine and rule; ``errors`` are the engine's own,
    by operation. ``steps`` are the latest successes of the process, in case its identity was lost; ``budget`` says
    which bound of the run stopped it, and is empty where none did.
    """

    job: str
    complete: bool = False
    stop_reason: str = ""
    tallies: tuple[Tally, ...] = ()
    causes: tuple[Cause, ...] = ()
    dropped: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    exit_code: int = 0
    steps: tuple[Step, ...] = ()
    budget: str = ""
