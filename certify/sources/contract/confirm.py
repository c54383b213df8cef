"""A cause counts when it is seen again: its smallest sample, on a fresh request, with fresh credentials."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from certify.errors import CertifyError
from certify.http.call import ABSENT, Call, Reply
from certify.http.credentials import Credentials
from certify.http.quota import come_back_after, throttled
from certify.http.session import Session
from certify.http.wire import TransportError
from certify.model.exchange import header
from certify.sources.contract.candidates import Cause, Sample
from certify.sources.contract.facts import OperationFacts

ATTEMPTS = 3
"""Samples that are tried for one cause before it is called unstable."""

MAX_WAIT_S = 30.0
"""Seconds that one throttled answer is waited out at most."""

MADE_UP = {"Authorization": "Bearer certify-made-up-credential"}
Repeats = Callable[[Cause, Sample, str, Reply], bool]


@dataclass(frozen=True)
class Confirmed:
    """A cause and how it was seen again: on a new request (``reply``), or only by its number of sightings.

    ``untested`` says that no sample could be sent again; ``refuted`` that one was, was answered with the same status,
    and showed nothing of the cause.
    """

    cause: Cause
    label: str
    sample: Sample
    reply: Reply | None = None
    untested: bool = False
    refuted: bool = False

    @property
    def reproduced(self) -> bool:
        return self.reply is not None

    @property
    def exchanges(self) -> tuple[str, ...]:
        return (self.reply.exchange, self.sample.exchange) if self.reply else (self.sample.exchange,)


class Resender:
    """Sends samples again as the fuzzing identity, or as nobody where the sample was sent so."""

    def __init__(
        self,
        session: Session,
        identity: str,
        facts: Mapping[str, OperationFacts],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._session, self._identity, self._facts, self._sleep = session, identity, facts, sleep

    def confirm(self, cause: Cause, check: str, repeats: Repeats) -> Confirmed:
        """Send the smallest samples until one shows the cause again."""
        ordered = sorted(cause.samples.items(), key=lambda item: item[1].size)
        asked, refuted = False, False
        for label, sample in ordered[:ATTEMPTS]:
            reply = self._patiently(cause, check, label, sample)
            if reply is not None and repeats(cause, sample, label, reply):
                return Confirmed(cause, label, sample, reply)
            asked = asked or reply is not None
            refuted = refuted or (reply is not None and str(reply.status) == cause.detail.get("status"))
        return Confirmed(cause, *ordered[0], untested=not asked, refuted=refuted)

    def _patiently(self, cause: Cause, check: str, label: str, sample: Sample) -> Reply | None:
        """Send a sample; throttling is waited out once, and is no answer."""
        reply = self._send(cause, check, label, sample)
        if reply is not None and throttled(reply):
            self._sleep(min(come_back_after(reply) or 1.0, MAX_WAIT_S))
            reply = self._send(cause, check, label, sample)
        return None if reply is not None and throttled(reply) else reply

    def _send(self, cause: Cause, check: str, label: str, sample: Sample) -> Reply | None:
        facts = self._facts.get(label)
        self._session.recorder.context = replace(self._session.recorder.context, check=check, purpose="probe")
        signed, identity = self._signature(cause, sample, facts)
        call = Call(
            sample.method, sample.url, facts.id if facts else label, headers=_headers(sample), body=_body(sample)
        )
        try:
            return self._session.wire.send(call, signed, identity=identity, fresh=True)
        except (TransportError, CertifyError, ValueError):
            return None

    def _signature(
        self, cause: Cause, sample: Sample, facts: OperationFacts | None
    ) -> tuple[Mapping[str, str] | Credentials, str]:
        if cause.detail.get("scenario") == "invalid_auth":
            return MADE_UP, "anonymous"
        if sample.anonymous or (facts is not None and not facts.secured):
            return self._session.bare(self._identity), "anonymous"
        return self._session.credentials(self._identity), self._identity


def _headers(sample: Sample) -> tuple[tuple[str, str], ...]:
    """The sample's headers; a used idempotency key would get the remembered answer instead of a new one."""
    renew = sample.mode != "negative"
    return tuple(
        (name, str(uuid.uuid4()) if renew and name.lower() == "idempotency-key" and len(value) == 36 else value)
        for name, value in sample.headers
        if name.lower() != "certify-run"
    )


def _body(sample: Sample) -> object:
    return ABSENT if sample.body is None else base64.b64decode(sample.body)


def media_type(headers: tuple[tuple[str, str], ...]) -> str:
    """Type and subtype in lower case, without parameters."""
    return (header(headers, "Content-Type") or "").split(";", 1)[0].strip().lower()
