"""What the engine loads: documented hooks, an authentication provider, and a handler of its events.

A process registers once, and then runs one job after another.
"""

from __future__ import annotations

import importlib
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from certify.http.credentials import Credentials, without_query
from certify.http.redaction import Redactor
from certify.link import Link
from certify.model.codec import encode
from certify.sources.contract import engine
from certify.sources.contract.bounds import Bounds, Next
from certify.sources.contract.config import Settings
from certify.sources.contract.jobs import Job
from certify.sources.contract.made import Answered, entries_for
from certify.sources.contract.numbers import whole
from certify.sources.contract.own import Ownership
from certify.sources.contract.reporter import Reporter
from certify.sources.contract.rewrite import rewrite
from certify.sources.contract.signing import Signing
from certify.sources.contract.standing import LOST, Standing, Step
from certify.sources.contract.tape import Tape
from certify.sources.contract.turns import Turns
from certify.sources.contract.volume import BUDGET


class Desk:
    """This process's registration with the engine: made once, since the engine forgets nothing; a reporter per job."""

    def __init__(self, settings: Settings, link: Link) -> None:
        self._settings, self._link = settings, link
        self._signed = Credentials({})
        self.calls = _Calls(settings)
        self.turns = Turns(settings)
        self.signing = Signing(link, settings.identity, self._sign_with, self.turns.end)
        self.reporter: Reporter | None = None
        self._bounds, self._standing = Bounds(settings.volume), Standing()
        _register(self)

    def begin(self, job: Job) -> Reporter:
        """What the engine does from now on belongs to this job."""
        names = frozenset(self._settings.secret_headers), frozenset(self._settings.secret_parameters)
        tape = Tape(Path(self._settings.exchanges), job.name, Redactor(*names))
        self.reporter = Reporter(self._settings, job, self.turns, tape)
        self.reporter.signed(self._signed)
        self.calls.begin(job)
        return self.reporter

    def _sign_with(self, credentials: Credentials) -> None:
        self._signed = credentials
        if self.reporter is not None:
            self.reporter.signed(credentials)

    @property
    def steps(self) -> Iterable[Step]:
        """What the identity was granted last."""
        return self._standing.steps

    def before(self, case: Any, sending: dict[str, Any]) -> None:
        """Around a request: enough has been sent, or it is prepared. Raises what ends the engine's work."""
        match self._bounds.spend(engine.operation_label(case), engine.phase_of(case)):
            case Next.END:
                self._end(BUDGET)
            case Next.NEXT_OPERATION:
                raise engine.end_of_operation()
        self.calls.before(case)
        if engine.is_signed(case):
            self.signing.mark(sending)

    def ready(self, request: Any) -> None:
        """Its turn has come: a request is signed, and goes out."""
        self.signing.ready(request)
        self.calls.sending()

    def after(self, case: Any, response: Any) -> None:
        """Learn from an answer, and notice when the identity that sends the requests is refused all at once."""
        self.calls.after(case, response)
        label = engine.operation_label(case)
        if not (self._signed.present and engine.is_ordinary(case) and self.demands_credentials(label)):
            return
        had = self._standing.control
        url = without_query(engine.url_of(response), {name for name, _ in self._signed.query})
        step = Step(label, url, engine.answer_of(response)[0], time.time())
        if self._standing.saw(step):
            self._look_after_identity()
        elif had is None and self._standing.control is not None:
            self._link.say({"control": encode(self._standing.control)})

    def _look_after_identity(self) -> None:
        control = self._standing.control
        match self._link.ask("standing", control=encode(control) if control else None)["standing"]:
            case "gone":
                self._end(LOST)
            case "renewed":
                self.signing.renew()
        self._standing.cleared()

    def _end(self, reason: str) -> None:
        if self.reporter is not None:
            self.reporter.end(reason)
        raise engine.end_of_run()

    def demands_credentials(self, label: str) -> bool:
        facts = self._settings.facts.get(label)
        return facts is None or facts.secured


