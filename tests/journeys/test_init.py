"""`certify init` as a newcomer uses it: an address, a file, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from certify.program.partner import load_partner
from certify.sandbox.places import CONTRACT
from tests.journeys.console import certify
from tests.journeys.strange_server import Asked, Told, serving


def publishing(asked: Asked) -> Told:
    """The reference contract at one of the usual places, and nothing else."""
    if asked.path == "/openapi.yaml":
        return Told(200, CONTRACT.read_text(), {"Content-Type": "application/yaml"})
    return Told(404)


@pytest.fixture(scope="module")
def published() -> Iterator[str]:
    with serving(publishing) as url:
        yield url


def test_from_an_address_alone(published: str, tmp_path: Path) -> None:
    """The contract is found at a usual place below the address."""
    ended = certify("init", "--url", published, "--out", "me.yaml", "--client-id", "primary", folder=tmp_path)
    assert ended.code == 0, ended.text
    assert "nobody is at the terminal" in ended.err
    assert "export PARTNER_API_PRIMARY_CLIENT_SECRET=" in ended.out
    assert ended.out.splitlines()[-2:] == ["  certify doctor --partner me.yaml", "  certify run --partner me.yaml"]
    partner = load_partner(tmp_path / "me.yaml", secrets=False)
    assert partner.contract == f"{published}/openapi.yaml"
    assert partner.sign_in.token_url == f"{published}/oauth/token"
    assert partner.operations["create"].operation == "createLead"
    assert not partner.permissions.allow_writes


@pytest.mark.parametrize("place", ["/spec.json", "/apispec_1.json", "/openapi"])
def test_a_contract_is_found_where_flasgger_and_pygeoapi_put_it(place: str, tmp_path: Path) -> None:
    def answer(asked: Asked) -> Told:
        media = {"Content-Type": "application/vnd.oai.openapi"}
        return Told(200, CONTRACT.read_text(), media) if asked.path == place else Told(404)

    with serving(answer) as url:
        ended = certify("init", "--url", url, "--out", "me.yaml", "--yes", folder=tmp_path)
        assert ended.code == 0, ended.text
        assert load_partner(tmp_path / "me.yaml", secrets=False).contract == f"{url}{place}"


def test_a_contract_is_known_by_its_media_type_or_by_any_of_its_members(tmp_path: Path) -> None:
    """Members come in any order: generated documents often begin with kilobytes of components."""
    document = yaml.safe_load(CONTRACT.read_text())
    late = json.dumps(
        {"components": {"schemas": {"Filler": {"description": "x" * 9_000}}} | document["components"], **document}
    )

    def answer(asked: Asked) -> Told:
        return Told(200, late, {"Content-Type": "application/json"}) if asked.path == "/openapi" else Told(404)

    with serving(answer) as url:
        ended = certify("init", "--url", url, "--out", "me.yaml", "--yes", folder=tmp_path)
    assert ended.code == 0, ended.text


def test_a_path_that_is_too_long_does_not_hide_the_contract(published: str, tmp_path: Path) -> None:
    ended = certify("init", "--url", f"{published}/v1", "--out", "me.yaml", "--yes", folder=tmp_path)
    assert ended.code == 0, ended.text
    assert load_partner(tmp_path / "me.yaml", secrets=False).contract == f"{published}/openapi.yaml"


def test_a_file_that_is_there_stays_unless_it_is_forced(published: str, tmp_path: Path) -> None:
    (tmp_path / "me.yaml").write_text("mine")
    ended = certify("init", "--url", published, "--out", "me.yaml", "--yes", folder=tmp_path)
    assert (ended.code, (tmp_path / "me.yaml").read_text()) == (2, "mine")
    assert "--force" in ended.err
    assert certify("init", "--url", published, "--out", "me.yaml", "--yes", "--force", folder=tmp_path).code == 0
    assert (tmp_path / "me.yaml").read_text() != "mine"


def test_where_no_contract_is_found_the_places_are_told(tmp_path: Path) -> None:
    with serving(lambda asked: Told(404)) as url:
        ended = certify("init", "--url", url, "--yes", folder=tmp_path)
    assert ended.code == 2
    assert "/v3/api-docs" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_page_about_the_contract_is_not_the_contract(tmp_path: Path) -> None:
    page = Told(200, "<html>openapi swagger</html>", {"Content-Type": "text/html"})
    with serving(lambda asked: page) as url:
        ended = certify("init", "--url", url, "--yes", folder=tmp_path)
        named = certify("init", "--contract", f"{url}/docs", "--url", url, "--yes", folder=tmp_path)
    assert (ended.code, named.code) == (2, 2)
    assert "page" in named.err
    assert list(tmp_path.iterdir()) == []


def test_nobody_is_there(tmp_path: Path) -> None:
    ended = certify("init", "--url", "http://127.0.0.1:1", "--yes", folder=tmp_path)
    assert ended.code == 4
    assert list(tmp_path.iterdir()) == []


def test_an_address_or_a_contract_is_needed(tmp_path: Path) -> None:
    ended = certify("init", folder=tmp_path)
    assert ended.code == 2
    assert "--contract" in ended.err
