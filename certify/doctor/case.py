"""The partner on the table: what is known of it so far. Examinations read it, and add what they learn."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from certify.cleanup import ledger_for
from certify.contract import Contract, Operation
from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.errors import ProfileError
from certify.http.call import Call, Reply
from certify.http.key_set import served
from certify.http.pacing import polite_rate
from certify.http.session import Session, open_session
from certify.model.partner import Partner
from certify.model.role import RoleFound
from certify.program.source import Document, read_document, spell
from certify.suite.kit import Kit, open_kit

DEADLINE_S = 10.0
"""Seconds that the doctor waits for an answer."""


@dataclass
class Case:
    """``file`` is the profile, ``program`` as for a run. What is None has not been looked at yet."""

    file: Path
    program: Path | None = None
    partner: Partner | None = None
    contract: Contract | None = None
    reads: list[tuple[Operation, Reply]] = field(default_factory=list)
    roles: tuple[RoleFound, ...] = ()
    run_id: str = ""

    def __post_init__(self) -> None:
        self._session: Session | None = None
        self._closing = ExitStack()

    @property
    def known(self) -> Partner:
        assert self.partner is not None, "the profile is the first thing that is examined"
        return self.partner

    @property
    def promised(self) -> Contract:
        assert self.contract is not None, "this stands on the contract"
        return self.contract

    @cached_property
    def document(self) -> Document:
        return read_document(self.file, ProfileError)

    @property
    def session(self) -> Session:
        """The way to the sandbox; opened, and secrets resolved, when it is first needed."""
        if self._session is None:
            self._closing.enter_context(served(self.known))  # keys that the sandbox fetches when it sees a token
            rate = max(polite_rate(self.known), 1.0)
            self._session = open_session(self.known, writer="d", rate=rate, run_id=self.run_id, deadline=DEADLINE_S)
            self._closing.callback(self._session.close)
        return self._session

    @cached_property
    def kit(self) -> Kit:
        """What it takes to ask the sandbox something. What is made for it is in a ledger, and taken away at the end."""
        run = f"doctor-{uuid.uuid4().hex[:8]}"
        ledger = self._closing.enter_context(ledger_for(self.known, self.promised, run))
        kit = open_kit(self.known, self.promised, self.session, ledger)
        self._closing.callback(kit.clean_up)
        return kit

    @property
    def requests(self) -> int:
        return self._session.recorder.count if self._session else 0

    def ask(self, call: Call, identity: str = "primary") -> Reply:
        """Send one call as an identity. Raises :class:`certify.http.wire.TransportError`."""
        return self.session.wire.send(call, self.session.credentials(identity), identity=identity, purpose="preflight")

    def ask_openly(self, call: Call) -> Reply:
        """Send one call as somebody who does not sign in. Raises :class:`certify.http.wire.TransportError`."""
        return self.session.wire.send(call, self.session.bare(), purpose="preflight")

    def ailment(
        self,
        attribution: Attribution,
        message: str,
        causes: Sequence[str] = (),
        place: Sequence[str] = (),
        advice: str = "",
        weight: Weight = Weight.FATAL,
    ) -> Ailment:
        """An ailment with the line of the profile to change; a member that is not there yet gets that around it."""
        line = self.document.line_of(tuple(place)) if place else 0
        file = self.document.file if place else ""
        return Ailment(attribution, message, tuple(causes), file, line, spell(tuple(place)), advice, weight)

    def close(self) -> None:
        self._closing.close()

    def facts(self) -> dict[str, Any]:
        """Name and address, as far as they are known."""
        if self.partner is None:
            return {"name": "", "base_url": ""}
        return {"name": self.partner.name, "base_url": self.partner.base_url}
