"""Waivers as the report tells them, and whether one may be argued for at all."""

from __future__ import annotations

from collections.abc import Sequence

from certify.model.check import Check
from certify.model.plan import Plan
from certify.model.report import ReportedWaiver
from certify.model.verdict import RuledWaiver, WaiverState
from certify.report.again import RUN_DIR
from certify.waiving import unwaivable

NAMED = 4
"""Waivers that a verdict names; the report has all of them."""


def reported_waiver(ruled: RuledWaiver) -> ReportedWaiver:
    waiver = ruled.waiver
    return ReportedWaiver(
        check=waiver.check,
        reason=waiver.reason,
        approver=waiver.approver,
        expires=waiver.expires.isoformat(),
        link=waiver.link,
        state=ruled.state,
        criteria=ruled.criteria,
        role=waiver.role,
        granted=waiver.granted.isoformat() if waiver.granted else "",
        because=ruled.because,
    )


def refusal(check: Check, plan: Plan) -> str:
    """Why no waiver can excuse a check in this run's playbook; empty where one may be argued for."""
    return unwaivable(check.id, plan.playbook, {check.id: check.level})


def argue(check: Check, plan: Plan) -> str:
    """The command line that prints a waiver to argue for; empty where none can excuse the check."""
    return "" if refusal(check, plan) else f"certify waivers suggest {RUN_DIR} {check.id}"


def with_waivers(brought: Sequence[RuledWaiver]) -> str:
    """What a verdict that stands on waivers says of itself: ``, with 1 waiver: a.b may fail until 2026-12-31``."""
    used = [item.waiver for item in brought if item.state is WaiverState.USED]
    named = ", ".join(f"{waiver.check} may fail until {waiver.expires}" for waiver in used[:NAMED])
    more = f" and {len(used) - NAMED} more" if len(used) > NAMED else ""
    return f", with {len(used)} waiver{'s' if len(used) > 1 else ''}: {named}{more}" if used else ""
