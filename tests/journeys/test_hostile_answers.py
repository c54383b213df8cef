"""Whatever a partner answers, the contract source ends by itself, bounded, with a word on every check."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from certify.model.outcome import Status
from certify.report.coverage import reasons_told
from certify.sources.contract.source import ContractSource
from tests.unit.sources.contract.scene import a_partner, an_assignment, contract_checks, served, written_contract

NESTED = b"[" * 3_000 + b"]" * 3_000
ANSWERS = {
    "deep": NESTED,
    "deeper than any stack": b'{"a":' * 200_000,
    "number without end": b'{"id": ' + b"9" * 20_000 + b', "text": "x"}',
    "half a surrogate pair": b'{"id": 1, "text": "\\ud800", "title": "\\udfff"}',
    "NUL": b'{"id": "\\u0000", "text": "a\\u0000b", "title": "\\u0000"}',
    "NUL itself": b"\x00" * 500,
    "no text at all": bytes(range(128, 256)) * 20,
    "infinity": b'{"id": Infinity, "text": NaN}',
    "ids without end": json.dumps([{"id": "x" * 5_000, "text": "y"} for _ in range(200)]).encode(),
}


def in_turn(
    statuses: Sequence[int], content: bytes, media: str = "application/json"
) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The same content under each of the statuses, one request after the other."""
    turn = itertools.cycle(statuses)
    headers = [(b"content-type", media.encode()), (b"x-total", b"1"), (b"content-length", str(len(content)).encode())]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": next(turn), "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return app


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_answer_ends_nothing_but_itself(tmp_path: Path, name: str) -> None:
    began = time.monotonic()
    with served(in_turn((200, 500), ANSWERS[name])) as url:
        assignment = an_assignment(a_partner(url, tmp_path), written_contract(tmp_path), tmp_path, max_examples=2)
        ContractSource().record(assignment)
    outcomes = list(assignment.rundir.outcomes())
    assert {outcome.check for outcome in outcomes} == {check.id for check in contract_checks()}
    assert Status.ERRORED not in {outcome.status for outcome in outcomes}, outcomes
    assert time.monotonic() - began < 120
    examined = sum(1 for _ in assignment.rundir.exchanges())
    if name.startswith("deep"):  # the engine cannot read it at all
        assert Status.PASSED not in {outcome.status for outcome in outcomes}, outcomes
    else:
        assert examined > 50


def with_many_values(values: int, operations: int) -> dict[str, Any]:
    schema = {"type": "string", "enum": [f"value-{n}" for n in range(values)]}
    parameter = {"name": "kind", "in": "query", "schema": schema}
    answers = {"200": {"description": "x", "content": {"application/json": {"schema": {"type": "object"}}}},
               "400": {"description": "x"}}  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {"title": "Many", "version": "1"},
        "paths": {
            f"/things{n}": {"get": {"operationId": f"list{n}", "parameters": [parameter], "responses": answers}}
            for n in range(operations)
        },
    }


def test_ten_thousand_values_of_an_enum_do_not_become_ten_thousand_requests(tmp_path: Path) -> None:
    file = tmp_path / "many.json"
    file.write_text(json.dumps(with_many_values(10_000, 1)), "utf-8")
    with served(in_turn([200], b"{}")) as url:
        assignment = an_assignment(a_partner(url, tmp_path), file, tmp_path, max_examples=2)
        ContractSource().record(assignment)
    assert 300 < sum(1 for _ in assignment.rundir.exchanges()) < 1_000
    assert {outcome.status for outcome in assignment.rundir.outcomes()} <= {
        Status.PASSED, Status.FAILED, Status.NOT_APPLICABLE
    }  # fmt: skip
    assert reasons_told(assignment.rundir.outcomes()) == {}
