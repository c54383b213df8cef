"""A server of two reads, with a program of its own: ``/things`` is always right, ``/moody`` as its ``mood`` says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

Mood = Callable[[int], int]
"""The number of a request (from 1) → the status of its answer."""

_ANSWER = {"responses": {"200": {"description": "-", "content": {"application/json": {"schema": {"type": "object"}}}}}}
CONTRACT = {
    "openapi": "3.1.0",
    "info": {"title": "Little", "version": "1"},
    "paths": {f"/{name}": {"get": {"operationId": name, **_ANSWER}} for name in ("things", "moody")},
}
PROFILE = """\
schema: certify/partner/1
id: little
name: Little
target:
  base_url: {url}
  contract: contract.json
sign_in: {{kind: none}}
identities: {{primary: {{}}}}
operations: {{read: {{operation: things}}}}
"""
PLAYBOOK = """\
schema: certify/playbook/1
id: little
title: Little
version: "1"
roles: [partner-engineer]
milestones:
  - id: steady
    title: Steady
    owner: partner-engineer
    business_days: 1
    criteria:
      - {id: reachable, statement: It is reachable., kind: automated, checks: [net.control-works]}
      - {id: moody-works, statement: The moody read works., kind: automated, checks: [shop.moody-works]}
"""
SUITE = '''\
from certify.suite import Call, check, expect


@check("shop.moody-works", level="CONTRACT", clause="OpenAPI 3.1 Responses Object", faults=["one"])
def test_the_moody_read_works(target):
    """The moody read works.

    Sends: the moody read.
    Decides: 200.
    Cause: a mood -> mend it.
    """
    expect(target.send(Call("GET", "/moody", "moody"), purpose="probe")).status({status})
'''


def write_program(folder: Path, url: str) -> Path:
    """Profile, contract, playbook and one suite; gives the profile."""
    (folder / "suites").mkdir(parents=True)
    (folder / "contract.json").write_text(json.dumps(CONTRACT))
    (folder / "playbook.yaml").write_text(PLAYBOOK)
    write_suite(folder)
    profile = folder / "partner.yaml"
    profile.write_text(PROFILE.format(url=url))
    return profile


def write_suite(folder: Path, status: int = 200) -> None:
    (folder / "suites" / "test_moody.py").write_text(SUITE.replace("{status}", str(status)))


@contextmanager
def little_server(mood: Mood) -> Iterator[str]:
    """The server on a free loopback port; gives its URL."""
    count = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            nonlocal count
            count += self.path == "/moody"
            status = mood(count) if self.path == "/moody" else 200 if self.path == "/things" else 404
            body = b"{}" if status == 200 else b'{"detail": "no"}'
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
