"""What is said of a schema besides which values it has: readOnly, writeOnly, default, deprecated, texts."""

from __future__ import annotations

from certify.contract.changes.ruling import NONE, REQUEST, RESPONSE, breaking, deprecating, harmless
from certify.contract.changes.schemas.looking import Looking
from certify.contract.changes.side import Node

READ_ONLY = breaking(
    "request-property-became-read-only", REQUEST, "property of a request became readOnly",
    "what a client sends with effect has none now, or is refused",
)  # fmt: skip
WRITABLE = harmless(
    "request-property-no-longer-read-only", REQUEST, "property of a request is readOnly no more",
    "a client that does not send it goes on so",
)  # fmt: skip
WRITE_ONLY = breaking(
    "response-property-became-write-only", RESPONSE, "property of a response became writeOnly",
    "what a client reads does not come any more",
)  # fmt: skip
READABLE = harmless(
    "response-property-no-longer-write-only", RESPONSE, "property of a response is writeOnly no more",
    "a client passes over what it does not know",
)  # fmt: skip
DEFAULT = harmless(
    "request-default-changed", REQUEST, "default of a request changed",
    "the contract stays the same for whoever sends the value, and a server has to take the new default",
)  # fmt: skip
DEPRECATED = {
    REQUEST: deprecating("request-property-deprecated", REQUEST, "property of a request deprecated", "it will go"),
    RESPONSE: deprecating("response-property-deprecated", RESPONSE, "property of a response deprecated", "it will go"),
}
TEXT = harmless(
    "schema-text-changed", NONE, "title, description or example of a schema changed", "no message changes",
    conduct=False,
)  # fmt: skip
RULES = (READ_ONLY, WRITABLE, WRITE_ONLY, READABLE, DEFAULT, *DEPRECATED.values(), TEXT)
_TEXTS = ("title", "description", "example", "examples", "externalDocs", "summary", "$comment")


def differ_in_presence(looking: Looking, old: Node, new: Node, was: bool, now: bool) -> None:
    """A member that is part of a message in this direction on one side only."""
    rules = (READ_ONLY, WRITABLE) if looking.direction is REQUEST else (WRITE_ONLY, READABLE)
    flag = "readOnly" if looking.direction is REQUEST else "writeOnly"
    if was != now:
        word = f"{flag} {'set' if now else 'taken away'}"
        looking.tell(rules[not now], new.pointer, word, str(was).lower(), str(now).lower())


def look(looking: Looking) -> None:
    old, new = looking.old.node, looking.new.node
    if looking.direction is REQUEST and old.get("default") != new.get("default"):
        looking.tell(DEFAULT, f"{new.pointer}/default", "default changed", old.get("default"), new.get("default"))
    if new.get("deprecated") is True and old.get("deprecated") is not True:
        looking.tell(DEPRECATED[looking.direction], f"{new.pointer}/deprecated", "deprecated", "false", "true")
    for name in _TEXTS:
        if old.get(name) != new.get(name):
            looking.tell(TEXT, f"{new.pointer}/{name}", f"{name} changed", old.get(name, ""), new.get(name, ""))
