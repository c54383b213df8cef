"""A broken profile is noticed in seconds: whose it is, which line to change, and no run directory is left."""

from __future__ import annotations

import base64
import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from certify.program.validate import schema
from tests.journeys.authorities import Authority, tls
from tests.journeys.console import Ended, certify, sandbox_profile
from tests.journeys.strange_server import Answer, Asked, Told, serving

ITEM = {"type": "object", "properties": {"id": {"type": "integer"}}}
CONTRACT = {
    "openapi": "3.1.0",
    "info": {"title": "Shelf", "version": "1"},
    "servers": [{"url": "/api/v2"}],
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "security": [{"bearer": []}],
    "paths": {
        f"/{name}": {
            "get": {
                "operationId": f"list{name.title()}",
                "responses": {
                    "200": {
                        "description": "all",
                        "content": {"application/json": {"schema": {"type": "array", "items": ITEM}}},
                    }
                },
            }
        }
        for name in ("books", "authors")
    },
}
TOKEN = "shelf-token"


def honest(asked: Asked) -> Told:
    """The Shelf API below /api/v2, for whoever brings the token."""
    if not re.fullmatch("/api/v2/(books|authors)", asked.path):
        return Told(404)
    if not asked.headers.get("authorization", "").startswith("Bearer "):
        return Told(401, headers={"WWW-Authenticate": "Bearer", "Content-Type": "application/json"})
    return Told(200, '[{"id": 1}]')


def profile(folder: Path, base_url: str, *, token: str = TOKEN, target: str = "", rest: str = "") -> Path:
    """A profile whose base URL is on line 5 and whose primary begins on line 10."""
    (folder / "api.json").write_text(json.dumps(CONTRACT))
    (folder / "token").write_text(token)
    file = folder / "shelf.yaml"
    file.write_text(
        "schema: certify/partner/1\nid: shelf\nname: Shelf\n"
        f"target:\n  base_url: {base_url}\n  contract: api.json\n{target}"
        "sign_in:\n  kind: bearer\nidentities:\n  primary:\n    token: {file: token}\n" + rest
    )
    return file


def line_of(file: Path, text: str) -> int:
    return next(number for number, line in enumerate(file.read_text().splitlines(), 1) if text in line)


def both(file: Path, code: int, attribution: str, *told: str, line: int = 0, folder: Path) -> dict[str, Any]:
    """The doctor and the run say the same, with the same code, and nothing is left behind; gives the doctor's JSON."""
    doctor, run = certify("doctor", "--partner", file, "--json"), certify("run", "--partner", file, folder=folder)
    found: dict[str, Any] = json.loads(doctor.out)
    worst = next(ailment for item in found["examinations"] for ailment in item["ailments"])
    assert (worst["attribution"], doctor.code) == (attribution, code), doctor.out
    assert run.code == code, run.text
    for text in told:
        assert text in json.dumps(worst, ensure_ascii=False), worst
        assert text in run.text, run.text
    if line:
        assert worst["line"] == line
        assert f"{file.name}:{line}" in run.text, run.text
    assert "Traceback" not in run.text
    assert not (folder / "reports").exists()
    states = {item["name"]: item["state"] for item in found["examinations"]}
    assert {states[name] for name in ("probes", "room", "data")} == {"not_looked_at"}, states
    return found


def test_a_healthy_sandbox(tmp_path: Path) -> None:
    with sandbox_profile(tmp_path) as file:
        ended = certify("doctor", "--partner", file)
        as_json = certify("doctor", "--partner", file, "--json")
    assert ended.code == 0, ended.text
    assert f"certify run --partner {file}" in ended.out
    found = json.loads(as_json.out)
    Draft202012Validator(schema("diagnosis.v1")).validate(found)
    assert found["healthy"]
    assert {item["state"] for item in found["examinations"]} == {"healthy", "not_needed"}
    assert {role["role"]: role["operation"] for role in _roles(found)}["create"] == "createLead"


def _roles(found: dict[str, Any]) -> list[dict[str, str]]:
    roles: list[dict[str, str]] = next(
        item["facts"]["roles"] for item in found["examinations"] if item["name"] == "probes"
    )
    return roles


def test_an_api_of_somebody_else_is_healthy_too(tmp_path: Path) -> None:
    with serving(honest) as url:
        ended = certify("doctor", "--partner", profile(tmp_path, f"{url}/api/v2"))
    assert ended.code == 0, ended.text
    assert "Worth knowing" in ended.out
    assert "operations" in ended.out


