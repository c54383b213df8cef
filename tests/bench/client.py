"""What a request costs through the recording client, against bare httpx: same server, same requests, taking turns.

Both keep one connection alive to a trivially fast server in a process of its own. Ours guards, paces, counts, redacts
and records each exchange in a run directory, in the kernel's hands before the caller sees the reply; httpx only sends.
Half of the requests write a JSON body, and all carry a token.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from certify.budget import Meter
from certify.http.call import Call
from certify.http.session import Session, open_session
from tests.bench import fast_server
from tests.bench.contract_source import fast
from tests.bench.table import Figure

ROUNDS, REQUESTS = 31, 100
BODY = {"name": "certify", "size": 3, "colour": "red", "tags": ["one", "two"]}


def ours(session: Session) -> None:
    wire, headers = session.wire, {"Authorization": f"Bearer {fast_server.TOKEN}"}
    read = Call("GET", "/apples", "list_apples", query=(("limit", "5"),), expects=(200,))
    write = Call("POST", "/apples", "create_apples", body=BODY, expects=(201,))
    for _ in range(REQUESTS // 2):
        wire.send(read, headers, identity="primary")
        wire.send(write, headers, identity="primary")


def bare(client: httpx.Client) -> None:
    headers = {"Authorization": f"Bearer {fast_server.TOKEN}"}
    for _ in range(REQUESTS // 2):
        client.get("/apples", params={"limit": "5"}, headers=headers).content  # noqa: B018
        client.post("/apples", json=BODY, headers=headers).content  # noqa: B018


def _processor_and_wall(action: Callable[[], None]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) / REQUESTS


def run() -> list[Figure]:
    """The median ratio of rounds in which both take turns, in both orders."""
    with fast() as stage, tempfile.TemporaryDirectory() as folder, httpx.Client(base_url=stage.partner.base_url) as client:
        meter = Meter.create(Path(folder) / "meter", requests=1_000_000, until=time.time() + 3600)
        session = open_session(stage.partner, directory=Path(folder), meter=Path(folder) / "meter", run_id="bench")
        ours(session)
        bare(client)
        ratios, costs = [], []
        for number in range(ROUNDS):
            first, second = ((ours, session), (bare, client)) if number % 2 else ((bare, client), (ours, session))
            times = {action: _processor_and_wall(lambda: action(what)) for action, what in (first, second)}
            ratios.append(times[ours] / times[bare])
            costs.append(times[ours])
        session.close()
    median = statistics.median(ratios)
    print(f"recording client {statistics.median(costs) * 1000:.3f} ms a request, ratios {min(ratios):.2f}–{max(ratios):.2f}", file=sys.stderr)
    how = f"median of {ROUNDS} alternating rounds of {REQUESTS} requests"
    return [Figure("recording client, per request", median, 1.25, "× bare httpx", how)]


if __name__ == "__main__":
    from tests.bench.table import markdown

    print(markdown(run()))
