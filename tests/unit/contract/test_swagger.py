"""Swagger 2.0 in the words of OpenAPI 3.1."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from certify.contract import Contract, load_contract
from certify.contract.validation import Schemas

ORDER = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "note": {"type": "string"}}}

PATHS = {"/a": {"get": {"responses": {}}}}


def load(folder: Path, **more: Any) -> Contract:
    document = {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": PATHS, **more}
    file = folder / "swagger.json"
    file.write_text(json.dumps(document))
    return load_contract(file)


def of_operation(folder: Path, operation: dict[str, Any], **more: Any) -> Contract:
    return load(folder, paths={"/orders": {"post": {"responses": {}, **operation}}}, **more)


def test_a_body_parameter_is_the_request_body(tmp_path: Path) -> None:
    body = {"in": "body", "name": "order", "required": True, "schema": {"$ref": "#/definitions/Order"}}
    contract = of_operation(tmp_path, {"parameters": [body]}, definitions={"Order": ORDER})
    (operation,) = contract.operations

    assert contract.dialect == "2.0"
    assert operation.body is not None
    assert (operation.body.media_type, operation.body.required) == ("application/json", True)
    assert operation.body.schema["required"] == ["id"]
    assert not Schemas(contract).valid(operation.body.pointer, {"id": "x"})


@pytest.mark.parametrize("where", ["path", "shared", "operation"])
def test_a_body_is_found_wherever_it_is_declared(tmp_path: Path, where: str) -> None:
    body = {"in": "body", "name": "order", "schema": ORDER}
    item: dict[str, Any] = {"post": {"responses": {}}}
    if where == "path":
        item["parameters"] = [body]
    else:
        item["post"]["parameters"] = [{"$ref": "#/parameters/Order"}] if where == "shared" else [body]
    (operation,) = load(tmp_path, paths={"/orders": item}, parameters={"Order": body}).operations

    assert operation.body is not None
    assert operation.body.schema == ORDER
    assert not operation.parameters


def test_form_fields_are_one_form(tmp_path: Path) -> None:
    fields = [
        {"in": "formData", "name": "a", "type": "string", "required": True},
        {"in": "formData", "name": "b", "type": "array", "items": {"type": "integer"}, "collectionFormat": "multi"},
    ]
    (operation,) = of_operation(tmp_path, {"parameters": fields}).operations

    assert operation.body is not None
    assert operation.body.media_type == "application/x-www-form-urlencoded"
    assert operation.body.schema["required"] == ["a"]
    assert operation.body.schema["properties"]["b"]["items"] == {"type": "integer"}


def test_a_file_makes_the_form_multipart(tmp_path: Path) -> None:
    fields = [{"in": "formData", "name": "photo", "type": "file"}]
    consumes = ["application/x-www-form-urlencoded", "multipart/form-data"]
    (operation,) = of_operation(tmp_path, {"parameters": fields, "consumes": consumes}).operations

    assert operation.body is not None
    assert operation.body.media_type == "multipart/form-data"
    assert operation.body.schema["properties"]["photo"] == {"type": "string", "format": "binary"}


def test_a_parameter_has_a_schema_and_a_style(tmp_path: Path) -> None:
    ids = {"in": "query", "name": "ids", "type": "array", "items": {"type": "integer"}, "collectionFormat": "pipes"}
    size = {"in": "query", "name": "size", "type": "integer", "minimum": 0, "exclusiveMinimum": True, "x-example": 7}
    contract = of_operation(tmp_path, {"parameters": [ids, {"$ref": "#/parameters/Size"}]}, parameters={"Size": size})
    (operation,) = contract.operations
    raw = contract.document["paths"]["/orders"]["post"]["parameters"]

    assert (raw[0]["style"], raw[0]["explode"]) == ("pipeDelimited", False)
    assert operation.parameter("size", "query").schema == {"type": "integer", "exclusiveMinimum": 0}  # type: ignore[union-attr]
    assert operation.parameter("size", "query").example == 7  # type: ignore[union-attr]


def test_an_answer_has_a_schema_for_each_media_type(tmp_path: Path) -> None:
    responses = {
        "200": {"description": "-", "schema": {"$ref": "#/definitions/Order"}},
        "default": {"description": "-"},
    }
    contract = of_operation(
        tmp_path, {"responses": responses}, definitions={"Order": ORDER}, produces=["application/json", "text/json"]
    )
    (operation,) = contract.operations

    assert sorted(operation.answers["200"].media) == ["application/json", "text/json"]
    assert Schemas(contract).valid(operation.answers["200"].media["text/json"], {"id": 1})
    assert not operation.answers["default"].media


def test_null_is_allowed_where_the_vendors_word_says_so(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"note": {"type": "string", "x-nullable": True}}}
    contract = of_operation(tmp_path, {"responses": {"200": {"schema": schema}}}, produces=["application/json"])
    pointer = contract.operations[0].answers["200"].media["application/json"]

    assert Schemas(contract).valid(pointer, {"note": None})
    assert not Schemas(contract).valid(pointer, {"note": 7})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"type": "basic"}, {"type": "http", "scheme": "basic"}),
        ({"type": "apiKey", "in": "query", "name": "key"}, {"type": "apiKey", "in": "query", "name": "key"}),
        *(
            (
                {"type": "oauth2", "flow": old, "tokenUrl": "https://t", "scopes": {"r": "read"}},
                {"type": "oauth2", "flows": {new: {"tokenUrl": "https://t", "scopes": {"r": "read"}}}},
            )
            for old, new in (
                ("application", "clientCredentials"),
                ("accessCode", "authorizationCode"),
                ("implicit", "implicit"),
                ("password", "password"),
            )
        ),
    ],
)
def test_ways_to_sign_in_keep_their_meaning(tmp_path: Path, written: dict[str, Any], meant: dict[str, Any]) -> None:
    contract = load(tmp_path, securityDefinitions={"S": written})

    assert contract.document["components"]["securitySchemes"]["S"] == meant


@pytest.mark.parametrize(
    ("members", "urls"),
    [
        (
            {"host": "a.example", "basePath": "/v1/", "schemes": ["https", "http"]},
            ["https://a.example/v1", "http://a.example/v1"],
        ),
        ({"basePath": "/v1"}, ["/v1"]),
        ({}, ["/"]),
    ],
)
def test_host_and_base_path_are_servers(tmp_path: Path, members: dict[str, Any], urls: list[str]) -> None:
    assert [server["url"] for server in load(tmp_path, **members).document["servers"]] == urls


def test_a_reference_into_an_operation_is_still_followed(tmp_path: Path) -> None:
    there = {"200": {"description": "-", "schema": ORDER}}
    here = {"200": {"description": "-", "schema": {"$ref": "#/paths/~1a/get/responses/200/schema"}}}
    paths = {"/a": {"get": {"responses": there}}, "/b": {"get": {"responses": here, "produces": ["application/json"]}}}
    contract = load(tmp_path, paths=paths)
    pointer = contract.operation("GET /b").answers["200"].media["application/json"]  # type: ignore[union-attr]

    assert not Schemas(contract).valid(pointer, {})


def test_members_that_are_called_like_keywords_are_members(tmp_path: Path) -> None:
    odd = {"type": "object", "properties": {"default": {"type": "string", "x-nullable": True}, "enum": ORDER}}
    contract = of_operation(tmp_path, {"responses": {"200": {"schema": odd}}}, produces=["application/json"])
    pointer = contract.operations[0].answers["200"].media["application/json"]

    assert Schemas(contract).valid(pointer, {"default": None, "enum": {"id": 1}})
    assert not Schemas(contract).valid(pointer, {"enum": {}})
