"""A value that a schema allows. Deterministic; nothing is drawn at random.

What the author of the contract wrote (const, example, default, enum) beats what can be derived, where it keeps the
schema itself. References may be recursive: what would go on for ever is left out, or ends in an empty array.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from certify.contract.document import Contract
from certify.contract.edges import MAX_ITEMS
from certify.contract.merging import merged
from certify.contract.scalars import fits, kind_of, number
from certify.contract.strings import text, too_long
from certify.errors import ProgramError
from certify.http.call import ABSENT

MAX_DEPTH = 12
MOST_VALUES = 5_000
"""Parts of one value: schemas that refer to each other in many ways would else be spelled out without end."""
_MOST_BRANCHES = 3
_TURNS = 2
"""How often a schema may come again inside itself."""
_BRANCHES = ("oneOf", "anyOf")


def sample(contract: Contract, schema: Any, *, full: bool = False, choice: int = 0, variant: int = 0) -> Any:
    """A value that keeps the schema, as far as can be derived; :data:`ABSENT` where nothing can.

    ``full`` adds optional members of objects; ``choice`` takes another branch of ``oneOf`` and ``anyOf``; ``variant``
    gives another value of the same kind.
    """
    return _Sampler(contract, full, choice, variant).value(schema)


@dataclass(frozen=True)
class _Sampler:
    contract: Contract
    full: bool
    choice: int
    variant: int
    spent: list[int] = field(default_factory=lambda: [0])

    def value(self, schema: Any, stack: tuple[str, ...] = (), variant: int | None = None) -> Any:
        """``stack`` holds the references that are being followed; one that comes again is left out."""
        variant = self.variant if variant is None else variant
        self.spent[0] += 1
        if isinstance(schema, bool):
            return "certify" if schema else ABSENT
        before = None
        for shift in range(_MOST_BRANCHES):  # a branch may only turn out to be endless when its members are made
            found = replace(self, choice=self.choice + shift)._opened(schema, stack)
            if found is None or found == before:
                return ABSENT
            before = found
            whole, inner = found
            if (written := self._written(whole, variant)) is not ABSENT:
                return written
            if (derived := self._derived(whole, inner, variant)) is not ABSENT:
                return derived
        return ABSENT

    def _opened(self, schema: Any, stack: tuple[str, ...]) -> tuple[dict[str, Any], tuple[str, ...]] | None:
        """A schema, its references followed, parts merged and a branch chosen; None where it goes in circles."""
        if not isinstance(schema, Mapping) or len(stack) > MAX_DEPTH:
            return None
        if "$ref" in schema:
            reference = str(schema["$ref"])
            if stack.count(reference) > _TURNS or self.spent[0] > MOST_VALUES:
                return None
            try:
                target = self.contract.at(
                    unquote(reference)[1:]
                )  # one step: each may have demands of its own beside it
            except ProgramError:
                return None
            beside = {name: value for name, value in schema.items() if name != "$ref"}
            return self._opened(
                merged([target, beside]) if isinstance(target, Mapping) else target, (*stack, reference)
            )
        if "allOf" in schema:
            return self._joined(schema, list(schema["allOf"]), "allOf", stack)
        for keyword in _BRANCHES:
            if schema.get(keyword):
                return self._branch(schema, keyword, stack)
        return self._told_apart(dict(schema), stack), stack

    def _joined(
        self, schema: Mapping[str, Any], parts: Sequence[Any], keyword: str, stack: tuple[str, ...]
    ) -> tuple[dict[str, Any], tuple[str, ...]] | None:
        """The parts and what stands beside them as one schema."""
        rest = {name: value for name, value in schema.items() if name != keyword}
        opened = [self._opened(part, stack) for part in parts]
        if any(item is None for item in opened):
            return None
        wholes = [item[0] for item in opened if item is not None]
        deepest = max((item[1] for item in opened if item is not None), key=len, default=stack)
        inner = self._opened(rest, stack) if rest.keys() & {"$ref", "allOf", *_BRANCHES} else (rest, stack)
        return (merged([*wholes, inner[0]]), deepest) if inner is not None else None

    def _branch(
        self, schema: Mapping[str, Any], keyword: str, stack: tuple[str, ...]
    ) -> tuple[dict[str, Any], tuple[str, ...]] | None:
        """A branch: the chosen one, else the first that does not go in circles and is more than null."""
        options = list(schema[keyword])
        start = self.choice % len(options)
        ordered = [*options[start:], *options[:start]]
        for option in sorted(ordered, key=_empty):
            found = self._joined(schema, [option], keyword, stack)
            if found is not None:
                return self._named(schema, option, found[0]), found[1]
        return None

    def _named(self, schema: Mapping[str, Any], option: Any, whole: dict[str, Any]) -> dict[str, Any]:
        """The branch with its discriminator set (OpenAPI 3.1 §4.8.25): the mapped name, or the schema's own."""
        discriminator = schema.get("discriminator")
        name = str(discriminator.get("propertyName", "")) if isinstance(discriminator, Mapping) else ""
        reference = str(option.get("$ref", "")) if isinstance(option, Mapping) else ""
        if not name or not reference or not isinstance(discriminator, Mapping):
            return whole
        short = reference.rsplit("/", 1)[-1]
        mapping = discriminator.get("mapping") or {}
        value = next((key for key, target in mapping.items() if str(target) in (reference, short)), short)
        return _with_constant(whole, name, value)

    def _told_apart(self, whole: dict[str, Any], stack: tuple[str, ...]) -> dict[str, Any]:
        """A base schema with a discriminator names the type that is meant: the one that was referred to."""
        discriminator = whole.get("discriminator")
        if not isinstance(discriminator, Mapping) or not stack:
            return whole
        name, short = str(discriminator.get("propertyName", "")), stack[0].rsplit("/", 1)[-1]
        mapping = discriminator.get("mapping") or {}
        value = next((key for key, target in mapping.items() if str(target).endswith(f"/{short}")), None)
        value = value if value is not None else next(iter(mapping), None)
        constant = whole.get("properties", {}).get(name, {})
        known = isinstance(constant, Mapping) and {"const", "enum"} & set(constant)
        return _with_constant(whole, name, value) if name and value is not None and not known else whole

    def _written(self, schema: Mapping[str, Any], variant: int) -> Any:
        """What the author wrote, where it keeps the schema by itself; objects may lack what ``full`` wants."""
        for value in _authored(schema, variant):
            if isinstance(value, (dict, list)):
                if not self.full:
                    return value
            elif fits(schema, value):
                return value
        return ABSENT

    def _derived(self, schema: Mapping[str, Any], stack: tuple[str, ...], variant: int) -> Any:
        match kind_of(schema):
            case "object":
                return self._object(schema, stack, variant)
            case "array":
                return self._array(schema, stack, variant)
            case "string":
                return ABSENT if too_long(schema) else text(schema, variant)
            case "integer" | "number" as kind:
                return number(schema, kind, variant)
            case "boolean":
                return True
            case _:
                return None

    def _object(self, schema: Mapping[str, Any], stack: tuple[str, ...], variant: int) -> Any:
        properties = schema.get("properties", {})
        required = list(schema.get("required", []))
        written = next((value for value in _authored(schema, variant) if isinstance(value, dict)), {})
        found: dict[str, Any] = dict(written)
        for name in dict.fromkeys([*required, *(properties if self.full else ())]):
            if name in found or self._read_only(properties.get(name)):
                continue
            value = self.value(properties.get(name, {"type": "string"}), stack)
            if value is not ABSENT:
                found[name] = value
            elif name in required:
                return ABSENT
        return self._filled(schema, found, stack)

    def _filled(self, schema: Mapping[str, Any], found: dict[str, Any], stack: tuple[str, ...]) -> dict[str, Any]:
        """As many members as are demanded (``minProperties``): optional ones first, then additional ones."""
        least = int(schema.get("minProperties", 0))
        for name, part in schema.get("properties", {}).items():
            if len(found) < least and name not in found and not self._read_only(part):
                value = self.value(part, stack)
                found |= {name: value} if value is not ABSENT else {}
        extra = schema.get("additionalProperties", True)
        count = 0
        while len(found) < least and extra is not False and count < MAX_ITEMS:
            count += 1
            value = self.value(extra, stack) if isinstance(extra, Mapping) else "certify"
            found[f"certify{count}"] = "certify" if value is ABSENT else value
        return found

    def _array(self, schema: Mapping[str, Any], stack: tuple[str, ...], variant: int) -> Any:
        least = int(schema.get("minItems", 0))
        first = list(schema.get("prefixItems", []))
        items = schema.get("items", {"type": "string"})
        count = max(least, 1 if self.full and int(schema.get("maxItems", 1)) > 0 else 0)
        found: list[Any] = []
        for place in range(min(count, MAX_ITEMS)):
            part = first[place] if place < len(first) else items
            value = self.value(part, stack, variant + place if schema.get("uniqueItems") else variant)
            if value is ABSENT:
                return found if len(found) >= least else ABSENT
            found.append(value)
        return found

    def _read_only(self, part: Any) -> bool:
        """Members that only the server sets are not sent (OpenAPI 3.1 §4.8.24)."""
        try:
            part = self.contract.follow(part)
        except ProgramError:
            return False
        return isinstance(part, Mapping) and part.get("readOnly") is True


def _authored(schema: Mapping[str, Any], variant: int) -> Iterator[Any]:
    """The values that the author of a schema wrote into it; a variant takes another one of several."""
    if "const" in schema:
        yield schema["const"]
        return
    enum = schema.get("enum")
    if variant and isinstance(enum, list) and enum:
        yield enum[variant % len(enum)]
    if variant:
        return
    examples = schema.get("examples")
    yield from examples if isinstance(examples, list) else ()
    yield from (schema[keyword] for keyword in ("example", "default") if schema.get(keyword) is not None)
    yield from (item for item in enum or () if item is not None)


def _with_constant(whole: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """A schema whose member has one value, and is required."""
    properties = {**whole.get("properties", {}), name: {"const": value}}
    return {**whole, "properties": properties, "required": [*dict.fromkeys([*whole.get("required", []), name])]}


def _empty(option: Any) -> bool:
    """Null, and what says nothing, is the last choice."""
    return option in ({}, True) or (isinstance(option, Mapping) and option.get("type") == "null")