# — the address —


def test_a_name_that_does_not_resolve(tmp_path: Path) -> None:
    file = profile(tmp_path, "https://no-such-host.invalid/api")
    both(file, 4, "network", "no-such-host.invalid does not resolve", line=5, folder=tmp_path)


def test_a_port_where_nobody_listens(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        both(profile(tmp_path, f"http://127.0.0.1:{port}"), 4, "partner", "refused", line=5, folder=tmp_path)


def test_what_signs_in_and_is_not_there_is_named(tmp_path: Path) -> None:
    with socket.socket() as unused, serving(honest) as url:
        unused.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{unused.getsockname()[1]}/token"
        file = profile(tmp_path, f"{url}/api/v2")
        text = file.read_text().replace("kind: bearer", f"kind: client_credentials\n  token_url: {gone}")
        file.write_text(text.replace("token: {file: token}", "{client_id: a, client_secret: {file: token}}"))
        both(file, 4, "partner", "check sign_in.token_url", folder=tmp_path)


def test_a_server_that_hangs_is_not_waited_for_long(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        started = time.monotonic()
        file = profile(tmp_path, f"http://127.0.0.1:{mute.getsockname()[1]}")
        ended = certify("doctor", "--partner", file)
        assert time.monotonic() - started < 20
    assert ended.code == 4, ended.text
    assert "gives no answer" in ended.out
    assert "not looked at: it stands on an answer, and its clock" in " ".join(ended.out.split())


def test_a_redirect_names_the_new_base_url(tmp_path: Path) -> None:
    def moved(asked: Asked) -> Told:
        return Told(308, "", {"Location": f"/api/v2{asked.path.removeprefix('/old')}"})

    with serving(lambda asked: moved(asked) if asked.path.startswith("/old") else honest(asked)) as url:
        file = profile(tmp_path, f"{url}/old")
        both(file, 2, "profile", f"base_url: {url}/api/v2", "308", line=5, folder=tmp_path)


def test_a_web_page_is_not_an_api(tmp_path: Path) -> None:
    page = Told(200, "<html>Welcome</html>", {"Content-Type": "text/html"})
    with serving(lambda asked: page) as url:
        both(profile(tmp_path, url), 2, "profile", "web page", line=5, folder=tmp_path)


def test_another_base_path_is_found(tmp_path: Path) -> None:
    with serving(honest) as url:
        file = profile(tmp_path, url)
        both(file, 2, "profile", f"base_url: {url}/api/v2", line=5, folder=tmp_path)


def test_where_nothing_of_the_contract_is_anywhere_the_causes_are_ranked(tmp_path: Path) -> None:
    with serving(lambda asked: Told(404)) as url:
        both(profile(tmp_path, url), 2, "profile", "nothing of the contract is found", line=5, folder=tmp_path)


def test_a_clock_that_is_wrong_hides_no_wrong_address(tmp_path: Path) -> None:
    """The clock is serious and does not end a run; a base URL without anything behind it does."""

    def early(asked: Asked) -> Told:
        return Told(404, headers={"Date": formatdate(time.time() + 20, usegmt=True)})

    with serving(early) as url:
        file = profile(tmp_path, url)
        doctor, run = certify("doctor", "--partner", file), certify("run", "--partner", file, folder=tmp_path)
    assert (doctor.code, run.code) == (2, 2), run.text
    assert "its clock is 20 s ahead" in doctor.out
    assert "nothing of the contract is found" in doctor.out
    assert f"{file.name}:5" in run.text, run.text


def test_http_where_tls_is_spoken_and_the_other_way_round(tmp_path: Path) -> None:
    with serving(honest) as url:
        file = profile(tmp_path, f"{url.replace('http', 'https')}/api/v2")
        both(file, 2, "profile", "does not speak TLS", line=5, folder=tmp_path)


# — the certificate —


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def trusted(authority: Authority) -> str:
    return f"  ca_file: {authority.file}\n"


def test_a_good_certificate_of_a_private_authority(tmp_path: Path, authority: Authority) -> None:
    with serving(honest, tls(authority.issue("127.0.0.1"))) as url:
        file = profile(tmp_path, f"{url}/api/v2", target=trusted(authority))
        ended = certify("doctor", "--partner", file)
    assert ended.code == 0, ended.text
    assert "valid for" in ended.out


def test_a_certificate_that_nobody_here_trusts(tmp_path: Path, authority: Authority) -> None:
    with serving(honest, tls(authority.issue("127.0.0.1"))) as url:
        both(profile(tmp_path, f"{url}/api/v2"), 2, "profile", "nobody who is trusted here", "ca_file", folder=tmp_path)


def test_a_certificate_that_has_ended(tmp_path: Path, authority: Authority) -> None:
    with serving(honest, tls(authority.issue("127.0.0.1", days=-3))) as url:
        file = profile(tmp_path, f"{url}/api/v2", target=trusted(authority))
        both(file, 4, "partner", "ended 3 days ago", line=5, folder=tmp_path)


def test_a_certificate_for_another_host(tmp_path: Path, authority: Authority) -> None:
    with serving(honest, tls(authority.issue("other.example"))) as url:
        file = profile(tmp_path, f"{url}/api/v2", target=trusted(authority))
        both(file, 4, "partner", "not for 127.0.0.1", "other.example", line=5, folder=tmp_path)


@contextmanager
def asking_for_certificates(folder: Path, authority: Authority, pair: Path, version: ssl.TLSVersion) -> Iterator[Path]:
    """The profile of a server that speaks to those alone whom the authority knows; primary shows the pair."""
    context = tls(authority.issue("127.0.0.1"))
    context.load_verify_locations(authority.file)
    context.verify_mode, context.maximum_version = ssl.CERT_REQUIRED, version
    with serving(lambda asked: Told(200, '[{"id": 1}]') if "/api/v2/" in asked.path else Told(404), context) as url:
        file = profile(folder, f"{url}/api/v2", target=trusted(authority))
        given = f"certificate: {{file: {pair}}}\n    certificate_key: {{file: {pair}}}"
        file.write_text(
            file.read_text().replace("kind: bearer", "kind: mutual_tls").replace("token: {file: token}", given)
        )
        yield file


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_server_that_wants_a_client_certificate_gets_it(
    tmp_path: Path, authority: Authority, version: ssl.TLSVersion
) -> None:
    """Under TLS 1.2 the handshake itself ends without one."""
    with asking_for_certificates(tmp_path, authority, authority.issue("client"), version) as file:
        ended = certify("doctor", "--partner", file)
    assert ended.code == 0, ended.text
    assert "valid for" in ended.out


def test_a_client_certificate_that_is_not_known_there_is_named(tmp_path: Path, authority: Authority) -> None:
    (tmp_path / "elsewhere").mkdir()
    pair = Authority(tmp_path / "elsewhere").issue("client")
    with asking_for_certificates(tmp_path, authority, pair, ssl.TLSVersion.TLSv1_2) as file:
        both(file, 4, "partner", "does not take the client certificate of primary", line=5, folder=tmp_path)


# — credentials —


def jwt(**claims: Any) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims)]
    return ".".join([*parts, "c2lnbmF0dXJl"])


