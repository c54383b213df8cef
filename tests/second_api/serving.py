"""Depot on loopback, in a thread of this process.

with serve() as url: ...                             # http://127.0.0.1:…/v2
with serve(change) as url: ...                       # ``change`` is given the honest Depot, and alters it
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from uvicorn import Config, Server

from tests.second_api.depot import Depot
from tests.second_api.exchange import Asked
from tests.second_api.routes import ROOT, honest_depot

logging.getLogger("uvicorn.error").disabled = True  # a Depot that breaks off on purpose is no news
Change = Callable[[Depot], None]


def honest(depot: Depot) -> None:
    """Nothing is altered."""


@contextmanager
def serve(*changes: Change, depot: Depot | None = None) -> Iterator[str]:
    """A Depot at its base URL, until the block ends."""
    depot = depot or honest_depot()
    for change in changes:
        change(depot)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(256)
        server = Server(_config(depot))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        _wait_for(server)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}{ROOT}"
        server.should_exit = server.force_exit = True
        thread.join(5)


def _config(depot: Depot) -> Config:
    wrapped = depot.wrap(application(depot))
    return Config(
        wrapped, log_config=None, lifespan="off", access_log=False, server_header=False, date_header=False, ws="none"
    )


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.002)


def application(depot: Depot) -> Any:
    """Depot as an ASGI application."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        asked = Asked(
            request.method, request.url.path, request.query_params.multi_items(), request.headers, await request.body()
        )
        answer = depot.answer(asked)
        if depot.delay_s:
            await asyncio.sleep(depot.delay_s)
        headers = {"Content-Type": answer.media, **answer.headers} if answer.payload() else dict(answer.headers)
        await Response(answer.payload(), answer.status, headers)(scope, receive, send)

    return app
