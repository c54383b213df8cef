"""A contract, and what it refers to, is fetched from hosts that the profile names, and from no others."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from certify.errors import CertifyError, ProfileError, SandboxUnreachableError
from certify.model.partner import Partner, SignIn
from certify.preflight import contract_of


@dataclass
class Host:
    """A server of fixed documents that remembers what it was asked for."""

    documents: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def put(self, path: str, document: Any, status: int = 200, media: str = "application/json") -> None:
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.documents[path] = (status, media, content)


@pytest.fixture
def hosts() -> Iterator[tuple[Host, Host]]:
    pair, servers = (Host(), Host()), []
    for host in pair:

        class Handler(BaseHTTPRequestHandler):
            served = host

            def do_GET(self) -> None:
                self.served.asked.append(self.path)
                missing = (404, "text/plain", b"")
                status, media, content = self.served.documents.get(self.path, missing)
                self.send_response(status)
                self.send_header("Content-Type", media)
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        host.url = f"http://127.0.0.1:{server.server_port}"
        servers.append(server)
    yield pair
    for server in servers:
        server.shutdown()


def partner(base: str, contract: str, *allowed: str) -> Partner:
    return Partner("p", "P", base, SignIn("none"), {}, contract=contract, allowed_hosts=allowed)


def document(reference: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": reference}}}
    paths = {
        "/good": {"get": {"responses": {}}},
        "/a": {"get": {"responses": {"200": {"description": "-", "content": content}}}},
    }
    return {"openapi": "3.1.0", "paths": paths}


def test_a_contract_behind_a_url_may_be_in_several_parts(hosts: tuple[Host, Host]) -> None:
    host, _ = hosts
    host.put("/api/openapi.json", document("parts/schemas.json#/A"))
    host.put("/api/parts/schemas.json", {"A": {"$ref": "more.yaml#/B"}})
    host.put("/api/parts/more.yaml", b"B: {type: integer}\n", media="application/yaml")
    contract = contract_of(partner(host.url, f"{host.url}/api/openapi.json"), None)

    assert not contract.problems
    assert host.asked == ["/api/openapi.json", "/api/parts/schemas.json", "/api/parts/more.yaml"]
    assert contract.facts.files[0] == contract.source == f"{host.url}/api/openapi.json"
    assert contract.document["x-bundled"]["more"] == {"B": {"type": "integer"}}


def test_another_host_is_not_contacted_and_its_name_is_given_as_the_entry_to_write(hosts: tuple[Host, Host]) -> None:
    host, other = hosts
    other.put("/a.json", {"A": {"type": "integer"}})
    host.put("/openapi.json", document(f"{other.url}/a.json#/A"))
    contract = contract_of(partner(host.url, f"{host.url}/openapi.json"), None)

    assert other.asked == []
    assert [operation.id for operation in contract.operations] == ["GET /good", "GET /a"]
    advice = contract.problems[0].problem.advice
    assert "is not a host that the profile names" in advice
    assert "add '127.0.0.1' to target.allowed_hosts" in advice


def test_another_host_is_contacted_where_the_profile_names_it(hosts: tuple[Host, Host], tmp_path: Path) -> None:
    host, other = hosts
    other.put("/a.json", {"A": {"type": "integer"}})
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document(f"{other.url}/a.json#/A")))
    contract = contract_of(partner(host.url, str(file), other.url.removeprefix("http://")), None)

    assert other.asked == ["/a.json"]
    assert not contract.problems


def test_a_remote_contract_does_not_reach_our_files(hosts: tuple[Host, Host], tmp_path: Path) -> None:
    host, _ = hosts
    (tmp_path / "secret.json").write_text('{"A": {"type": "string"}}')
    host.put("/openapi.json", document(f"{(tmp_path / 'secret.json').as_uri()}#/A"))
    contract = contract_of(partner(host.url, f"{host.url}/openapi.json"), None)

    assert "outside the contract's folder" in contract.problems[0].problem.advice


@pytest.mark.parametrize(
    ("status", "media", "content", "error", "why"),
    [
        (404, "application/json", b"{}", SandboxUnreachableError, "cannot be fetched"),
        (302, "application/json", b"{}", SandboxUnreachableError, "cannot be fetched"),
        (200, "text/html", b"<html>", ProfileError, "a page"),
        (200, "application/json", b'{"a":1}' + b" " * 101 * 2**20, ProfileError, "more than 100 MB"),
        (200, "application/json", b'{"a":1}', CertifyError, "1 problem"),
    ],
)
def test_what_is_no_contract_is_told(
    hosts: tuple[Host, Host], status: int, media: str, content: bytes, error: type[CertifyError], why: str
) -> None:
    host, _ = hosts
    host.put("/openapi.json", content, status, media)

    with pytest.raises(error, match=why):
        contract_of(partner(host.url, f"{host.url}/openapi.json"), None)

    assert host.asked == ["/openapi.json"]


def test_a_contract_may_be_larger_than_an_answer(hosts: tuple[Host, Host]) -> None:
    host, _ = hosts
    content = json.dumps({"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {}}}}}).encode()
    host.put("/openapi.json", content + b" " * 9 * 2**20)
    assert contract_of(partner(host.url, f"{host.url}/openapi.json"), None).facts.bytes > 9 * 2**20


def test_a_part_that_answers_an_error_is_asked_for_once(hosts: tuple[Host, Host]) -> None:
    host, _ = hosts
    twice = document("gone.json#/A")
    twice["paths"]["/b"] = document("gone.json#/B")["paths"]["/a"]
    host.put("/openapi.json", twice)
    contract = contract_of(partner(host.url, f"{host.url}/openapi.json"), None)

    assert host.asked == ["/openapi.json", "/gone.json"]
    assert {mistake.operations for mistake in contract.problems} == {("GET /a",), ("GET /b",)}


def test_another_host_that_is_silent_is_not_called_the_sandbox(hosts: tuple[Host, Host]) -> None:
    host, _ = hosts
    host.put("/openapi.json", document("http://localhost:1/a.json#/A"))
    contract = contract_of(partner(host.url, f"{host.url}/openapi.json", "localhost"), None)

    advice = contract.problems[0].problem.advice
    assert advice.startswith("http://localhost:1/a.json gives no answer")
    assert "sandbox" not in advice
