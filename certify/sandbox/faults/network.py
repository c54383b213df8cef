"""Faults of the network and the machine: it comes and goes, and its clock is wrong."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from certify.sandbox.call import Call
from certify.sandbox.faults import fault
from certify.sandbox.problems import ProblemError

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox


@fault(
    "sandbox-flapping",
    checks=["net.control-works"],
    does="Every third read answers 503.",
    collateral=["*"],
)
def flapping(sandbox: Sandbox) -> None:
    reads = count(1)

    def flap(_sandbox: Sandbox, call: Call) -> None:
        if call.method == "GET" and next(reads) % 3 == 0:
            raise ProblemError("unavailable")

    sandbox.steps = {"flap": flap, **sandbox.steps}


@fault(
    "server-clock-skew-120s",
    checks=["net.clock-accurate"],
    does="The application's clock runs two minutes ahead: in Date, in timestamps and for tokens.",
    collateral=["audit.action-recorded"],
)
def clock_skew(sandbox: Sandbox) -> None:
    sandbox.clock.skew_s = 120
