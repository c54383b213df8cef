"""The traffic of the whole run, for the checks that send nothing themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from certify.contract import Contract, Operation
from certify.http.call import ABSENT
from certify.model.exchange import Exchange, ReceivedResponse, header
from certify.rundir import RunDirectory


@dataclass(frozen=True)
class Seen:
    """An exchange with an answer, and the operation that it belongs to (None: no such operation in the contract)."""

    exchange: Exchange
    response: ReceivedResponse
    operation: Operation | None

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def media_type(self) -> str:
        return (header(self.response.headers, "Content-Type") or "").split(";", 1)[0].strip().lower()

    def json(self) -> Any:
        """The body as JSON; :data:`ABSENT` where it is not JSON or was cut."""
        if self.response.truncated:
            return ABSENT
        try:
            return json.loads(self.response.body)
        except ValueError:
            return ABSENT

    def __str__(self) -> str:
        return f"{self.status} from {self.exchange.request.method} {urlsplit(self.exchange.request.url).path}"


class Traffic:
    """Streams the exchanges of a run directory, matched to operations. Sign-in and clean-up count like all others."""

    def __init__(self, rundir: RunDirectory, contract: Contract, base_url: str) -> None:
        self._rundir, self._contract = rundir, contract
        self._base_path = urlsplit(base_url).path.rstrip("/")
        self._by_id = {op.id: op for op in contract.operations}

    def __iter__(self) -> Iterator[Seen]:
        for exchange in self._rundir.exchanges():
            if exchange.response is not None:
                yield Seen(exchange, exchange.response, self._operation(exchange))

    def _operation(self, exchange: Exchange) -> Operation | None:
        if exchange.operation in self._by_id:
            return self._by_id[exchange.operation]
        path = urlsplit(exchange.request.url).path.removeprefix(self._base_path)
        return self._contract.match(exchange.request.method, path)
