"""What stands behind references: however it is reached, and however far away, a change there is told."""

from __future__ import annotations

import time
from typing import Any

import pytest
import yaml

from certify.contract import Contract
from certify.contract.changes import compare
from certify.contract.changes.schemas import graph, view
from tests.unit.contract.changes.snippets import between, rules_of, sent

X = "{$ref: '#/components/schemas/X'}"


def sending(schema: str, **components: str) -> Contract:
    """A contract whose one operation takes a body of this schema, which may refer to these."""
    contract = sent(schema)
    document: Any = contract.document
    document["components"]["schemas"].update({name: yaml.safe_load(text) for name, text in components.items()})
    return contract


@pytest.mark.parametrize(
    "told",
    [
        f"prefixItems: [{X}]",
        f"propertyNames: {X}",
        f"dependentSchemas: {{a: {X}}}",
        f"then: {X}, if: {{}}",
        f"unevaluatedProperties: {X}",
        f"unevaluatedItems: {X}",
        f"allOf: [{{properties: {{s: {{minLength: 1}}}}}}, {{properties: {{s: {X}}}}}]",
        f"allOf: [{{items: {{minLength: 1}}}}, {{items: {X}}}]",
    ],
)
@pytest.mark.parametrize("text", ["a", "b"])
def test_a_component_is_followed_from_each_keyword_whatever_else_was_edited(told: str, text: str) -> None:
    before = sending(f"{{description: a, {told}}}", X="{type: [string, integer]}")
    after = sending(f"{{description: {text}, {told}}}", X="{type: string}")
    assert [name for name in between(before, after) if name != "schema-text-changed"] == ["request-type-narrowed"]


@pytest.mark.parametrize("told", [f"not: {X}", f"if: {X}, then: {{required: [a]}}", f"contains: {X}, maxContains: 1"])
@pytest.mark.parametrize("text", ["a", "b"])
def test_what_widens_below_not_and_if_may_narrow_the_whole(told: str, text: str) -> None:
    before = sending(
        f"{{description: a, {told}}}", X=f"{{properties: {{y: {X.replace('X', 'Y')}}}}}", Y="{maxLength: 3}"
    )
    after = sending(f"{{description: {text}, {told}}}", X=f"{{properties: {{y: {X.replace('X', 'Y')}}}}}", Y="{}")
    assert "request-constraint-changed" in between(before, after)
    assert between(before, before) == []


def test_a_text_that_changed_below_not_is_no_demand() -> None:
    assert between(sending(f"{{not: {X}}}", X="{title: A}"), sending(f"{{not: {X}}}", X="{title: B}")) == []


def test_a_chain_of_references_is_followed_to_its_end() -> None:
    chain = {f"A{n}": f"{{$ref: '#/components/schemas/A{n + 1}'}}" for n in range(1500)}
    before = sending("{$ref: '#/components/schemas/A0'}", **chain, A1500="{type: string}")
    after = sending("{$ref: '#/components/schemas/A0'}", **chain, A1500="{type: integer}")
    assert between(before, after) == ["request-type-changed"]


def test_what_is_merged_from_too_far_away_is_told_as_unfinished() -> None:
    chain = {f"A{n}": f"{{minLength: 1, $ref: '#/components/schemas/A{n + 1}'}}" for n in range(view.DEEPEST + 2)}
    last = f"A{view.DEEPEST + 2}"
    before = sending("{$ref: '#/components/schemas/A0'}", **chain, **{last: "{type: string}"})
    after = sending("{title: b, $ref: '#/components/schemas/A0'}", **chain, **{last: "{type: integer}"})
    assert "comparison-unfinished" in between(before, after)


def test_more_pairs_than_are_compared_are_told_as_unfinished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "MOST_PAIRS", 3)
    chain = {f"A{n}": f"{{properties: {{next: {{$ref: '#/components/schemas/A{n + 1}'}}}}}}" for n in range(5)}
    before, after = (sending("{$ref: '#/components/schemas/A0'}", **chain, A5=f"{{maxLength: {n}}}") for n in (1, 2))
    assert between(before, after) == ["comparison-unfinished"]


def test_alternatives_that_were_renamed_and_put_in_another_order_are_the_same() -> None:
    text = "{oneOf: [{$ref: '#/components/schemas/%s'}, {$ref: '#/components/schemas/%s'}]}"
    before = sending(text % ("A", "B"), A="{type: string}", B="{type: integer}")
    after = sending(text % ("B2", "A2"), A2="{type: string}", B2="{type: integer}")
    assert between(before, after) == []


def test_a_name_that_a_discriminator_takes_from_a_component_changes_with_it() -> None:
    def told_apart(name: str, more: str = "") -> Contract:
        members = f"{{$ref: '#/components/schemas/{name}'}}, {X}"
        text = f"{{oneOf: [{members}], discriminator: {{propertyName: k{more}}}}}"
        return sending(text, **{name: "{type: object}", "X": "{type: object}"})

    assert between(told_apart("Dog"), told_apart("Cat")) == ["request-discriminator-changed"]
    assert between(told_apart("Dog"), told_apart("Dog", ", mapping: {Dog: Dog}")) == []


def test_thousands_of_parts_are_merged_in_a_second() -> None:
    def parts(letter: str) -> Contract:
        contract = sent("{}")
        content: Any = contract.document["paths"]["/leads"]["post"]["requestBody"]["content"]
        content["application/json"]["schema"] = {"allOf": [{"pattern": f"{letter}{n}"} for n in range(5000)]}
        return contract

    started = time.process_time()
    assert "request-pattern-changed" in rules_of(compare(parts("a"), parts("b")))
    assert time.process_time() - started < 3