def refusing(status: int, challenge: str, body: str = "{}") -> Answer:
    headers = {"WWW-Authenticate": challenge, "Content-Type": "application/json"}
    return lambda asked: Told(status, body, headers) if honest(asked).status == 200 else honest(asked)


Served = Callable[[Answer], Any]


@contextmanager
def shelf(folder: Path, answer: Answer, **written: Any) -> Iterator[Path]:
    with serving(answer) as url:
        yield profile(folder, f"{url}/api/v2", **written)


def test_a_token_that_says_it_has_expired(tmp_path: Path) -> None:
    with shelf(tmp_path, honest, token=jwt(exp=time.time() - 7200)) as file:
        both(file, 2, "profile", "expired 2.0 hours ago", line=10, folder=tmp_path)


def test_a_refusal_that_says_expired(tmp_path: Path) -> None:
    answer = refusing(401, 'Bearer error="invalid_token", error_description="The token expired"')
    with shelf(tmp_path, answer) as file:
        both(file, 2, "profile", "has expired", line=10, folder=tmp_path)


def test_a_refusal_that_says_nothing_ranks_the_causes(tmp_path: Path) -> None:
    with shelf(tmp_path, refusing(401, "Bearer")) as file:
        both(file, 2, "profile", "is refused", "another tenant", line=10, folder=tmp_path)


def test_a_token_with_too_few_scopes_names_the_one_that_lacks(tmp_path: Path) -> None:
    answer = refusing(403, 'Bearer error="insufficient_scope", scope="books:read"')
    with shelf(tmp_path, answer) as file:
        both(file, 2, "profile", "too few scopes", "books:read", line=10, folder=tmp_path)


