"""A target over a real loopback server, without a profile on disk."""

from __future__ import annotations

from certify.budget import Meter
from certify.http.guard import Guard
from certify.http.pacing import Pacer
from certify.http.recorder import Recorder
from certify.http.redaction import Redactor
from certify.http.session import Session
from certify.http.wire import Wire
from certify.model.partner import Identity, Partner, SignIn
from certify.suite.target import Target


def target(url: str, slept: list[float] | None = None, **details: object) -> Target:
    partner = Partner("p", "P", url, SignIn("none"), {"primary": Identity("primary")}, **details)  # type: ignore[arg-type]
    recorder = Recorder(None, "s", Redactor())
    session = Session(partner, Wire(url, Guard(partner), Pacer(Meter.alone()), recorder), recorder, None, {})
    return Target(session, sleep=(slept if slept is not None else []).append)
