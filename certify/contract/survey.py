"""One look at everything that an operation leads to: what is wrong, where, and which operations need it.

Each object is seen once, references are followed by name, and nothing recurses, so the time is that of the document.
What is wrong with an object concerns every operation from which references lead to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from certify.contract.circles import circular
from certify.contract.grammar import EXTENDED, GRAMMAR, IN_PLACE
from certify.contract.habits import settle
from certify.contract.keywords import Wrong, named, short, wrong_in_parameter, wrong_in_schema
from certify.contract.operation import METHODS
from certify.contract.problem import Effect
from certify.contract.securing import declared_schemes, wrong_in_security
from certify.http.call import ABSENT, resolve_pointer
from certify.program.source import Place

ANSWERS = " answers"
"""Ends the unit of what an operation may answer, which is apart from that of what it is sent."""
Trail = tuple[Any, Any] | None
"""The way to an object, as (the way to what is around it, the last step); cheap to lengthen."""


@dataclass(frozen=True)
class Found:
    """A mistake at a place of the prepared document, in a unit: an operation's place, or a reference."""

    unit: str
    place: Place
    message: str
    advice: str = ""
    effect: Effect = Effect.SET_ASIDE


@dataclass(frozen=True)
class Lost:
    """An object that refers to what cannot be read, the unit it stands in, and the unit that the reference names."""

    node: dict[str, Any]
    kind: str
    unit: str
    target: str


