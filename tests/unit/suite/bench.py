"""A target over a real loopback server, without a profile on disk."""

from __future__ import annotations

from certify.contract import Contract
from certify.http.session import open_session
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
    return Target(open_session(partner), sleep=(slept if slept is not None else []).append)
