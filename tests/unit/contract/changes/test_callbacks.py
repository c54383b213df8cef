"""Callbacks and webhooks: the server calls, so what it sends is what a client reads."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from certify.contract import Contract
from certify.contract.changes import compare
from tests.unit.contract.changes.snippets import between, operation, rules_of
from tests.unit.contract.documents import contract

SENT = "requestBody: {content: {a/b: {schema: %s}}}"
ANSWERED = "responses: {'200': {description: '-', content: {a/b: {schema: %s}}}}"
E = "{$ref: '#/components/schemas/E'}"


def webhook(members: str, event: str = "{}") -> Contract:
    """A contract whose webhook ``lead`` has these members; a component ``E`` has this schema."""
    hook = {"lead": {"post": yaml.safe_load(f"{{{members}}}")}}
    return contract(webhooks=hook, schemas={"E": yaml.safe_load(event)})


def callback(members: str, event: str = "{}") -> Contract:
    told: Any = yaml.safe_load(f"{{callbacks: {{done: {{'{{$request.body#/url}}': {{post: {{{members}}}}}}}}}}}")
    found = operation(yaml.safe_dump(told))
    document: Any = found.document
    document["components"]["schemas"]["E"] = yaml.safe_load(event)
    return found


@pytest.mark.parametrize("make", [webhook, callback])
def test_what_a_server_sends_is_compared_behind_references_as_what_a_client_reads(make: Any) -> None:
    wide, narrow = "{type: object}", "{type: object, required: [id]}"
    assert between(make(SENT % E, narrow), make(SENT % E, wide)) == ["response-property-became-optional"]
    assert between(make(SENT % E, wide), make(SENT % E, narrow)) == ["response-property-became-required"]
    assert between(make(SENT % wide), make(SENT % narrow)) == ["response-property-became-required"]


@pytest.mark.parametrize("make", [webhook, callback])
def test_what_a_client_answers_is_compared_as_what_it_sends(make: Any) -> None:
    assert between(make(ANSWERED % E, "{maxLength: 4}"), make(ANSWERED % E, "{maxLength: 3}")) == [
        "request-length-narrowed"
    ]


AROUND = [
    ("requestBody: {content: {a/b: {}}}", "requestBody: {content: {a/c: {}}}", {"callback-changed"}),
    ("requestBody: {content: {a/b: {}}}", "requestBody: {required: true, content: {a/b: {}}}", {"callback-changed"}),
    ("", "parameters: [{name: X-A, in: header}]", {"callback-changed"}),
    ("", "security: [{k: []}]", {"callback-changed"}),
    ("responses: {'200': {}}", "responses: {'200': {}, '410': {}}", {"callback-answers-added"}),
    ("responses: {'200': {}, '202': {}}", "responses: {'202': {}}", {"callback-changed"}),
    ("description: a", "description: b", {"operation-text-changed"}),
    (SENT % "{title: a}", SENT % "{title: b}", {"schema-text-changed"}),
    ("parameters: [{name: a, in: query}, {name: b, in: query}]",
     "parameters: [{name: b, in: query}, {name: a, in: query}]", set()),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), AROUND)
def test_what_stands_around_the_schemas_of_a_call(old: str, new: str, told: set[str]) -> None:
    assert set(between(webhook(old), webhook(new))) == told


def test_a_method_that_is_not_called_any_more_is_missed() -> None:
    old, new = contract(webhooks={"w": {"post": {}, "put": {}}}), contract(webhooks={"w": {"post": {}}})
    assert between(old, new) == ["callback-removed"]


def test_a_call_that_moved_into_a_component_is_the_same() -> None:
    item = {"post": yaml.safe_load(f"{{{SENT % '{}'}}}")}
    old = contract(webhooks={"w": item})
    new = contract(
        webhooks={"w": {"$ref": "#/components/pathItems/W"}}, components={"pathItems": {"W": item}, "schemas": {}}
    )
    assert between(old, new) == []


def test_calls_that_bring_about_each_other_end() -> None:
    def hooks(event: str) -> Contract:
        item = {"$ref": "#/components/pathItems/W"}
        post = {**yaml.safe_load(f"{{{SENT % event}}}"), "callbacks": {"c": {"u": item}, "d": {"u": item}}}
        return contract(webhooks={"w": item}, components={"pathItems": {"W": {"post": post}}, "schemas": {}})

    assert between(hooks("{type: string}"), hooks("{type: integer}")) == ["response-type-changed"]


def test_a_call_whose_parts_multiply_without_end_is_told_as_unfinished() -> None:
    def headers(end: str) -> dict[str, Any]:
        def encoded(n: int) -> dict[str, Any]:
            return {"encoding": {"e": {"headers": {"h": {"$ref": f"#/components/headers/H{n}"}}}}}

        twice = {f"H{n}": {"content": {"a": encoded(n + 1), "b": encoded(n + 1)}} for n in range(30)}
        return {"headers": {**twice, "H30": {"description": end}}, "schemas": {}}

    answer = {"200": {"headers": {"h": {"$ref": "#/components/headers/H0"}}}}
    made = [contract(webhooks={"w": {"post": {"responses": answer}}}, components=headers(end)) for end in "ab"]
    assert "comparison-unfinished" in rules_of(compare(*made))
