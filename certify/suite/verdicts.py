"""How a test stops early: it could not tell, nothing applies, or it may not run. Never a pass."""

from __future__ import annotations

from certify.model.outcome import Finding, Reason, Status


class Stop(Exception):
    """Ends a check with a status and a reason from the closed list; ``note`` is for the reader."""

    status = Status.INCONCLUSIVE

    def __init__(self, reason: Reason, note: str, finding: Finding | None = None) -> None:
        super().__init__(note)
        self.reason, self.note, self.finding = reason, note, finding


class Inconclusive(Stop):
    """It ran and could not tell."""


class NotApplicable(Stop):
    """The partner does not offer what the check is about."""

    status = Status.NOT_APPLICABLE


class NotRun(Stop):
    """It must not run, or lacks what it needs; the note names the profile entry that would enable it."""

    status = Status.NOT_RUN
