"""Waivers as the report tells them, and whether one may be argued for at all."""

from __future__ import annotations

from certify.model.check import Check
from certify.model.plan import Plan
from certify.model.report import ReportedWaiver
from certify.model.verdict import RuledWaiver
from certify.waiving import unwaivable


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
