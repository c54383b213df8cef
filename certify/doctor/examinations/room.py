"""The rate limit leaves room for a run."""

from __future__ import annotations

import time
from pathlib import Path

from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination
from certify.http.call import Reply
from certify.http.quota import Quota, quotas, throttled
from certify.model.plan import Plan
from certify.planning import Request, plan_run
from certify.program.playbook import load_playbook
from certify.program.program import program_for
from certify.program.shipped import shipped_root
from certify.suite.catalogue import load_checks

LONG_S = 900.0
"""Seconds of a window that nobody waits out in the middle of a run."""


class Room(Examination):
    name, title, step = "room", "the rate limit", 100
    stands_on = ("paths",)
    quick = False

    def examine(self, case: Case) -> Seen:
        plan = _plan(case)
        cost = f"a run sends about {plan.requests:,} requests in {_minutes(plan.seconds)}"
        if not case.reads:
            return Seen(cost, facts={"requests": plan.requests})
        _, reply = case.reads[-1]
        told = quotas(reply)
        ailments = [*_throttled(case, reply), *_tighter(case, told), *_used_up(case, told, plan)]
        said = f"; it says {told[0].remaining} of {told[0].limit} are left" if told else "; it tells no quota"
        return Seen(cost + said, tuple(ailments), {"requests": plan.requests, "seconds": plan.seconds})


def _plan(case: Case) -> Plan:
    program = program_for(case.program, case.known.contract)
    checks = load_checks(list(dict.fromkeys([Path(shipped_root() / "suites"), program.suites])))
    playbook = load_playbook(program.playbook, checks)
    return plan_run(program, playbook, checks, case.known, case.promised, Request(), time.time())


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def _throttled(case: Case, reply: Reply) -> list[Ailment]:
    if not throttled(reply):
        return []
    message = f"the sandbox throttles us already: {reply}"
    causes = ["somebody else uses up the same limit", "the limit is lower than the profile says"]
    return [case.ailment(Attribution.PARTNER, message, causes, ("limits",), weight=Weight.SERIOUS)]


def _tighter(case: Case, told: tuple[Quota, ...]) -> list[Ailment]:
    """A quota that answers tell and that is tighter than what the profile declares."""
    for quota in told:
        if quota.limit is None or quota.window_s is None or quota.window_s <= 0:
            continue
        declared = [item for item in case.known.limits if item.identity in ("*", "primary")]
        line = f"- {{requests: {quota.limit}, window_s: {quota.window_s:g}}}"
        said = f"{quota.limit} requests in {quota.window_s:g} s ({quota.dialect})"
        if not declared:
            message = f"answers tell a limit of {said}, and the profile declares none"
            return [case.ailment(Attribution.PROFILE, message, [], ("limits",), f"limits: [{line[2:]}]", Weight.MINOR)]
        if all(quota.limit / quota.window_s < item.requests / item.window_s for item in declared):
            message = f"answers tell a tighter limit than the profile: {said}"
            return [case.ailment(Attribution.PROFILE, message, [], ("limits",), line, Weight.MINOR)]
    return []


def _used_up(case: Case, told: tuple[Quota, ...], plan: Plan) -> list[Ailment]:
    """A long window (an hour, a day) with less left than a run needs. Short ones are waited out."""
    for quota in told:
        length = max(quota.window_s or 0, quota.reset_s or 0)
        if quota.remaining is not None and length > LONG_S and quota.remaining < plan.requests:
            wait = f"in {_minutes(quota.reset_s)}" if quota.reset_s else "later"
            message = f"{quota.remaining} requests are left, and a run needs about {plan.requests:,}"
            causes = [
                f"the quota is given anew {wait}: run then",
                "let the partner raise it for the sandbox",
                "bound the run with --max-requests: what is left undone is said to be",
            ]
            return [case.ailment(Attribution.PARTNER, message, causes, ("limits",), weight=Weight.SERIOUS)]
    return []
