"""Depot, assembled: parts that a fault or a variant can replace one by one, and the steps of each request.

Honest code never asks whether a fault is on.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl

from tests.second_api.exchange import Answer, Asked, Key, RefusedError
from tests.second_api.keys import KEYS
from tests.second_api.limiter import Limiter
from tests.second_api.paging import Paging
from tests.second_api.rules import FORMS, QUERY, Form, Rule, number
from tests.second_api.store import Fields, Record, Store

HEADER, PARAMETER = "X-Depot-Key", "depot_key"
Step = Callable[["Depot", Asked], Answer | None]
Handler = Callable[["Depot", Asked], Answer]
Finisher = Callable[[Asked, Answer], None]


class Depot:
    """Everything that an honest Depot is. ``delay_s`` is how long each answer takes, ``wrap`` what stands in front."""

    def __init__(self, routes: list[Any]) -> None:
        self.routes = list(routes)
        self.store, self.limiter, self.paging = Store(), Limiter(), Paging()
        self.limiter.plans[KEYS["burnable"].text] = Limiter.trial
        self.forms: dict[str, Form] = dict(FORMS)
        self.query: dict[str, Rule] = dict(QUERY)
        self.keys: dict[str, Key] = {key.text: key for key in KEYS.values()}
        self.handlers: dict[str, Handler] = {route.name: route.handler for route in routes}
        self.steps: dict[str, Step] = {
            "route": Depot.find_route,
            "authenticate": Depot.authenticate,
            "throttle": Depot.throttle,
            "authorize": Depot.authorize,
            "read": Depot.read,
            "perform": Depot.perform,
        }
        self.finishers: dict[str, Finisher] = {"date": self.date}
        self.titles = {"north": "North Depot", "south": "South Depot"}
        self.replayed: dict[tuple[str, str, str], Answer] = {}
        self.delay_s = 0.0
        self.wrap: Callable[[Any], Any] = lambda application: application

    def answer(self, asked: Asked) -> Answer:
        """Go through the steps until one answers; whatever is raised becomes an answer too."""
        try:
            answer = next(found for step in self.steps.values() if (found := step(self, asked)) is not None)
        except RefusedError as refusal:
            answer = self.refusal(asked, refusal)
        except Exception as error:  # the last line of defence of any server
            answer = self.crash(error)
        for finish in self.finishers.values():
            finish(asked, answer)
        return answer

    def refusal(self, asked: Asked, refusal: RefusedError) -> Answer:
        """The one envelope of errors."""
        fault = {"code": refusal.code, "text": refusal.text}
        return Answer(refusal.status, {"fault": fault}, dict(refusal.headers))

    def crash(self, error: Exception) -> Answer:
        return Answer(500, {"fault": {"code": "internal", "text": "something went wrong here; it has been logged"}})

    def date(self, asked: Asked, answer: Answer) -> None:
        answer.headers["Date"] = formatdate(usegmt=True)

    # — the steps —

    def find_route(self, asked: Asked) -> Answer | None:
        matches = [(route, match) for route in self.routes if (match := re.fullmatch(route.pattern, asked.path))]
        if not matches:
            raise self.nowhere()
        method = "GET" if asked.method == "HEAD" else asked.method
        for route, match in matches:
            if route.method == method:
                asked.route, asked.values = route, match.groupdict()
                return None
        allowed = ", ".join(sorted({route.method for route, _ in matches}))
        raise RefusedError(405, "method_not_allowed", Allow=allowed)

    def nowhere(self) -> RefusedError:
        return RefusedError(404, "no_such_place")

    def authenticate(self, asked: Asked) -> Answer | None:
        """The key is known; a public route needs none."""
        if asked.route.right == "":
            return None
        key = self.keys.get(asked.headers.get(HEADER) or asked.given(PARAMETER) or "")
        if key is None:
            raise self.unknown_key()
        asked.key = key
        return None

    def unknown_key(self) -> RefusedError:
        return RefusedError(401, "key_missing", WWW_Authenticate='DepotKey realm="depot"')

    def throttle(self, asked: Asked) -> Answer | None:
        if not asked.key.text:
            return None
        allowance = self.limiter.take(asked.key.text)
        if not allowance.granted:
            raise RefusedError(
                429,
                "too_many_requests",
                f"{allowance.plan.requests} requests in {allowance.plan.window_s:g} seconds",
                Retry_After=allowance.come_back(),
                **{name.replace("-", "_"): value for name, value in allowance.headers().items()},
            )
        asked.values["_allowance"] = json.dumps(allowance.headers())
        return None

    def authorize(self, asked: Asked) -> Answer | None:
        if asked.route.right and asked.route.right not in asked.key.rights:
            raise RefusedError(403, "not_allowed", f"this key may not {asked.route.right}")
        return None

    def read(self, asked: Asked) -> Answer | None:
        """The body, read and held against its form."""
        if asked.route.form:
            asked.body = self.parsed(asked)
            if told := self.forms[asked.route.form].wrong(asked.body):
                raise RefusedError(400, "bad_input", told)
        return None

    def parsed(self, asked: Asked) -> Any:
        wanted = asked.route.media
        if asked.headers.get("content-type", "").partition(";")[0].strip().lower() != wanted:
            raise RefusedError(415, "wrong_media_type", f"send {wanted}")
        try:
            text = asked.raw.decode()
            if wanted == "application/json":
                return json.loads(text)
            return {name: number(value) if name == "counted" else value for name, value in parse_qsl(text, True)}
        except (ValueError, RecursionError):
            raise RefusedError(400, "unreadable_body") from None

    def perform(self, asked: Asked) -> Answer | None:
        answer = self.handlers[asked.route.name](self, asked)
        answer.headers.update(json.loads(asked.values.get("_allowance", "{}")))
        return answer

    # — what handlers stand on —

    def numbers(self, asked: Asked, *names: str) -> dict[str, int]:
        """Query parameters that are numbers, checked; those that were not given are left out."""
        given = {name: number(text) for name in names if (text := asked.given(name)) is not None}
        self.check_query(given)
        return given

    def texts(self, asked: Asked, *names: str) -> dict[str, str]:
        given = {name: text for name in names if (text := asked.given(name)) is not None}
        self.check_query(given)
        return given

    def check_query(self, given: dict[str, Any]) -> None:
        for name, value in given.items():
            if told := self.query[name].wrong(value):
                raise RefusedError(400, "bad_parameter", f"{name} {told}")

    def company(self, asked: Asked) -> str:
        """Whose data a request is about: the key's company's, always."""
        return asked.key.company

    def record(self, asked: Asked, kind: str, name: str) -> Record:
        """The record that the path names. Another company's is not there, and neither is what is no number."""
        spelled = number(asked.values[name])
        found = self.store.find(self.company(asked), kind, spelled) if isinstance(spelled, int) else None
        if found is None:
            raise self.missing(asked, kind)
        return found

    def missing(self, asked: Asked, kind: str) -> RefusedError:
        return RefusedError(404, f"no_such_{kind}")

    def shown(self, asked: Asked, kind: str, name: str) -> Fields:
        """What a reader sees of the record that the path names."""
        spelled = number(asked.values[name])
        for record in self.store.owned(self.company(asked), kind):
            if record.number == spelled and (fields := self.store.shown(record)) is not None:
                return fields
        raise self.missing(asked, kind)

    def journal(self, asked: Asked, what: str, subject: int | str) -> None:
        """Write down who changed what, and when."""
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        entry = {"at": at, "who": self.actor(asked), "what": what, "subject": str(subject), "outcome": "done"}
        self.store.add(asked.key.company, "entry", entry)

    def actor(self, asked: Asked) -> str:
        """The name of the key; never the key itself."""
        return next(name for name, key in KEYS.items() if key == asked.key)

    def represent(self, kind: str, fields: Fields) -> Fields:
        """A record as it is sent."""
        return dict(fields)