@dataclass
class Survey:
    """What was found. ``needs`` says for each unit which others it refers to; ``operations`` names the units that are
    operations, as ``METHOD /path``."""

    document: dict[str, Any]
    failures: dict[str, str] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    needs: dict[str, set[str]] = field(default_factory=dict)
    operations: dict[str, tuple[str, str]] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)
    _circles: dict[str, set[str]] = field(default_factory=dict)
    _first: dict[str, tuple[Place, str]] = field(default_factory=dict)
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _schemes: frozenset[str] = frozenset()
    _stack: list[tuple[Any, str, Trail, str, bool]] = field(default_factory=list)

    def run(self) -> Survey:
        """Look at every operation. The unit of what all of them share is ``""``."""
        for name in ("info", "components"):
            if name in self.document and not isinstance(self.document[name], dict):
                message = f"{named(self.document.pop(name))} stands here, not a mapping of members"
                self._tell("", (None, name), message, effect=Effect.MENDED)
        self._schemes = declared_schemes(self.document)
        self._say(wrong_in_security(self.document, self._schemes), None, "")
        for path, item in self.document["paths"].items():
            if not path.startswith("x-"):
                self._item(path, item)
        self._walk()
        self._go_in_circles()
        return self

    def concerned(self, units: set[str], *, by_request: bool = False) -> set[str]:
        """The operations (their units) that need one of these units; or only those that need it to be called."""
        return {unit for unit in self.reached(units, by_request=by_request) if unit in self.operations}

    def reached(self, units: set[str], *, by_request: bool = False) -> set[str]:
        """These units, and all that need one of them."""
        reached, waiting = set(units), list(units)
        while waiting:
            unit = waiting.pop()
            for user in self._users.get(unit, ()):
                if user not in reached and not (by_request and unit == user + ANSWERS):
                    reached.add(user)
                    waiting.append(user)
        return reached

    @cached_property
    def _users(self) -> dict[str, list[str]]:
        """``needs`` turned round, once everything was looked at."""
        users: dict[str, list[str]] = {}
        for unit, needed in self.needs.items():
            for other in needed:
                users.setdefault(other, []).append(unit)
        return users

    def target(self, node: Any) -> Any:
        """What a chain of references leads to; None where it leads nowhere."""
        for _ in range(20):
            if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
                return node
            reference = node["$ref"]
            node = resolve_pointer(self.document, unquote(reference[1:])) if reference.startswith("#/") else None
        return None

    @property
    def broken(self) -> set[str]:
        """The units that something keeps from being read."""
        return {item.unit for item in self.found if item.effect is Effect.SET_ASIDE}

    # — operations —

    def _item(self, path: str, item: Any) -> None:
        trail: Trail = ((None, "paths"), path)
        home = f"/paths/{path}"
        if not path.startswith("/"):
            self._tell(home, trail, "a path begins with '/'")
        if not isinstance(item, dict):
            self._tell(home, trail, f"{named(item)} stands here, not a mapping of members")
            return
        if "$ref" in item:
            self._refer(item, "item", (trail, "$ref"), home, False)
        if "parameters" in item:
            self._member(item["parameters"], ("list", "parameter"), (trail, "parameters"), home, False)
        if "additionalOperations" in item:
            self._tell(home, (trail, "additionalOperations"), "these methods are not tested", effect=Effect.NOTED)
        for method in METHODS:
            if method in item:
                unit = f"{home}/{method}"
                self.operations[unit] = (path, method)
                self.needs[unit] = {home}
                self._push(item[method], "operation", (trail, method), unit)

    def _operation(self, node: dict[str, Any], trail: Trail, unit: str) -> None:
        if "security" in node:
            self._say(wrong_in_security(node, self._schemes), trail, unit)
        else:
            self._need(unit, "")

    # — the walk —

    def _push(self, node: Any, kind: str, trail: Trail, unit: str, in_place: bool = False) -> None:
        if isinstance(node, dict):
            self._stack.append((node, kind, trail, unit, in_place))
        elif not (kind == "schema" and isinstance(node, bool)):
            self._tell(unit, trail, f"{named(node)} stands here, not a mapping of members")

    def _walk(self) -> None:
        while self._stack:
            node, kind, trail, unit, in_place = self._stack.pop()
            if kind == "schema":
                for keyword, message, advice in settle(node):
                    self._tell(unit, (trail, keyword), message, advice, Effect.MENDED)
            if "$ref" in node and kind != "operation":
                self._refer(node, kind, (trail, "$ref"), unit, in_place)
                if kind != "schema":
                    continue
            match kind:
                case "schema":
                    self._say(wrong_in_schema(node), trail, unit)
                case "parameter":
                    self._say(wrong_in_parameter(node), trail, unit)
                case "operation":
                    self._operation(node, trail, unit)
            grammar = GRAMMAR[kind]
            for name in grammar.keys() & node.keys():
                within = self._part(unit, kind, name)
                self._member(node[name], grammar[name], (trail, name), within, in_place and name in IN_PLACE)

    def _part(self, unit: str, kind: str, name: str) -> str:
        """The unit of a member: what an operation answers is a unit of its own."""
        if (kind, name) != ("operation", "responses"):
            return unit
        self._need(unit, unit + ANSWERS)
        return unit + ANSWERS

    def _member(self, value: Any, shape: tuple[str, str], trail: Trail, unit: str, in_place: bool) -> None:
        form, kind = shape
        if form == "one":
            self._push(value, kind, trail, unit, in_place)
        elif form == "list" and isinstance(value, list):
            for number, item in enumerate(value):
                self._push(item, kind, (trail, number), unit, in_place)
        elif form == "map" and isinstance(value, dict):
            extended = trail is not None and trail[1] in EXTENDED
            for name, item in value.items():
                if not (extended and name.startswith("x-")):
                    self._push(item, kind, (trail, name), unit, in_place)
        elif not (kind == "example" and isinstance(value, list)):
            wanted = "a list" if form == "list" else "a mapping of members"
            self._tell(unit, trail, f"{named(value)} stands here, not {wanted}")

    def _refer(self, owner: dict[str, Any], kind: str, trail: Trail, unit: str, in_place: bool) -> None:
        reference = owner["$ref"]
        if not isinstance(reference, str):
            self._tell(unit, trail, "a reference is a text")
            return
        target = f"{kind} {reference}"
        self._need(unit, target)
        if not reference.startswith("#"):
            self._leave(Lost(owner, kind, unit, target), reference, trail)
            return
        if in_place or kind != "schema":
            self._circles.setdefault(unit, set()).add(target)
        self._first.setdefault(target, (_place(trail), reference))
        if (kind, reference) in self._seen:
            return
        self._seen.add((kind, reference))
        node = resolve_pointer(self.document, unquote(reference[1:])) if reference[1:2] in ("/", "") else ABSENT
        if node is ABSENT:
            message = f"reference {short(reference)} leads nowhere"
            self._tell(target, trail, message, self.failures.get(reference, "correct it, or add what it names"))
        elif kind == "item":
            self._tell(target, trail, f"reference {short(reference)} is circular", "let one of them hold the item")
        else:
            self._push(node, kind, self._trail_to(reference), target, True)

    def _leave(self, lost: Lost, reference: str, trail: Trail) -> None:
        """Told once, wherever it is repeated: what has to be done is done once."""
        if (lost.kind, reference) not in self._seen:
            self._seen.add((lost.kind, reference))
            advice = self.failures.get(reference, "") or "bundle the contract in one file"
            message = f"reference {short(reference)} leaves the document and cannot be followed"
            self._tell(lost.target, trail, message, advice)
        self.lost.append(lost)

    def _trail_to(self, reference: str) -> Trail:
        trail: Trail = None
        here: Any = self.document
        for part in unquote(reference[1:]).split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            step: str | int = int(name) if isinstance(here, list) else name
            here = here[step]
            trail = (trail, step)
        return trail

    def _need(self, unit: str, other: str) -> None:
        if unit != other:
            self.needs.setdefault(unit, set()).add(other)

    # — circles —

    def _go_in_circles(self) -> None:
        """References that lead to themselves without ever coming to a member or an item."""
        for unit in circular(self._circles):
            place, reference = self._first[unit]
            message = f"reference {short(reference)} is circular: it leads back to itself"
            self.found.append(Found(unit, place, message, "let one of them hold a schema of its own"))

    # — telling —

    def _say(self, wrong: Iterable[Wrong], trail: Trail, unit: str) -> None:
        """Tell what is wrong below an object."""
        for item in wrong:
            place = (*_place(trail), *item.place)
            self.found.append(Found(unit, place, item.message, item.advice, item.effect))

    def _tell(self, unit: str, trail: Trail, message: str, advice: str = "", effect: Effect = Effect.SET_ASIDE) -> None:
        self.found.append(Found(unit, _place(trail), message, advice, effect))


def _place(trail: Trail) -> Place:
    steps: list[str | int] = []
    while trail is not None:
        trail, step = trail
        steps.append(step)
    return tuple(reversed(steps))
