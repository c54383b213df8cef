"""Callbacks and webhooks, in which the two sides change places: the server calls, and the client answers.

What is called with is to a client what an answer is elsewhere, so its schemas are compared as those of a response: what
widens brings something that nobody reckoned with. What the client answers is what it sends. Everything around the
schemas (media types, parameters, statuses, credentials) is compared place by place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from certify.contract.changes.comparing import Comparing, Pair
from certify.contract.changes.frames import Frame, frame
from certify.contract.changes.ruling import NONE, REQUEST, RESPONSE, breaking, harmless
from certify.contract.changes.schemas.graph import UNFINISHED
from certify.contract.changes.side import Node
from certify.contract.changes.texts import OPERATION as TEXT
from certify.contract.operation import METHODS
from certify.model.change import ChangeRule

ADDED = harmless("callback-added", NONE, "callback added", "a server may have to call it")
REMOVED = breaking("callback-removed", NONE, "callback removed", "a client waits for a call that never comes")
CHANGED = breaking(
    "callback-changed", NONE, "callback changed",
    "what comes, or what may be answered, is not what a client reckons with",
)  # fmt: skip
ANSWERS = harmless("callback-answers-added", NONE, "another answer to a callback", "a client need not give it")
RULES = (ADDED, REMOVED, CHANGED, ANSWERS)
_ANSWERS = "/responses"
Called = Mapping[str, Node]
"""Path items that are called by the server, each by its name."""


@dataclass
class _Calls:
    """The calls of one operation, or of the whole contract. ``seen`` ends calls that bring about each other."""

    comparing: Comparing
    operation: str
    word: str
    seen: set[tuple[str, str]] = field(default_factory=set)

    def tell(self, rule: ChangeRule, place: str, said: str) -> None:
        self.comparing.tell(rule, self.operation, place, f"{self.word} {said}")


def look(comparing: Comparing, pair: Pair) -> None:
    _callbacks(_Calls(comparing, pair.operation, "callback"), pair.old, pair.new)


def look_at_document(comparing: Comparing) -> None:
    old, new = (side.root().members("webhooks") for side in (comparing.old, comparing.new))
    _compared(_Calls(comparing, "", "webhook"), "", old, new)


def _callbacks(calls: _Calls, old: Node, new: Node) -> None:
    before, after = old.members("callbacks"), new.members("callbacks")
    for name in _in_both(calls, "", before, after):
        was, now = calls.comparing.old.follow(before[name]), calls.comparing.new.follow(after[name])
        _compared(calls, f"{name} ", _members(was), _members(now))


def _members(callback: Node) -> Called:
    return {name: callback / name for name in callback.value} if isinstance(callback.value, dict) else {}


def _in_both(calls: _Calls, within: str, old: Called, new: Called) -> Iterator[str]:
    """Names that both sides have; the others are told."""
    for name in dict.fromkeys([*old, *new]):
        if name in old and name in new:
            yield name
        elif not name.startswith("x-"):
            rule, node = (ADDED, new[name]) if name in new else (REMOVED, old[name])
            calls.tell(rule, node.pointer, f"{within}{name} {'added' if name in new else 'removed'}")


def _compared(calls: _Calls, within: str, old: Called, new: Called) -> None:
    for name in _in_both(calls, within, old, new):
        before, after = calls.comparing.old.follow(old[name]), calls.comparing.new.follow(new[name])
        if (before.pointer, after.pointer) not in calls.seen:
            calls.seen.add((before.pointer, after.pointer))
            _items(calls, f"{within}{name}", before, after)


def _items(calls: _Calls, said: str, old: Node, new: Node) -> None:
    """Two path items: the parameters of all their methods, and each method."""
    _parts(calls, said, old / "parameters", new / "parameters")
    before, after = ({name: node / name for name in METHODS if name in _members(node)} for node in (old, new))
    for method in _in_both(calls, f"{said} ", before, after):
        _parts(calls, f"{said} {method.upper()}", before[method], after[method])
        _callbacks(calls, before[method], after[method])


def _parts(calls: _Calls, said: str, old: Node, new: Node) -> None:
    before, after = frame(calls.comparing.old, old), frame(calls.comparing.new, new)
    if before.unfinished or after.unfinished:
        calls.tell(UNFINISHED, new.pointer, f"{said}: {UNFINISHED.title}")
    for place in dict.fromkeys([*before.said, *after.said, *before.schemas, *after.schemas]):
        rule = _moved(place, before, after)
        if rule is not None:
            calls.tell(
                rule, f"{new.pointer}{place}", f"{said}: {place[1:] or 'the call'} {_word(place, before, after)}"
            )
        elif place in before.schemas and place in after.schemas:
            direction = REQUEST if place.startswith(_ANSWERS) else RESPONSE
            calls.comparing.compare_schemas(calls.operation, before.schemas[place], after.schemas[place], direction)
    if before.texts != after.texts:
        calls.tell(TEXT, new.pointer, f"{said}: texts changed")


def _moved(place: str, old: Frame, new: Frame) -> ChangeRule | None:
    """What became of a place: an answer that is new hurts nobody."""
    if place not in old.said and place not in old.schemas:
        return ANSWERS if place.startswith(f"{_ANSWERS}/") else CHANGED
    same = old.said.get(place) == new.said.get(place) and (place in old.said) == (place in new.said)
    return None if same and (place in old.schemas) == (place in new.schemas) else CHANGED


def _word(place: str, old: Frame, new: Frame) -> str:
    there = [place in side.said or place in side.schemas for side in (old, new)]
    return "changed" if all(there) else "added" if there[1] else "removed"
