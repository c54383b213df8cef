"""One error of each class, provoked on purpose: what the checks of error answers look at.

Each request is refused by a sound sandbox and leaves nothing behind. What an API has no place for (a body, a
credential, an ``If-Match``) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from certify.contract import Contract, Operation
from certify.http.call import Call, Reply
from certify.model.outcome import Reason
from certify.mutations.bodies import Bodies
from certify.suite.probes import Probes
from certify.suite.scopes import ScopedTokens
from certify.suite.survey import Survey
from certify.suite.target import Target
from certify.suite.things import Things
from certify.suite.verdicts import NotRun, Stop

PURPOSE = "provoke"
NO_TYPE = "application/vnd.certify.no-such-type"
TOO_LARGE = b'{"certify": "' + b"x" * 2_000_000
"""Unreadable JSON besides, so that it leaves nothing behind where no limit is set."""


@dataclass(frozen=True)
class Provoked:
    """What was done, and what came back."""

    what: str
    reply: Reply


class Provocation:
    """Provokes each class of error once; :meth:`results` remembers."""

    def __init__(self, contract: Contract, target: Target, things: Things, survey: Survey, probes: Probes) -> None:
        self._contract, self._target, self._things = contract, target, things
        self._survey, self._probes = survey, probes
        self._results: list[Provoked] = []

    def results(self) -> list[Provoked]:
        if not self._results:
            for what, send in self._attempts():
                try:
                    self._results.append(Provoked(what, send()))
                except Stop:
                    continue
        return self._results

    def _attempts(self) -> Iterator[tuple[str, Callable[[], Reply]]]:
        yield "an unknown route", lambda: self._send(self._probes.unknown_route())
        yield "an object that is not there", lambda: self._send(self._probes.missing_object())
        yield "no credential", lambda: self._target.anonymous(self._probes.secured_read(), purpose=PURPOSE)
        yield (
            "an unknown credential",
            lambda: self._target.unknown_credential(self._probes.secured_read(), purpose=PURPOSE),
        )
        yield "no scope", self._without_scope
        yield "a malformed id", lambda: self._send(self._probes.malformed_id())
        yield "an invalid parameter", lambda: self._send(self._probes.invalid_parameter())
        # RFC 9110 §12.4.1 lets a server answer in its own type all the same; then there is no error to look at.
        yield "a type that cannot be had", lambda: self._send(self._probes.read().with_header("Accept", NO_TYPE))
        if self._things.partner.permissions.allow_writes:
            yield from self._writes()

    def _writes(self) -> Iterator[tuple[str, Callable[[], Reply]]]:
        yield "an unsupported method", lambda: self._send(self._unsupported())
        yield "unreadable JSON", lambda: self._send(self._body(b'{"certify": '))
        yield "too large a body", lambda: self._send(self._body(TOO_LARGE))
        yield "a body that is null", lambda: self._send(self._body(None))
        yield "a body that does not fit", lambda: self._send(self._invalid())
        yield "another media type", lambda: self._send(replace(self._body(b"certify"), media_type="text/plain"))
        yield "a stale version", lambda: self._send(self._stale())

    def _send(self, call: Call) -> Reply:
        return self._target.send(call, purpose=PURPOSE)

    def _without_scope(self) -> Reply:
        operation, lacking = self._probes.lacking_scope()
        token = ScopedTokens(self._target).token(lacking)
        call = self._survey.prepare(operation).call
        return self._target.send(call, token=token, purpose=PURPOSE, tag="a token that lacks the scope")

    def _unsupported(self) -> Call:
        """A method that the path does not have: PATCH without a body, because no server does much with that.

        Where there is one, a safe method of RFC 4918 (§9.1): what nobody documented may exist all the same.
        """
        call = self._probes.read()
        used = self._contract.operation(call.operation or "")
        at = self._contract.methods(used.path) if used is not None else ()
        return Call("PROPFIND" if "PATCH" in at else "PATCH", call.path)

    def _writer(self) -> Operation:
        return self._probes.json_write()

    def _body(self, body: object) -> Call:
        return self._survey.prepare(self._writer()).call.with_body(body)

    def _invalid(self) -> Call:
        operation = self._writer()
        call = self._survey.prepare(operation).call
        assert operation.body is not None
        for variant in Bodies(self._contract, self._things.schemas).violations(operation.body, call.body):
            return call.with_body(variant.body)
        raise NotRun(Reason.NOTHING_TO_TEST, f"the schema of {operation.id} allows everything")

    def _stale(self) -> Call:
        operation = self._probes.conditional_write()
        return self._survey.prepare(operation).call.with_header("If-Match", '"certify-stale"')
