"""Which objects an OpenAPI document is made of, as far as certify reads them: what each member holds.

``one``: an object; ``list``: a list of objects; ``map``: objects by names that people chose.
"""

from __future__ import annotations

from collections.abc import Mapping

Shape = tuple[str, str]
"""How a member holds objects, and of which kind."""

_CONTENT = {"content": ("map", "media"), "examples": ("map", "example")}

GRAMMAR: Mapping[str, Mapping[str, Shape]] = {
    "operation": {
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "body"),
        "responses": ("map", "response"),
    },
    "parameter": {"schema": ("one", "schema"), **_CONTENT},
    "body": {"content": ("map", "media")},
    "media": {"schema": ("one", "schema"), "itemSchema": ("one", "schema"), "examples": ("map", "example")},
    "response": {"content": ("map", "media"), "headers": ("map", "header"), "links": ("map", "link")},
    "header": {"schema": ("one", "schema"), **_CONTENT},
    "link": {},
    "example": {},
    "schema": {
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), ("list", "schema")),
        **dict.fromkeys(("not", "if", "then", "else"), ("one", "schema")),
        **dict.fromkeys(("items", "additionalProperties", "contains", "propertyNames"), ("one", "schema")),
        **dict.fromkeys(("unevaluatedItems", "unevaluatedProperties"), ("one", "schema")),
        **dict.fromkeys(("properties", "patternProperties", "dependentSchemas", "$defs"), ("map", "schema")),
    },
}

IN_PLACE = frozenset(["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"])
"""Keywords that apply to the same value (JSON Schema Core §10.2): a circle of them never ends."""

PLACES = ("path", "query", "header", "cookie")
TYPES = frozenset(["null", "boolean", "object", "array", "number", "integer", "string"])
_LENGTHS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", *_LENGTHS)
TEXTS = ("pattern", "format")
EXTENDED = frozenset(["paths", "responses"])
"""Maps in which a name that begins with ``x-`` is an extension; a header may be called so."""
