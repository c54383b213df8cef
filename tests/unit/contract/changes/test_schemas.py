"""What a message may hold: each change in both directions, and what is none."""

from __future__ import annotations

import pytest

from certify.contract.changes import compare
from tests.unit.contract.changes.snippets import answered, between, sent

ROOM = "{type: object, required: [a], properties: {a: {type: string}}}"
MOVES = [
    ("type", "{type: number}", "{type: integer}"),
    ("type", "{}", "{type: string}"),
    ("type", "{type: [string, integer]}", "{type: string}"),
    ("null", "{type: [string, 'null']}", "{type: string}"),
    ("null", "{anyOf: [{type: string}, {type: 'null'}]}", "{type: string}"),
    ("enum", "{type: string}", "{type: string, enum: [a]}"),
    ("enum", "{enum: [a, b]}", "{enum: [a]}"),
    ("enum", "{enum: [a, b]}", "{const: a}"),
    ("format", "{type: string}", "{type: string, format: uuid}"),
    ("format", "{type: integer, format: int64}", "{type: integer, format: int32}"),
    ("pattern", "{type: string}", "{type: string, pattern: '^a'}"),
    ("range", "{type: integer}", "{type: integer, minimum: 1}"),
    ("range", "{type: integer, maximum: 9}", "{type: integer, maximum: 8}"),
    ("range", "{type: integer, exclusiveMinimum: 1}", "{type: integer, exclusiveMinimum: 2}"),
    ("length", "{type: string, maxLength: 9}", "{type: string, maxLength: 8}"),
    ("length", "{type: string}", "{type: string, minLength: 1}"),
    ("size", "{type: array}", "{type: array, maxItems: 8}"),
    ("size", "{type: object, minProperties: 1}", "{type: object, minProperties: 2}"),
    ("step", "{type: integer, multipleOf: 3}", "{type: integer, multipleOf: 6}"),
    ("range", "{minimum: 5}", "{exclusiveMinimum: 5}"),
    ("range", "{exclusiveMaximum: 5}", "{maximum: 4}"),
    ("size", "{contains: {const: 1}, minContains: 0}", "{contains: {const: 1}}"),
    ("choice", "{anyOf: [{required: [a]}, {required: [b]}]}", "{oneOf: [{required: [a]}, {required: [b]}]}"),
    (
        "choice",
        "{oneOf: [{title: A, type: string}, {title: B}, {title: A, type: object}]}",
        "{oneOf: [{title: A, type: string}, {title: B}]}",
    ),
    ("unique", "{type: array}", "{type: array, uniqueItems: true}"),
    ("constraint", "{type: array}", "{type: array, contains: {const: 1}}"),
    ("additional-properties", "{type: object}", "{type: object, additionalProperties: false}"),
    ("map", "{type: object}", "{type: object, additionalProperties: {type: string}}"),
    ("map", "{type: object}", "{type: object, patternProperties: {'^x': {type: string}}}"),
    ("choice", "{oneOf: [{title: A}, {title: B}, {title: C}]}", "{oneOf: [{title: A}, {title: B}]}"),
    (
        "discriminator",
        "{discriminator: {propertyName: k, mapping: {a: '#/a', b: '#/b'}}}",
        "{discriminator: {propertyName: k, mapping: {a: '#/a'}}}",
    ),
    (
        "additional-properties",
        "{additionalProperties: false, patternProperties: {'^x': {}}}",
        "{additionalProperties: false}",
    ),
    ("map", "{additionalProperties: true}", "{additionalProperties: {type: string}}"),
    ("type", "{type: array, items: {}}", "{type: array, items: {type: string}}"),
    ("length", "{properties: {a: {properties: {b: {}}}}}", "{properties: {a: {properties: {b: {maxLength: 3}}}}}"),
]


