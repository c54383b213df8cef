"""Structure: a document against its published JSON Schema (Draft 2020-12), with messages for people.

The schemas lie in ``schemas/``. A subschema marked ``writeOnly`` describes a secret or a reference to one; what stands
there is never repeated in a message.

    playbook.yaml:31 at milestones[0].ownr: unknown member 'ownr'; did you mean 'owner'?
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from certify.nearest import did_you_mean, suggest
from certify.program.lint import Lint
from certify.program.source import Place

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

SCHEMAS = Path(__file__).with_name("schemas")
NOUNS = {
    "playbook": "a playbook",
    "partner": "a partner profile",
    "answers": "an answers file",
    "waivers": "a waivers file",
}
_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "empty",
}
_LITERAL = "a secret is written here; a profile only says where it is"
_REFERENCE = "write {env: NAME}, {file: PATH} or {command: [program, argument]}, and change the secret if it was shared"

Told = tuple[Place, str, str, str]
"""A place, a message, advice and the rule."""


@cache
def schema(name: str) -> dict[str, Any]:
    """A published schema by its file's name: ``playbook.v1``."""
    loaded: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def check_structure(lint: Lint, name: str) -> bool:
    """Note every structural problem of the document. False where it is not of a known version: read no further."""
    from jsonschema import Draft202012Validator, FormatChecker

    if _other_version(lint, name):
        return False
    validator = Draft202012Validator(schema(name), format_checker=FormatChecker(["date"]))
    for error in validator.iter_errors(lint.document.value):
        for place, message, advice, rule in _explain(error):
            lint.report(place, message, advice, rule)
    return True


def _other_version(lint: Lint, name: str) -> bool:
    known = schema(name)["properties"]["schema"]["const"]
    written = lint.get("schema")
    if written is None or written == known:
        return False
    noun = name.partition(".")[0]
    other = next((NOUNS[key] for key in NOUNS if str(written).startswith(f"certify/{key}/") and key != noun), "")
    message = f"this is {other}, not {NOUNS[noun]}" if other else f"unknown version {written!r} of {NOUNS[noun]}"
    lint.report(("schema",), message, f"known versions: {known}", "unknown-version")
    return True


def _explain(error: ValidationError) -> Iterator[Told]:
    """One schema error as one or more messages. Raises nothing; unusual keywords keep jsonschema's own words."""
    place: Place = tuple(error.absolute_path)
    rule: Any = error.validator_value
    instance: Any = error.instance
    match error.validator:
        case "additionalProperties":
            yield from _unknown_members(error, place)
        case "required":
            yield from (
                (place, f"member {name!r} is missing", "", "missing-member") for name in _missing_members(error)
            )
        case "type":
            yield _mistyped(error, place)
        case _ if _secret(error):
            yield place, _about_secret(error), _REFERENCE, "secret-written"
        case "enum" | "const":
            near, advice = suggest(str(instance), [str(item) for item in (rule if isinstance(rule, list) else [rule])])
            yield place, f"{_show(instance)} is not known here{near}", advice, "wrong-value"
        case "pattern" | "format":
            wanted = "a date: YYYY-MM-DD" if rule == "date" else _wanted(error)
            yield place, f"{_show(instance)} does not fit: {wanted}", "", "wrong-value"
        case _:
            yield place, _plainly(error), "", "wrong-value"


def _missing_members(error: ValidationError) -> list[str]:
    """Required members that are not there, not even misspelt: those are told as unknown."""
    rule: Any = error.validator_value
    instance: Any = error.instance
    known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
    mistyped = [name for name in instance if name not in known]
    return [name for name in rule if name not in instance and not did_you_mean(name, mistyped)]


def _unknown_members(error: ValidationError, place: Place) -> Iterator[Told]:
    known = list(error.schema.get("properties", {})) if isinstance(error.schema, dict) else []
    instance: Any = error.instance
    for name in instance:
        if name not in known:
            near, advice = suggest(name, known)
            yield (*place, name), f"unknown member {name!r}{near}", advice, "unknown-member"


def _mistyped(error: ValidationError, place: Place) -> Told:
    if _secret(error) and isinstance(error.instance, str | int | float):
        return place, _LITERAL, _REFERENCE, "secret-written"
    rule: Any = error.validator_value
    kinds: list[str] = rule if isinstance(rule, list) else [rule]
    wanted = " or ".join(_TYPES[kind] for kind in kinds)
    shown = "" if isinstance(error.instance, dict | list | None) or _secret(error) else f" {_show(error.instance)}"
    advice = "put it in quotes" if kinds == ["string"] and shown else ""
    return place, f"must be {wanted}, but is {_kind(error.instance)}{shown}", advice, "wrong-type"


def _kind(value: Any) -> str:
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case None:
            return "empty"
        case bool():
            return "the truth value"
        case int() | float():
            return "the number"
        case _:
            return "the text"


def _show(value: Any) -> str:
    """A value for a message: short, and without the user information of a URL."""
    text = json.dumps(value) if isinstance(value, bool | int | float | None) else repr(value)
    text = re.sub("//[^/@]*@", "//…@", text)
    return text if len(text) <= 80 else text[:77] + "…"


def _secret(error: ValidationError) -> bool:
    return isinstance(error.schema, dict) and bool(error.schema.get("writeOnly"))


def _about_secret(error: ValidationError) -> str:
    if error.validator in ("minProperties", "maxProperties"):
        return "a secret reference names exactly one of env, file and command"
    return "not a reference to a secret; what stands here is not shown"


def _wanted(error: ValidationError) -> str:
    description = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
    return description.rstrip(".") or f"it must match {error.validator_value}"


def _plainly(error: ValidationError) -> str:
    rule = error.validator_value
    match error.validator:
        case "minLength" if rule != 1:
            return f"has {len(str(error.instance))} characters, and needs at least {rule}"
        case "minLength" | "minItems":
            return "must not be empty"
        case "uniqueItems":
            return "holds the same entry twice"
        case "minimum":
            return f"{_show(error.instance)} is less than {rule}"
        case "maximum":
            return f"{_show(error.instance)} is more than {rule}"
        case "exclusiveMinimum":
            return f"{_show(error.instance)} is not more than {rule}"
        case _:
            return error.message[:200]
