"""What people said: how it stands on a certificate, and for how long a certificate can stand on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from certify.judge import answer_check
from certify.model.certificate import CertifiedCheck
from certify.model.outcome import Status
from certify.model.playbook import Demand, Kind, Playbook
from certify.model.verdict import RunVerdict

DAY_S = 86_400


def last_moment(day: str) -> float:
    """The end of a day (``2026-11-03``, UTC), in seconds since the epoch."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() + DAY_S


def answers(verdict: RunVerdict) -> Iterator[CertifiedCheck]:
    """What people said of the criteria that no check decides: a milestone stands on that as well."""
    rulings = (ruling for milestone in verdict.milestones for ruling in milestone.criteria)
    told = {answer_check(item.criterion): item.checks for item in rulings if item.criterion.kind is not Kind.AUTOMATED}
    for name, (result,) in sorted(told.items()):
        attempts = tuple(str(status) for attempt in result.attempts for status in attempt.ended)
        carried = next((attempt.carried for attempt in result.attempts if attempt.carried), "")
        answered = next((attempt.answered for attempt in result.attempts if attempt.answered), "")
        yield CertifiedCheck(
            name, str(result.status), str(result.reason), attempts, result.flaky, carried=carried, answered=answered
        )


def answers_end(playbook: Playbook, checks: Iterable[CertifiedCheck], started: float) -> Iterator[tuple[str, float]]:
    """When each answer ends that a milestone needs and that has to be given again: its name, and the last moment.

    A run takes an answer up to ``max_age_days`` after its day, so it ends with that day. One without a day, or with one
    after the run (``started``), was given on the run's day at the latest, and lasts no longer than from then.
    """
    given = {check.id: check.answered for check in checks if check.status == Status.PASSED}
    ran = datetime.fromtimestamp(started, UTC).date()
    for milestone in playbook.milestones:
        for criterion in milestone.criteria:
            name = answer_check(criterion)
            if name in given and criterion.max_age_days is not None and criterion.demand is not Demand.RECOMMENDED:
                yield from ((name, end) for end in _after(min(_day(given[name], ran), ran), criterion.max_age_days))


def _after(day: date, days: int) -> Iterator[float]:
    """The last moment of the day that comes so many days later; none where no calendar has that day."""
    with suppress(OverflowError):
        yield last_moment((day + timedelta(days=days)).isoformat())


def _day(written: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return otherwise