@pytest.mark.parametrize(("aspect", "wide", "narrow"), MOVES)
def test_what_narrows_hurts_who_sends_and_what_widens_hurts_who_reads(aspect: str, wide: str, narrow: str) -> None:
    assert between(sent(wide), sent(narrow)) == [f"request-{aspect}-narrowed"]
    assert between(sent(narrow), sent(wide)) == [f"request-{aspect}-widened"]
    assert between(answered(wide), answered(narrow)) == [f"response-{aspect}-narrowed"]
    assert between(answered(narrow), answered(wide)) == [f"response-{aspect}-widened"]


@pytest.mark.parametrize(
    ("aspect", "one", "other"),
    [
        ("type", "{type: string}", "{type: integer}"),
        ("enum", "{enum: [a, b]}", "{enum: [a, c]}"),
        ("format", "{format: date}", "{format: date-time}"),
        ("pattern", "{pattern: a}", "{pattern: b}"),
        ("step", "{multipleOf: 3}", "{multipleOf: 2}"),
        ("step", "{allOf: [{multipleOf: 2}, {multipleOf: 3}]}", "{allOf: [{multipleOf: 2}, {multipleOf: 7}]}"),
        ("constraint", "{dependentRequired: {description: [a]}}", "{dependentRequired: {description: [b]}}"),
        ("constraint", "{not: {const: {title: a}}}", "{not: {const: {title: b}}}"),
        ("choice", "{oneOf: [{title: A}, {title: B}, {title: C}]}", "{oneOf: [{title: A}, {title: D}]}"),
        ("choice", "{}", "{oneOf: [{title: A}, {title: B}]}"),
        ("constraint", "{not: {const: 1}}", "{not: {const: 2}}"),
        ("discriminator", "{discriminator: {propertyName: a}}", "{discriminator: {propertyName: b}}"),
    ],
)
def test_what_is_replaced_by_something_else_is_breaking_both_ways(aspect: str, one: str, other: str) -> None:
    assert between(sent(one), sent(other)) == [f"request-{aspect}-changed"]
    assert between(answered(one), answered(other)) == [f"response-{aspect}-changed"]


MEMBERS = [
    ("required: [b], properties: {a: {}, b: {}}", "request-required-property-added", "response-property-added"),
    ("properties: {a: {}, b: {}}", "request-property-added", "response-property-added"),
    ("properties: {}", "request-property-removed", "response-property-removed"),
    ("required: [a], properties: {a: {}}", "request-property-became-required", "response-property-became-required"),
    ("properties: {a: {readOnly: true}}", "request-property-became-read-only", ""),
    ("properties: {a: {writeOnly: true}}", "", "response-property-became-write-only"),
    ("properties: {a: {deprecated: true}}", "request-property-deprecated", "response-property-deprecated"),
    ("properties: {a: {default: 1}}", "request-default-changed", ""),
    ("properties: {a: {description: x}}", "schema-text-changed", "schema-text-changed"),
]


@pytest.mark.parametrize(("later", "request_rule", "response_rule"), MEMBERS)
def test_members_that_come_go_and_become_required(later: str, request_rule: str, response_rule: str) -> None:
    before, after = "{type: object, properties: {a: {}}}", f"{{type: object, {later}}}"
    assert between(sent(before), sent(after)) == [request_rule] * bool(request_rule)
    assert between(answered(before), answered(after)) == [response_rule] * bool(response_rule)


BACK = [
    ("required: [a], properties: {a: {}}", "request-property-became-optional", "response-property-became-optional"),
    ("properties: {a: {readOnly: true}}", "request-property-no-longer-read-only", ""),
    ("properties: {a: {writeOnly: true}}", "", "response-property-no-longer-write-only"),
]


@pytest.mark.parametrize(("earlier", "request_rule", "response_rule"), BACK)
def test_and_the_way_back(earlier: str, request_rule: str, response_rule: str) -> None:
    before, after = f"{{type: object, {earlier}}}", "{type: object, properties: {a: {}}}"
    assert between(sent(before), sent(after)) == [request_rule] * bool(request_rule)
    assert between(answered(before), answered(after)) == [response_rule] * bool(response_rule)