MAPPED = (
    "platform_tokens: {issuer: i, audience: a, algorithms: [ES256], keys: {ES256: {file: token}},"
    " claims: {org: '{tenant}'}}\n"
)
"""The profile says itself which claim is the tenant."""


def test_a_token_of_another_tenant(tmp_path: Path) -> None:
    with shelf(tmp_path, honest, token=jwt(org="globex"), rest=f"    tenant: acme\n{MAPPED}") as file:
        both(file, 2, "profile", "tenant 'globex'", "'acme'", line=12, folder=tmp_path)


def test_a_tenant_that_the_profile_does_not_map_is_only_a_hint(tmp_path: Path) -> None:
    """``tid`` of Entra ID is the directory of whoever signs in, and may hold every tenant of the API."""
    (tmp_path / "other").write_text(jwt(tid="72f9", sub="b"))
    rest = "    tenant: acme\n  other_tenant:\n    token: {file: other}\n    tenant: globex\n"
    with shelf(tmp_path, honest, token=jwt(tid="72f9", sub="a"), rest=rest) as file:
        ended = certify("doctor", "--partner", file, "--json")
    told = [item for seen in json.loads(ended.out)["examinations"] for item in seen["ailments"]]
    assert ended.code == 0, ended.text
    assert [item["weight"] for item in told if "72f9" in item["message"]] == ["minor", "minor"]


def test_two_clients_of_one_tenant_are_refused_where_the_profile_maps_the_claim(tmp_path: Path) -> None:
    (tmp_path / "other").write_text(jwt(org="acme", sub="b"))
    rest = f"  other_tenant:\n    token: {{file: other}}\n{MAPPED}"
    with shelf(tmp_path, honest, token=jwt(org="acme", sub="a"), rest=rest) as file:
        both(file, 2, "profile", "tenant 'acme'", line=12, folder=tmp_path)


def test_two_tenants_that_are_one(tmp_path: Path) -> None:
    with shelf(tmp_path, honest, rest="  other_tenant:\n    token: {file: token}\n") as file:
        both(file, 2, "profile", "the very same credential", line=12, folder=tmp_path)


def test_no_secret_is_ever_told(tmp_path: Path) -> None:
    with shelf(tmp_path, refusing(401, "Bearer", json.dumps({"message": f"no such token: {TOKEN}"}))) as file:
        ended = certify("doctor", "--partner", file, "--json")
    assert TOKEN not in ended.text


# — the profile —


def test_a_value_that_was_left_to_be_filled_in(tmp_path: Path) -> None:
    file = profile(tmp_path, "http://127.0.0.1:9", rest="    tenant: CHANGE-ME\n")
    both(file, 2, "profile", "still says CHANGE-ME", line=12, folder=tmp_path)


def test_an_operation_that_the_contract_does_not_have(tmp_path: Path) -> None:
    with shelf(tmp_path, honest, rest="operations:\n  read: {operation: listBoks}\n") as file:
        both(file, 2, "profile", "listBoks", "listBooks", line=13, folder=tmp_path)


def test_all_problems_of_a_profile_are_told(tmp_path: Path) -> None:
    file = profile(tmp_path, "ftp://127.0.0.1", rest="permisions: {}\n")
    ended: Ended = certify("doctor", "--partner", file)
    assert ended.code == 2
    assert "permisions" in ended.out
    assert "ftp://" in ended.out


# — the contract —


def naming(file: Path, contract: str) -> Path:
    """The profile with another contract."""
    file.write_text(file.read_text().replace("contract: api.json", f"contract: {contract}"))
    return file


def test_a_contract_that_cannot_be_fetched(tmp_path: Path) -> None:
    with serving(honest) as url:
        file = naming(profile(tmp_path, f"{url}/api/v2"), f"{url}/openapi.json")
        both(file, 4, "partner", "cannot be fetched", "404", line=6, folder=tmp_path)


def test_a_page_about_the_contract(tmp_path: Path) -> None:
    page = Told(200, "<html>Try it out</html>", {"Content-Type": "text/html"})
    with serving(lambda asked: page if asked.path == "/docs" else honest(asked)) as url:
        file = naming(profile(tmp_path, f"{url}/api/v2"), f"{url}/docs")
        both(file, 2, "profile", "not with an OpenAPI document", line=6, folder=tmp_path)


def test_a_contract_that_is_none(tmp_path: Path) -> None:
    with shelf(tmp_path, honest) as file:
        (tmp_path / "api.json").write_text('{"swagger": "2.0"}')
        both(file, 2, "contract", "api.json", folder=tmp_path)
