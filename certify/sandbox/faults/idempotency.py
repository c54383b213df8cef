"""Faults of repeated writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certify.sandbox.faults import fault
from certify.sandbox.faults.surgery import replace_method

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox


@fault("idempotency-key-ignored", checks=["idem.replay-returns-same"], does="The Idempotency-Key header is never read.")
def idempotency_key_ignored(sandbox: Sandbox) -> None:
    replace_method(sandbox.idempotency, "once", lambda _call, act: act())
