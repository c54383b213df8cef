"""A credential is called good only where the API tells so: with it, and not without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from certify.doctor import Case, State, Visit
from certify.doctor.diagnosis import Examined
from tests.journeys.strange_server import Answer, Asked, Told, serving


def examined(folder: Path, answer: Answer, *, secured: bool = True) -> dict[str, Examined]:
    """What the doctor says of an API with one read and an API key, by the name of the examination."""
    listing = {"operationId": "list", "responses": {"200": {"description": "x"}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/things": {"get": listing}},
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-token"}}},
        "security": [{"key": []}] if secured else [],
    }
    (folder / "api.json").write_text(json.dumps(document))
    (folder / "key").write_text("junk-key")
    file = folder / "p.yaml"
    with serving(answer) as url:
        file.write_text(
            f"schema: certify/partner/1\nid: p\nname: P\ntarget:\n  base_url: {url}\n  contract: api.json\n"
            "sign_in: {kind: api_key, header: x-token}\nidentities:\n  primary:\n    api_key: {file: key}\n"
        )
        with Visit(Case(file)) as visit:
            return {item.name: item for item in visit.whole().examined}


def open_to_all(asked: Asked) -> Told:
    return Told(200, "[]") if asked.path == "/things" else Told(404)


def guarded(asked: Asked) -> Told:
    return open_to_all(asked) if asked.headers.get("x-token") == "junk-key" else Told(401)


def test_a_key_that_opens_the_door_is_healthy(tmp_path: Path) -> None:
    found = examined(tmp_path, guarded)["credential"]
    assert (found.state, found.told) == (State.HEALTHY, "GET /things: 200 with primary's, 401 without")


@pytest.mark.parametrize(("secured", "state"), [(True, State.WARNED), (False, State.NOT_NEEDED)])
def test_of_a_door_that_stands_open_nothing_is_said_about_the_key(tmp_path: Path, secured: bool, state: State) -> None:
    found = examined(tmp_path, open_to_all, secured=secured)
    assert found["credential"].state is state
    assert found["credential"].told == "cannot tell whether primary's is good: GET /things also works without one"
    assert "signed in" not in found["sign-in"].told
