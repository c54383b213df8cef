"""The waiver entry for a failure, ready to be argued about: exact check and partner, evidence, and gaps for people.

What a machine knows is filled in; why the failure is bearable, who says so and where is not, and ``certify lint``
refuses the entry until it is. For a check that cannot be waived there is a reason and nothing to paste.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from certify.formats.inert import one_line
from certify.model.plan import Plan
from certify.model.playbook import Milestone
from certify.model.report import Report, ReportedCheck, ReportedFinding
from certify.program.placeholder import PLACEHOLDER
from certify.program.waivers import QUESTION
from certify.report.waivers import refusal
from certify.waiving import budget_of, in_force, standings_of, waived_in

DAYS = 30
"""How long a suggested waiver runs where the playbook sets no bound: long enough for a release, too short to forget."""
FINDINGS = 3
"""Findings that the evidence names; the report has all of them."""
_PLAIN = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


@dataclass(frozen=True)
class Suggestion:
    """For one failed check: the lines of an entry, or why there can be none."""

    check: str
    entry: tuple[str, ...] = ()
    refusal: str = ""


def suggestions(plan: Plan, report: Report, today: date, names: Sequence[str] = ()) -> tuple[Suggestion, ...]:
    """For each check that failed and holds a milestone back; or for those that are named, if they failed."""
    chosen = (item for item in report.checks if (item.id in names if names else _holds_back(report, item)))
    return tuple(_suggestion(plan, report, check, today) for check in chosen)


def _suggestion(plan: Plan, report: Report, check: ReportedCheck, today: date) -> Suggestion:
    rows = {item.check.id: item.check for item in plan.checks}
    if check.status != "failed":
        return Suggestion(check.id, refusal="it did not fail in that run, and a waiver excuses nothing but a failure")
    if not check.criteria:
        return Suggestion(check.id, refusal="no criterion binds it, so there is nothing to excuse")
    if why := refusal(rows[check.id], plan):
        return Suggestion(check.id, refusal=why)
    return Suggestion(check.id, tuple(_entry(plan, report, check, today)))


def document(plan: Plan, told: Sequence[Suggestion]) -> str:
    """The entries as a whole file, or empty where there is none."""
    entries = [line for item in told for line in item.entry]
    opening = [
        f"# Suggested for {plan.partner.id} by run {plan.run_id}. Nobody has argued for it yet:",
        f"# `certify lint` refuses it until each {PLACEHOLDER} is written.",
        "# Where there is a waivers.yaml already, add the entries alone.",
        "schema: certify/waivers/1",
        "waivers:",
    ]
    return "\n".join([*opening, *entries]) + "\n" if entries else ""


def _holds_back(report: Report, check: ReportedCheck) -> bool:
    return check.status == "failed" and any(
        finding.blocks for finding in report.findings if finding.id in check.findings
    )


def _entry(plan: Plan, report: Report, check: ReportedCheck, today: date) -> Iterator[str]:
    rules = plan.playbook.certification.waivers
    days = rules.max_days if rules.max_days is not None else DAYS
    bound = "the longest that the playbook allows" if rules.max_days is not None else "the playbook sets no bound"
    roles = ", ".join(rules.roles or plan.playbook.roles)
    yield from (f"  # {one_line(line, 300)}" for line in _evidence(plan, report, check, today))
    yield f"  - check: {_scalar(check.id)}"
    yield f"    partner: {_scalar(plan.partner.id)}"
    yield "    reason: >-"
    yield f"      {PLACEHOLDER} {QUESTION}"
    yield f"    approver: {{name: {PLACEHOLDER}, role: {PLACEHOLDER}}} # as one of: {one_line(roles, 300)}"
    yield f"    granted: {today}"
    yield f"    expires: {today + timedelta(days=days)} # {days} days, {bound}; sooner is easier to argue for"
    yield f"    link: https://{PLACEHOLDER} # where it was argued"


def _evidence(plan: Plan, report: Report, check: ReportedCheck, today: date) -> Iterator[str]:
    found = [finding for finding in report.findings if finding.id in check.findings and finding.weight == "violation"]
    yield f"{check.id} ({check.level}, {check.clause}): {check.statement}"
    yield from (_told(finding) for finding in found[:FINDINGS])
    if len(found) > FINDINGS:
        yield f"and {len(found) - FINDINGS} more findings in the report"
    yield f"Run {plan.run_id}; criteria: {', '.join(check.criteria)}"
    yield from _budget(plan, check.id, today)


def _told(finding: ReportedFinding) -> str:
    seen = f", seen {finding.occurrences} times" if finding.occurrences > 1 else ""
    return f"{finding.id}: expected {one_line(finding.expected, 120)}, got {one_line(finding.actual, 120)}{seen}"


def _budget(plan: Plan, check: str, today: date) -> Iterator[str]:
    """For each milestone that the waiver would count in, how much of the budget is left."""
    standing = in_force(standings_of(plan, today)) - {check}
    for milestone in plan.playbook.milestones:
        budget = budget_of(milestone.id, plan.playbook)
        if budget is not None and waived_in(milestone, {check}):
            yield _left(milestone, budget, len(waived_in(milestone, standing)))


def _left(milestone: Milestone, budget: int, taken: int) -> str:
    if taken + 1 > budget:
        return f"Budget of {milestone.id}: {taken} of {budget} taken. With this one none of them would count"
    return f"Budget of {milestone.id}: {taken} of {budget} taken"


def _scalar(text: str) -> str:
    """A text that YAML reads as that text."""
    return text if _PLAIN.fullmatch(text) and text not in _WORDS else json.dumps(text)
