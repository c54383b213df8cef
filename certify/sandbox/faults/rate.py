"""Faults of rate limits: not enforced, enforced too late, or not explained."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from certify.sandbox.call import Answer, Call
from certify.sandbox.faults import fault
from certify.sandbox.faults.surgery import replace_method
from certify.sandbox.limiter import TRIAL, Allowance, Plan

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox


@fault(
    "rate-limit-off",
    checks=["rate.limit-enforced"],
    does="The limiter counts and never refuses.",
)
def rate_limit_off(sandbox: Sandbox) -> None:
    honest = sandbox.limiter.take

    def generous(client_id: str) -> Allowance:
        return replace(honest(client_id), granted=True)

    replace_method(sandbox.limiter, "take", generous)


@fault(
    "throttle-after-effect",
    checks=["rate.limit-enforced"],
    does="The limiter runs after the handler, so that a throttled create is stored.",
)
def throttle_after_effect(sandbox: Sandbox) -> None:
    throttle, perform = sandbox.steps.pop("throttle"), sandbox.steps["perform"]

    def perform_then_throttle(whole: Sandbox, call: Call) -> Answer | None:
        answer = perform(whole, call)
        throttle(whole, call)
        return answer

    sandbox.steps["perform"] = perform_then_throttle


@fault(
    "retry-after-lies",
    checks=["rate.retry-after-honest"],
    does="Retry-After is always 1, although the trial plan's window is longer.",
    collateral=["rate.limit-enforced"],
)
def retry_after_lies(sandbox: Sandbox) -> None:
    sandbox.limiter.plans["burnable"] = Plan(TRIAL.requests, 2 * TRIAL.window_s)
    replace_method(sandbox, "retry_after", lambda _allowance: 1)


@fault(
    "429-empty",
    checks=["rate.retry-after-honest"],
    does="429 comes without a body and without Retry-After.",
    collateral=["contract.headers-and-media-type", "contract.schema-valid", "error.format-valid"],
)
def empty_429(sandbox: Sandbox) -> None:
    def strip(_sandbox: Sandbox, _call: Call, answer: Answer) -> None:
        if answer.status == 429:
            answer.empty = True
            answer.headers.pop("Retry-After", None)

    sandbox.finishers["strip 429"] = strip
