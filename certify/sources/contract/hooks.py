"""What the engine loads: documented hooks, an authentication provider, and a handler of its events.

A process registers once, and then runs one job after another.
"""

from __future__ import annotations

import importlib
import time
import uuid
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from certify.http.pacing import Pacer
from certify.http.redaction import Redactor
from certify.sources.contract import engine
from certify.sources.contract.config import Settings
from certify.sources.contract.jobs import Job
from certify.sources.contract.link import Link
from certify.sources.contract.own import Ownership
from certify.sources.contract.reporter import Reporter
from certify.sources.contract.rewrite import rewrite
from certify.sources.contract.tape import Tape

REFRESH_S = 30
"""How often a job asks for credentials; the parent renews them before they expire, and else answers at once."""
LONGEST_WAIT_S = 60.0


class Desk:
    """This process's registration with the engine: made once, since the engine forgets nothing; a reporter per job."""

    def __init__(self, settings: Settings, link: Link) -> None:
        self._settings, self._link = settings, link
        self._signed: dict[str, str] = {}
        self.calls = _Calls(settings)
        self.reporter: Reporter | None = None
        _register(self)

    def begin(self, job: Job) -> Reporter:
        """What the engine does from now on belongs to this job."""
        redactor = Redactor(frozenset(self._settings.secret_headers))
        self.reporter = Reporter(self._settings, job, Tape(Path(self._settings.exchanges), job.name, redactor))
        self.reporter.signed(self._signed)
        self.calls.begin(job)
        return self.reporter

    def sign_in(self) -> dict[str, str]:
        """Headers that sign a request, from the parent. Raises ``RuntimeError`` with the parent's words."""
        answer = self._link.ask("credentials")
        if "error" in answer:
            raise RuntimeError(answer["error"])
        self._signed = answer["headers"]
        if self.reporter is not None:
            self.reporter.signed(self._signed)
        return self._signed

    def demands_credentials(self, label: str) -> bool:
        facts = self._settings.facts.get(label)
        return facts is None or facts.secured


def _register(desk: Desk) -> None:
    api: Any = importlib.import_module("schemathesis")
    cli: Any = importlib.import_module("schemathesis.cli")
    api.hook("before_load_schema")(lambda context, raw_schema: rewrite(raw_schema))
    api.hook("before_call")(lambda context, case, kwargs: desk.calls.before(case))
    api.hook("after_call")(lambda context, case, response: desk.calls.after(case, response))
    api.auth(refresh_interval=REFRESH_S)(_provider(desk))
    cli.handler()(_handler(cli.EventHandler, desk))


class _Calls:
    """What happens around each request: politeness, an idempotency key of its own, and hands off others' things."""

    def __init__(self, settings: Settings) -> None:
        self._pacer = Pacer(settings.rate, burst=3)
        self._names, self._run = settings.key_names, settings.run_id
        self._prefix, self._number = "", 0
        self._not_before = 0.0
        self._own = Ownership()
        self._allowed: dict[str, bool] = {}

    def begin(self, job: Job) -> None:
        self._prefix, self._number = f"{self._run}/{job.name}", 0

    def before(self, case: Any) -> None:
        """Wait for our turn, and for as long as the partner asked; then make the idempotency key unique."""
        self._pacer.wait()
        delay = self._not_before - time.monotonic()
        if delay > 0:
            time.sleep(delay)
        self._renew_key(case)
        self._own.protect(engine.operation_label(case), engine.path_values(case))

    def after(self, case: Any, response: Any) -> None:
        """Learn what is ours. NOTE: the engine waits out 429 by itself, and 503 not at all."""
        self._own.learn(engine.operation_label(case), *engine.answer_of(response))
        asked = engine.wait_asked_for(response)
        if asked is not None and getattr(response, "status_code", 0) == 503:
            seconds = float(asked) if asked.replace(".", "", 1).isdigit() else 1.0
            self._not_before = time.monotonic() + min(seconds, LONGEST_WAIT_S)

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
        label = engine.operation_label(case)
        if label not in self._allowed:
            self._allowed[label] = Draft202012Validator(engine.header_schema(case, name)).is_valid(
                str(uuid.UUID(int=0))
            )
        return self._allowed[label]


def _provider(desk: Desk) -> type:
    class SignedIn:
        """Asks the parent for credentials, and puts them on operations that demand some."""

        def get(self, case: Any, context: Any) -> dict[str, str] | None:
            return desk.sign_in() or None

        def set(self, case: Any, data: dict[str, str], context: Any) -> None:
            if desk.demands_credentials(engine.operation_label(case)):
                case.headers.update(data)

    return SignedIn


def _handler(base: Any, desk: Desk) -> type:
    class Listener(base):  # type: ignore[misc]
        """Passes the engine's events on."""

        def handle_event(self, ctx: Any, event: Any) -> None:
            if desk.reporter is not None:
                desk.reporter.handle(event)

    return Listener
