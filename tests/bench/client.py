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
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import httpx

from certify.budget import Meter
from certify.http.call import Call
from certify.http.session import Session, open_session
from certify.model.partner import Partner
from tests.bench import fast_server
from tests.bench.contract_source import fast
from tests.bench.table import Figure, seconds_of

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
        client.get("/apples", params={"limit": "5"}, headers=headers)
        client.post("/apples", json=BODY, headers=headers)


def run() -> list[Figure]:
    """The median ratio of rounds in which both take turns; every second round the other one starts."""
    with (
        fast() as stage,
        tempfile.TemporaryDirectory() as folder,
        httpx.Client(base_url=stage.partner.base_url) as http,
    ):
        session = _session(stage.partner, Path(folder))
        contestants = {"ours": partial(ours, session), "bare": partial(bare, http)}
        rounds = [_round(contestants, number) for number in range(ROUNDS)][1:]
        session.close()
    ratios = [times["ours"] / times["bare"] for times in rounds]
    cost = statistics.median(times["ours"] for times in rounds) / REQUESTS * 1000
    print(f"recording client {cost:.3f} ms a request; ratios {min(ratios):.2f}–{max(ratios):.2f}", file=sys.stderr)
    how = f"median of {len(rounds)} alternating rounds of {REQUESTS} requests"
    return [Figure("recording client, per request", statistics.median(ratios), 1.25, "× bare httpx", how)]


def _session(partner: Partner, folder: Path) -> Session:
    """As in a run: with a run directory, a meter that other processes could share, and bounds that do not bind."""
    meter = folder / "meter"
    Meter.create(meter, requests=1_000_000, until=time.time() + 3600)
    return open_session(partner, directory=folder, meter=meter, run_id="bench")


def _round(contestants: Mapping[str, Callable[[], None]], number: int) -> dict[str, float]:
    order = list(contestants) if number % 2 else list(contestants)[::-1]
    return {name: seconds_of(contestants[name]) for name in order}


if __name__ == "__main__":
    from tests.bench.table import markdown

    print(markdown(run()))
