"""References that cannot be read: answers hold nobody to them, and only requests that need them are not sent."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from certify.cli.terminal.drafted import render_drafted
from certify.contract import Contract, load_contract
from certify.contract.problem import Effect
from certify.contract.validation import Schemas
from certify.onboarding import Wishes, draft_profile
from tests.unit.contract.documents import JSON, answers, body, ref

AWAY = {"$ref": "https://schemas.elsewhere.example/geo.json#/Point"}


def load(tmp_path: Path, paths: dict[str, Any], **components: Any) -> Contract:
    file = tmp_path / "openapi.json"
    info = {"title": "T", "version": "1"}
    file.write_text(json.dumps({"openapi": "3.1.0", "info": info, "paths": paths, "components": components}))
    return load_contract(file)


def names(contract: Contract) -> list[str]:
    return [operation.id for operation in contract.operations]


def schema(contract: Contract, path: str) -> Any:
    return contract.document["paths"][path]["get"]["responses"]["200"]["content"][JSON]["schema"]


def test_an_answer_that_refers_elsewhere_sets_nothing_aside_and_the_rest_of_it_still_binds(tmp_path: Path) -> None:
    place = {"type": "object", "required": ["name"], "properties": {"where": AWAY, "name": {"type": "string"}}}
    contract = load(tmp_path, {"/places": {"get": {"responses": answers(_200=place)}}})

    assert names(contract) == ["GET /places"]
    assert schema(contract, "/places")["properties"]["where"] == {}
    assert schema(contract, "/places")["required"] == ["name"]
    (told,) = contract.problems
    assert told.effect is Effect.MENDED
    assert told.operations == ("GET /places",)
    assert "schemas.elsewhere.example" in told.problem.message
    assert told.problem.message.endswith("what answers hold in its place is not judged")


def test_a_whole_response_elsewhere_leaves_an_answer_of_which_nothing_is_known(tmp_path: Path) -> None:
    contract = load(tmp_path, {"/places": {"get": {"responses": {"200": AWAY, "default": AWAY}}}})

    assert names(contract) == ["GET /places"]
    assert list(contract.document["paths"]["/places"]["get"]["responses"]["default"]) == ["description"]
    assert len(contract.problems) == 1, "what has to be done once is told once"


def test_what_a_request_needs_sets_aside_its_operation_and_not_its_neighbour(tmp_path: Path) -> None:
    paths = {
        "/places": {
            "get": {"responses": answers(_200=ref("Place"))},
            "post": {"requestBody": body(ref("Place")), "responses": {"201": {"description": "-"}}},
        },
        "/near": {"get": {"parameters": [AWAY], "responses": answers(_200={})}},
    }
    contract = load(tmp_path, paths, schemas={"Place": {"type": "object", "properties": {"where": AWAY}}})

    assert names(contract) == ["GET /places"]
    aside = {name for told in contract.problems if told.effect is Effect.SET_ASIDE for name in told.operations}
    assert aside == {"POST /places", "GET /near"}


def test_no_keyword_around_an_unknown_schema_turns_it_into_a_failure(tmp_path: Path) -> None:
    wrapped = {
        "allOf": [{"oneOf": [ref("Known"), ref("Unknown")]}],
        "not": ref("Unknown"),
        "if": AWAY,
        "then": False,
        "unevaluatedProperties": False,
    }
    schemas = {"Known": {"type": "object"}, "Unknown": {"allOf": [AWAY]}, "Around": wrapped}
    contract = load(tmp_path, {"/p": {"get": {"responses": answers(_200=ref("Around"))}}}, schemas=schemas)

    assert Schemas(contract).valid("/components/schemas/Around", {"a": 1})
    assert not Schemas(contract).valid("/components/schemas/Known", [])


def test_what_another_answer_says_keeps_its_force(tmp_path: Path) -> None:
    paths = {
        "/a": {"get": {"responses": answers(_200=AWAY)}},
        "/b": {"get": {"responses": answers(_200={"not": {"type": "array"}})}},
    }

    assert schema(load(tmp_path, paths), "/b") == {"not": {"type": "array"}}


def test_a_draft_says_how_much_of_the_contract_can_be_called_and_where_its_mistakes_are_told(tmp_path: Path) -> None:
    paths = {
        "/a": {"get": {"responses": answers(_200=AWAY)}},
        "/b": {"get": {"parameters": [AWAY], "responses": answers(_200={})}},
    }
    load(tmp_path, paths)
    out, told = tmp_path / "geo.yaml", io.StringIO()
    draft = draft_profile(Wishes(str(tmp_path / "openapi.json"), "http://127.0.0.1:1"), out)
    render_drafted(draft, out, told)

    said = " ".join(told.getvalue().split())
    assert f"Wrote {out}: 1 operation, 1 set aside, at http://127.0.0.1:1 " in said
    assert f"2 mistakes in the contract: `certify plan --partner {out}` lists them" in said
