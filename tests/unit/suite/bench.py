"""A target over a real loopback server, without a profile on disk."""

from __future__ import annotations

from certify.budget import Meter
from certify.contract import Contract
from certify.http.guard import Guard
from certify.http.pacing import Pacer
from certify.http.recorder import Recorder
from certify.http.redaction import Redactor
from certify.http.session import Session
from certify.http.wire import Wire
from certify.ledger import Ledger
from certify.model.partner import Identity, Partner, SignIn
from certify.suite.kit import Kit, open_kit
from certify.suite.target import Target


def kit(url: str, contract: Contract, ledger: Ledger | None = None, **details: object) -> Kit:
    """The whole kit over a loopback server."""
    session = target(url, **details).session
    return open_kit(session.partner, contract, session, ledger)


def target(url: str, slept: list[float] | None = None, **details: object) -> Target:
    partner = Partner("p", "P", url, SignIn("none"), {"primary": Identity("primary")}, **details)  # type: ignore[arg-type]
    recorder = Recorder(None, "s", Redactor())
    session = Session(partner, Wire(url, Guard(partner), Pacer(Meter.alone()), recorder), recorder, None, {})
    return Target(session, sleep=(slept if slept is not None else []).append)
