"""Operations with servers of their own are called there, if the profile names the host."""

from __future__ import annotations

from typing import Any

import pytest

from certify.contract.servers import settle_servers
from tests.unit.contract.documents import contract

BASE = "https://sandbox.example/api/v1"
WHOLE = [{"url": "https://api.example/v1"}]


def called_at(servers: Any, whole: Any = WHOLE, base: str = BASE, level: str = "operation") -> str | None:
    operation: dict[str, Any] = {"responses": {}}
    item: dict[str, Any] = {"get": operation}
    (operation if level == "operation" else item)["servers"] = servers
    document = contract({"/a": item, "/b": {"get": {"responses": {}}}}, servers=whole)
    found = settle_servers(document, base, lambda url: "named" in url).operation("GET /a")
    return found.address.removesuffix("/a") if found else None


@pytest.mark.parametrize("level", ["operation", "path"])
@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://api.example/v1", ""),
        ("https://api.example/v2", "https://sandbox.example/api/v2"),
        ("https://api.example", "https://sandbox.example/api"),
        ("/files", "https://sandbox.example/api/files"),
        ("https://named.example/x/", "https://named.example/x"),
        ("https://other.example", None),
        ("ftp://named.example", None),
    ],
)
def test_the_host_of_the_profile_wins_and_the_path_is_the_contracts(level: str, url: str, address: str | None) -> None:
    assert called_at([{"url": url}], level=level) == address


def test_variables_have_their_defaults() -> None:
    server = {"url": "https://{region}.example/{v}", "variables": {"region": {"default": "named"}, "v": {"default": 2}}}

    assert called_at([server]) == "https://named.example/2"


def test_the_first_server_that_may_be_called_is() -> None:
    assert called_at([{"url": "https://other.example"}, {"url": "https://named.example"}]) == "https://named.example"


def test_a_base_url_with_another_path_keeps_it_out_of_the_way() -> None:
    assert called_at([{"url": "https://api.example/v2"}], base="http://localhost:8080") == "http://localhost:8080/v2"


def test_an_operation_on_a_host_that_nobody_named_is_set_aside_with_the_entry_to_write() -> None:
    item = {"get": {"responses": {}, "servers": [{"url": "https://other.example/x"}]}}
    found = settle_servers(contract({"/a": item}, servers=WHOLE), BASE, lambda url: False)
    (mistake,) = found.problems

    assert found.operations == ()
    assert mistake.operations == ("GET /a",)
    assert "'other.example'" in mistake.problem.advice
    assert "target.allowed_hosts" in mistake.problem.advice


def test_a_contract_without_servers_of_its_own_stays_what_it_was() -> None:
    plain = contract({"/a": {"get": {"responses": {}}}})

    assert settle_servers(plain, BASE, lambda url: False) is plain


def test_what_is_no_url_is_no_server() -> None:
    assert called_at([{"url": "http://[x"}, {"url": 7}, "text"]) == ""
