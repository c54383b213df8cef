"""The traffic of the whole run, for the checks that judge what others provoked.

The lines are read lightly, without checking their chain: that is the judge's work, and a run has many thousands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from certify.contract import Contract, Operation
from certify.http.call import ABSENT, Call, Reply, parse_json
from certify.http.redaction import MARK
from certify.model.exchange import Headers, header
from certify.rundir import EXCHANGES, RunDirectory
from certify.suite.survey import Survey
from certify.suite.target import Target
from certify.suite.verdicts import Stop


@dataclass(frozen=True)
class Seen:
    """An exchange with an answer, and the operation that it belongs to (None: no such operation in the contract)."""

    record: Mapping[str, Any]
    operation: Operation | None

    @property
    def id(self) -> str:
        return str(self.record["id"])

    @property
    def method(self) -> str:
        return str(self.record["request"]["method"])

    @property
    def path(self) -> str:
        return urlsplit(str(self.record["request"]["url"])).path

    @property
    def purpose(self) -> str:
        return str(self.record["purpose"])

    @property
    def anonymous(self) -> bool:
        """Whether it was sent by nobody who is known."""
        return str(self.record["identity"]) == "anonymous"

    @property
    def status(self) -> int:
        return int(self.record["response"]["status"])

    @property
    def body(self) -> str:
        return str(self.record["response"]["body"])

    @property
    def truncated(self) -> bool:
        return bool(self.record["response"]["truncated"])

    @cached_property
    def headers(self) -> Headers:
        return tuple((name, value) for name, value in self.record["response"]["headers"])

    @property
    def media_type(self) -> str:
        return (header(self.headers, "Content-Type") or "").split(";", 1)[0].strip().lower()

    @cached_property
    def json(self) -> Any:
        """The body as JSON; :data:`ABSENT` where it is not JSON or was cut."""
        return ABSENT if self.truncated else parse_json(self.body)

    @property
    def name(self) -> str:
        """The operation, or the method alone where the contract has none."""
        return self.operation.id if self.operation else f"{self.method} outside the contract"

    def reply(self) -> Reply:
        """The answer as a suite gets it; its body is as it was recorded."""
        call = Call(self.method, self.path, self.operation.id if self.operation else None)
        return Reply(self.status, self.headers, self.body.encode(), 0.0, self.id, call)

    def __str__(self) -> str:
        return f"{self.status} from {self.method} {self.path}"


class Traffic:
    """Streams the exchanges of a run directory, matched to operations, and repeats one where a doubt is left."""

    def __init__(self, rundir: RunDirectory, contract: Contract, survey: Survey, target: Target) -> None:
        self._file, self._contract = rundir.path / EXCHANGES, contract
        self._survey, self._target = survey, target
        base = target.session.partner.base_url
        self._base, self._base_path = base, urlsplit(base).path.rstrip("/")

    def __iter__(self) -> Iterator[Seen]:
        with self._file.open(encoding="utf-8") as lines:
            for line in lines:
                try:
                    record = json.loads(line)
                except ValueError:
                    continue  # the last line of another process that is still writing
                if record.get("response"):
                    yield Seen(record, self._operation(record))

    def callable(self) -> frozenset[str]:
        """The ids of the operations that the profile lets us call."""
        allowed = self._target.session.partner.permissions
        return frozenset(
            op.id
            for op in self._contract.operations
            if op.safe or (allowed.allow_writes and (op.method != "DELETE" or allowed.allow_destructive))
        )

    def confirmed(self, sightings: Iterable[Seen], repeats: Any) -> bool:
        """Whether something was seen on two exchanges, or shows again on a fresh one: ``repeats(reply)`` says so."""
        first, *others = sightings
        if others:
            return True
        reply = self.again(first)
        return reply is not None and bool(repeats(reply))

    def again(self, seen: Seen) -> Reply | None:
        """The same request once more, or a fresh valid call of the same operation; None where neither can be."""
        try:
            if seen.method in ("GET", "HEAD") or seen.status >= 400:
                return self._repeat(seen)
            if seen.operation is not None:
                return self._survey.send(self._survey.prepare(seen.operation))
        except Stop:
            return None
        return None

    def _repeat(self, seen: Seen) -> Reply | None:
        """A read, or a request that was refused before, has no effect when it is sent again."""
        request, identity = seen.record["request"], str(seen.record["identity"])
        known = identity == "anonymous" or identity in self._target.session.partner.identities
        if MARK in request["url"] or MARK in (request["body"] or "") or not known or seen.record.get("tags"):
            return None
        content = header(tuple(map(tuple, request["headers"])), "Content-Type")
        call = Call(
            seen.method,
            request["url"],
            seen.operation.id if seen.operation else None,
            body=ABSENT if request["body"] is None else request["body"].encode(),
            media_type=content or "application/json",
        )
        if identity == "anonymous":
            return self._target.anonymous(call)
        return self._target.send(call, identity=identity)

    def _operation(self, record: Mapping[str, Any]) -> Operation | None:
        method = str(record["request"]["method"])
        named = self._contract.operation(record["operation"]) if record["operation"] else None
        if named is not None and named.method == method:
            return named
        # A request with another method than the operation it was made from belongs to that other one, or to none.
        path = urlsplit(record["request"]["url"]).path.removeprefix(self._base_path)
        return self._contract.match(method, path)