def test_a_required_member_of_an_answer_that_goes_is_breaking() -> None:
    assert between(answered(ROOM), answered("{type: object}")) == ["response-required-property-removed"]


def test_a_read_only_member_is_no_part_of_a_request_and_a_write_only_one_of_no_answer() -> None:
    before = "{properties: {a: {readOnly: true}, b: {writeOnly: true}}}"
    after = "{properties: {a: {readOnly: true, type: string}, b: {writeOnly: true, type: string}}, required: [a]}"
    assert between(sent(before), sent(after)) == ["request-type-narrowed"]
    assert between(answered(before), answered(after)) == [
        "response-property-became-required",
        "response-type-narrowed",
    ]


SAME = [
    ("{const: a}", "{enum: [a]}"),
    ("{type: [string]}", "{type: string}"),
    ("{type: [string, 'null']}", "{oneOf: [{type: 'null'}, {type: string}]}"),
    (ROOM, "{allOf: [{type: object}, {required: [a]}, {properties: {a: {type: string}}}]}"),
    ("{type: number}", "{type: [number, integer]}"),
    ("{type: object}", "{type: object, additionalProperties: true}"),
    ("{type: object, additionalProperties: {}}", "{type: object}"),
    ("{oneOf: [{title: A}, {title: B}]}", "{oneOf: [{title: B}, {title: A}]}"),
    ("{type: string}", "{type: string, minLength: 0}"),
    ("{enum: [a, b]}", "{enum: [b, a]}"),
    ("{type: array}", "{type: array, uniqueItems: false}"),
    ("{type: object}", "{type: object, unevaluatedProperties: true}"),
    ("{contains: {const: 1}}", "{contains: {const: 1}, minContains: 1}"),
    ("{anyOf: [{type: string}, {type: integer}]}", "{oneOf: [{type: string}, {type: integer}]}"),
    ("{x-ours: 1}", "{x-ours: 2}"),
    ("{type: object, required: [a, b]}", "{type: object, required: [b, a]}"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_values_in_other_words_are_no_change(one: str, other: str) -> None:
    for old, new in ((one, other), (other, one)):
        assert between(sent(old), sent(new)) == []
        assert between(answered(old), answered(new)) == []


def test_what_was_there_and_became_one_of_several_is_widened() -> None:
    one, several = "{type: string}", "{oneOf: [{type: string}, {type: integer}]}"
    assert between(sent(one), sent(several)) == ["request-choice-widened", "request-type-widened"]
    assert between(answered(several), answered(one)) == ["response-choice-narrowed", "response-type-narrowed"]


def test_a_read_only_member_that_was_required_is_asked_of_everybody_once_it_can_be_written() -> None:
    before = sent("{required: [id], properties: {id: {type: string, readOnly: true}}}")
    after = sent("{required: [id], properties: {id: {type: string}}}")
    assert "request-property-became-required" in between(before, after)


@pytest.mark.parametrize(
    "part", ["{allOf: [{type: string, readOnly: true}]}", "{allOf: [{allOf: [{readOnly: true}]}]}"]
)
def test_a_member_is_read_only_by_a_part_of_it(part: str) -> None:
    plain = "{properties: {i: {type: string}}}"
    assert between(sent(plain), sent(f"{{properties: {{i: {part}}}}}")) == ["request-property-became-read-only"]


def test_a_map_that_is_opened_brings_a_reader_values_it_was_not_told_of() -> None:
    typed = answered("{additionalProperties: {type: string}}")
    assert [change.kind for change in compare(typed, answered("{}"))] == ["breaking"]
    closed = answered("{additionalProperties: false}")
    assert [change.kind for change in compare(closed, answered("{}"))] == ["non_breaking"]
