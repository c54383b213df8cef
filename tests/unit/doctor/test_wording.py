"""What the doctor says once, and says as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from certify.doctor import Ailment, Case, Visit
from tests.journeys.strange_server import Answer, Asked, Told, serving

DONE = {"200": {"description": "x"}}
LISTED = {"200": {"description": "x", "content": {"application/json": {"schema": {"type": "array", "items": {}}}}}}


def ailments(folder: Path, paths: dict[str, Any], answer: Answer) -> list[Ailment]:
    (folder / "api.json").write_text(
        json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths})
    )
    file = folder / "p.yaml"
    with serving(answer) as url:
        file.write_text(
            f"schema: certify/partner/1\nid: p\nname: P\ntarget:\n  base_url: {url}\n  contract: api.json\n"
            "sign_in: {kind: none}\nidentities: {}\npermissions: {allow_writes: true, allow_destructive: true}\n"
        )
        with Visit(Case(file)) as visit:
            return list(visit.whole().ailments)


def test_roles_that_nothing_looks_like_are_told_once(tmp_path: Path) -> None:
    found = ailments(
        tmp_path, {"/health": {"get": {"operationId": "health", "responses": DONE}}}, lambda asked: Told(200)
    )

    (lacking,) = (item for item in found if "nothing in the contract looks like it" in item.message)
    assert lacking.message.startswith("no operation for collection, item, create, update, delete, ")
    assert "FILL-IN" in lacking.advice
    assert len([item for item in found if "FILL-IN" in item.advice]) == 1


def test_a_mistake_of_the_contract_is_not_said_to_be_mended_by_us(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"size": {"type": "integer"}}}
    sent = {"content": {"application/json": {"schema": schema, "example": {"size": "many"}}}}
    paths = {"/things": {"post": {"operationId": "make", "requestBody": sent, "responses": DONE}}}
    found = ailments(tmp_path, paths, lambda asked: Told(200, "{}"))

    (mistake,) = (item for item in found if "breaks its own schema" in item.message)
    assert mistake.message.endswith("(certify steps around it)")
    assert mistake.advice == "correct it; it is not sent"


def test_a_list_with_items_is_not_called_empty(tmp_path: Path) -> None:
    def by_name(asked: Asked) -> Told:
        return Told(200, '[{"id": "e5237c22", "name": "first"}]') if asked.path == "/things" else Told(404)

    paths = {
        "/things": {"get": {"operationId": "list", "responses": LISTED}},
        "/things/{thing}": {"get": {"operationId": "read", "responses": DONE}},
    }
    (unread,) = (item for item in ailments(tmp_path, paths, by_name) if "no item of it can be read" in item.message)

    assert not any("empty" in cause for cause in unread.causes)
    assert "the list has 1 of them" in unread.causes[0]