def _register(desk: Desk) -> None:
    api: Any = importlib.import_module("schemathesis")
    cli: Any = importlib.import_module("schemathesis.cli")
    desk.turns.stand_before(importlib.import_module("requests.adapters").HTTPAdapter, desk.ready, desk.calls.not_sent)
    api.hook("before_load_schema")(lambda context, raw_schema: rewrite(raw_schema))
    for place in ("map_body", "map_query", "map_path_parameters"):
        api.hook(place)(lambda context, generated: whole(generated))
    api.hook("before_call")(lambda context, case, kwargs: desk.before(case, kwargs))
    api.hook("after_call")(lambda context, case, response: desk.after(case, response))
    api.auth(refresh_interval=None)(_provider(desk))
    cli.handler()(_handler(cli.EventHandler, desk))


class _Calls:
    """What happens around each case: an idempotency key of its own, and hands off others' things."""

    def __init__(self, settings: Settings) -> None:
        self._names, self._run = settings.key_names, settings.run_id
        self._facts = settings.facts
        self._prefix, self._number = "", 0
        self._own = Ownership()
        self._entries = entries_for(settings)

    def begin(self, job: Job) -> None:
        self._prefix, self._number = f"{self._run}/{job.name}", 0

    def before(self, case: Any) -> None:
        """Make the idempotency key unique, and keep off what others made."""
        self._renew_key(case)
        label, values = engine.sent_label(case), engine.path_values(case)
        facts = self._facts.get(engine.operation_label(case))
        self._own.protect(label, values, engine.body_of(case), facts.path_schemas if facts else {})
        if self._entries is not None:
            self._entries.before(label, values)

    def sending(self) -> None:
        """What was entered goes out."""
        if self._entries is not None:
            self._entries.sending()

    def not_sent(self) -> None:
        """The run's bound is met before what was entered went out."""
        if self._entries is not None:
            self._entries.not_sent()

    def after(self, case: Any, response: Any) -> None:
        """Learn what is ours."""
        self._enter(case, response)

    def _enter(self, case: Any, response: Any) -> None:
        """Learn what is ours, and enter it in the ledger, by the method that was really sent."""
        label = engine.sent_label(case)
        status, content = engine.answer_of(response)
        if self._entries is not None:
            sent, place = engine.body_of(case), engine.location_of(response)
            self._entries.after(
                Answered(label, engine.path_values(case), sent, status, content, place), self._own.foreign
            )
        facts = self._facts.get(label)
        promised = label.startswith("POST ") and facts is not None and "201" in facts.documented
        if status == 201 or not promised:  # where 201 is documented too, 200 says: it was there before
            self._own.learn(label, status, content)

    def _renew_key(self, case: Any) -> None:
        """NOTE: a key that the engine reuses makes every later write a replay or a 409, which it counts as accepted.

        A key that is missing or wrong on purpose stays as it is.
        """
        headers = getattr(case, "headers", None) or {}
        for name in [name for name in headers if name.lower() in self._names]:
            if not engine.is_negative_at(case, "header") and self._takes_uuid(case, name):
                self._number += 1
                headers[name] = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._prefix}/{self._number}"))

    def _takes_uuid(self, case: Any, name: str) -> bool:
        """Whether the contract allows a UUID as the key of this operation."""
        facts = self._facts.get(engine.operation_label(case))
        return facts is None or name.lower() not in facts.no_uuid


def _provider(desk: Desk) -> type:
    class SignedIn:
        """Asks the parent for credentials, and puts them on operations that demand some."""

        def get(self, case: Any, context: Any) -> Desk | None:
            return desk if desk.demands_credentials(engine.operation_label(case)) else None

        def set(self, case: Any, data: Desk, context: Any) -> None:
            data.signing.apply(case)

    return SignedIn


def _handler(base: Any, desk: Desk) -> type:
    class Listener(base):  # type: ignore[misc]
        """Passes the engine's events on."""

        def handle_event(self, ctx: Any, event: Any) -> None:
            if desk.reporter is not None:
                desk.reporter.handle(event)

    return Listener
