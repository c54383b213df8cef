"""A cause counts when it is seen again: its smallest sample, on a fresh request, with fresh credentials."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlsplit

from certify.errors import BudgetSpentError, CertifyError
from certify.http.call import ABSENT, Call, Reply, parse_json
from certify.http.credentials import Credentials
from certify.http.quota import come_back_after, throttled
from certify.http.session import Session
from certify.http.wire import TransportError
from certify.model.exchange import header
from certify.sources.contract.candidates import NO_ANSWER, Cause, Sample
from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.made import Answered, Entries, path_values
from certify.sources.contract.sayings import wording_of
from certify.sources.contract.sequence import recreated
from certify.sources.contract.smallest import MOST, smallest
from certify.sources.contract.standing import Step

ATTEMPTS = 3
"""Samples that are tried for one cause before it is called unstable."""

MAX_WAIT_S = 30.0
"""Seconds that one throttled answer is waited out at most."""

MADE_UP = {"Authorization": "Bearer certify-made-up-credential"}
REDUCTIONS = 150
"""Requests that a run spends on making findings smaller."""


class Oracle(Protocol):
    """Decides without the engine what a reply says of a cause."""

    def repeats(self, cause: Cause, sample: Sample, label: str, reply: Reply) -> bool:
        """Whether a reply shows the cause again."""
        ...

    def comparable(self, cause: Cause, whole: Sample, smaller: Sample, label: str) -> bool:
        """Whether a smaller request is still about the cause."""
        ...


@dataclass(frozen=True)
class Confirmed:
    """A cause, and the answer to a new request that showed it again (``reply``).

    ``untested`` says that no sample could be sent again; ``spent`` that this was for a bound of the run, and which.
    """

    cause: Cause
    label: str
    sample: Sample
    reply: Reply | None = None
    untested: bool = False
    spent: str = ""

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
        *,
        entries: Entries | None = None,
        key_names: frozenset[str] = frozenset({"idempotency-key"}),
        control: Step | None = None,
    ) -> None:
        self._control = control
        self._entries, self._key_names = entries, key_names
        self._session, self._identity, self._facts, self._sleep = session, identity, facts, sleep
        self._reductions = REDUCTIONS
        self._spent = ""

    def confirm(self, cause: Cause, check: str, judge: Oracle) -> Confirmed:
        """Send the smallest samples until one shows the cause again; then leave out of it what does not matter."""
        ordered = sorted(cause.samples.items(), key=lambda item: item[1].size)
        asked = False
        for label, sample in ordered[:ATTEMPTS]:
            reply = self._patiently(cause, check, label, sample)
            if reply is not None and judge.repeats(cause, sample, label, reply):
                return self._reduced(Confirmed(cause, label, sample, reply), check, judge)
            if (found := self._with_history(cause, check, label, sample, judge)) is not None:
                return found
            asked = asked or reply is not None
        return Confirmed(cause, *ordered[0], untested=not asked, spent="" if asked else self._spent)

    def _with_history(self, cause: Cause, check: str, label: str, sample: Sample, judge: Oracle) -> Confirmed | None:
        """Make again what the sample is about, and send it then: what it was about may be gone, or used up."""
        plain = replace(cause, detail={})
        made = (
            recreated(sample, lambda step: self._patiently(plain, check, step.label, step)) if sample.before else None
        )
        reply = self._patiently(cause, check, label, made) if made else None
        if made is None or reply is None or not judge.repeats(cause, made, label, reply):
            return None
        return Confirmed(cause, label, made, reply)

    def _reduced(self, found: Confirmed, check: str, judge: Oracle) -> Confirmed:
        """The same, with the smallest request that still shows it and the answer to that one."""
        assert found.reply is not None
        status, said, replies = found.reply.status, wording_of(found.reply.text), {found.sample: found.reply}
        if found.sample.method == "DELETE" or self._reductions <= 0:
            return found

        def still(smaller: Sample) -> bool:
            if not judge.comparable(found.cause, found.sample, smaller, found.label):
                return False
            self._reductions -= 1
            reply = self._patiently(found.cause, check, found.label, smaller)
            if reply is None or reply.status != status:
                return False
            replies[smaller] = reply
            same = wording_of(reply.text) == said
            return same and judge.repeats(found.cause, smaller, found.label, reply)

        sample = smallest(found.sample, still, min(MOST, self._reductions))
        return replace(found, sample=sample, reply=replies[sample])

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
            sample.method, sample.url, facts.id if facts else label, headers=self._headers(sample), body=_body(sample)
        )
        template = label.partition(" ")[2]
        made, values = f"{sample.method} {template}", path_values(template, urlsplit(sample.url).path)
        if self._entries is not None:
            self._entries.before(made, values)
        try:
            reply = self._session.wire.send(call, signed, identity=identity, fresh=True)
        except BudgetSpentError as error:
            self._spent = error.message
            return None
        except TransportError as error:
            gone = cause.kind == NO_ANSWER and _closed(error) and self._answers_others()
            return Reply(0, (), b"", 0.0, error.exchange, call) if gone else None
        except (CertifyError, ValueError):
            return None
        if self._entries is not None:
            body, place = parse_json(call.content() or b""), reply.header("Location") or ""
            self._entries.after(Answered(made, values, body, reply.status, reply.content, place), lambda _: False)
        return reply

    def _answers_others(self) -> bool:
        """Whether the sandbox answers a read that succeeded before, on a connection of its own: the control.

        Where none succeeded with credentials, any answer below 500 at the base URL shows that it is there.
        """
        known = self._control
        call = Call("GET", known.url, known.label) if known else Call("GET", "/", "")
        signed = self._session.credentials(self._identity) if known else self._session.connection(self._identity)
        try:
            reply = self._session.wire.send(
                call, signed, identity=self._identity if known else "anonymous", fresh=True, purpose="control"
            )
        except (TransportError, CertifyError):
            return False
        return reply.ok if known else reply.status < 500

    def _headers(self, sample: Sample) -> tuple[tuple[str, str], ...]:
        """The sample's headers; a used idempotency key would get the remembered answer instead of a new one."""
        renew = sample.mode != "negative"
        return tuple(
            (name, str(uuid.uuid4()) if renew and name.lower() in self._key_names and len(value) == 36 else value)
            for name, value in sample.headers
            if name.lower() != "certify-run"
        )

    def _signature(
        self, cause: Cause, sample: Sample, facts: OperationFacts | None
    ) -> tuple[Mapping[str, str] | Credentials, str]:
        if cause.detail.get("scenario") == "invalid_auth":
            return MADE_UP, "anonymous"
        if sample.anonymous or (facts is not None and not facts.secured):
            return self._session.connection(self._identity), "anonymous"
        return self._session.credentials(self._identity), self._identity


def _closed(error: TransportError) -> bool:
    """Whether the server had the request, and closed the connection: no time-out, and no connection that failed."""
    return str(error).startswith(("RemoteProtocolError: Server disconnected", "ReadError"))


def _body(sample: Sample) -> object:
    return ABSENT if sample.body is None else base64.b64decode(sample.body)


def media_type(headers: tuple[tuple[str, str], ...]) -> str:
    """Type and subtype in lower case, without parameters."""
    return (header(headers, "Content-Type") or "").split(";", 1)[0].strip().lower()
