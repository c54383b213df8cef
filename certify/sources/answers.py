"""What people signed: attested, evidence and metric criteria, answered in a YAML file by a named role.

An answer becomes an outcome under the name ``answer:<criterion>``. A criterion that nobody answered gets none, and
silence is never success.
"""

from __future__ import annotations

import operator
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import ClassVar

from certify.judge import ANSWERS, answer_check
from certify.model.check import Stage
from certify.model.codec import encode
from certify.model.outcome import Finding, Outcome, Reason, Status
from certify.model.playbook import Answer, Criterion, Playbook
from certify.rundir import OUTCOMES, Writer
from certify.sources.interface import Assignment, Source

_COMPARE = {"<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt, "==": operator.eq}


class AnswersSource(Source):
    """Needs no child: reading a file of ours cannot hang on a partner."""

    name: ClassVar[str] = ANSWERS
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.GATE})

    def record(self, assignment: Assignment) -> None:
        today = datetime.fromtimestamp(assignment.plan.started, UTC).date()
        writer = Writer(assignment.rundir.path / OUTCOMES, self.name)
        for outcome in outcomes(assignment.plan.playbook, assignment.answers, today):
            writer.append(encode(outcome))
        writer.close()

    def stop(self) -> None:
        return


def outcomes(playbook: Playbook, answers: Iterable[Answer], today: date) -> list[Outcome]:
    """One outcome for each answered criterion of the playbook."""
    given = {answer.criterion: answer for answer in answers}
    criteria = (criterion for milestone in playbook.milestones for criterion in milestone.criteria)
    return [_outcome(criterion, given[criterion.id], today) for criterion in criteria if criterion.id in given]


def _outcome(criterion: Criterion, answer: Answer, today: date) -> Outcome:
    said = f"{answer.name} ({answer.role}) on {answer.date}"
    if answer.own:
        said += ", in the partner's own file"
    note = f"{said}: {answer.statement}" if answer.statement else said
    name, started, day = answer_check(criterion), time.time(), answer.date.isoformat()
    if criterion.max_age_days is not None and (today - answer.date).days > criterion.max_age_days:
        late = f"{note}; older than {criterion.max_age_days} days, so it has to be given again"
        return Outcome(name, Status.INCONCLUSIVE, ANSWERS, Reason.CANNOT_TELL, started=started, note=late, answered=day)
    finding = _unmet(criterion, answer)
    status = Status.FAILED if finding else Status.PASSED
    found = (finding,) if finding else ()
    return Outcome(name, status, ANSWERS, findings=found, started=started, note=note, answered=day)


def _unmet(criterion: Criterion, answer: Answer) -> Finding | None:
    """Why an answer does not meet its criterion, or None."""
    threshold = criterion.threshold
    if not answer.met:
        return Finding(criterion.statement, f"{answer.name} ({answer.role}) says that it is not so", cause=criterion.id)
    if threshold is None:
        return None
    wanted = f"{threshold.metric} {threshold.operator} {threshold.value:g}"
    if answer.value is None:
        return Finding(wanted, "no value was given", cause=criterion.id)
    if not _COMPARE[threshold.operator](answer.value, threshold.value):
        return Finding(wanted, f"{threshold.metric} = {answer.value:g}", cause=criterion.id)
    return None
