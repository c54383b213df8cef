"""Bodies and statuses that a contract may as well declare."""

from __future__ import annotations

from typing import Any

from tests.second_api.depot import Depot
from tests.second_api.exchange import NOTHING, Answer, Asked, RefusedError
from tests.second_api.faults.answers import after, represented
from tests.second_api.store import Fields
from tests.second_api.variants import INPUTS, QUIET, variant


def operation(document: dict[str, Any], name: str) -> Any:
    """An operation of the Swagger document."""
    found = (op for path in document["paths"].values() for op in path.values() if isinstance(op, dict))
    return next(op for op in found if op.get("operationId") == name)


def part(document: dict[str, Any]) -> Any:
    return document["definitions"]["Part"]


def created_200(document: dict[str, Any]) -> None:
    answers = operation(document, "addPart")["responses"]
    answers[200] = answers.pop(201)


@variant("created-200", "The contract says 200.", contract=created_200, checks=(*QUIET, *INPUTS))
def creates_with_200(depot: Depot) -> None:
    after(depot, "addPart", lambda answer: setattr(answer, "status", 200))


def created_empty(document: dict[str, Any]) -> None:
    del operation(document, "addPart")["responses"][201]["schema"]


@variant(
    "created-without-body",
    "RFC 9110 §15.3.2: Location names what was made; a body is not asked for.",
    contract=created_empty,
    checks=(*QUIET, *INPUTS),
)
def created_without_body(depot: Depot) -> None:
    after(depot, "addPart", lambda answer: setattr(answer, "content", NOTHING))


@variant(
    "created-elsewhere",
    "RFC 9110 §10.2.2: Location may be a whole URL, here of a server behind a proxy.",
    contract=created_empty,
)
def created_elsewhere(depot: Depot) -> None:
    def whole(answer: Answer) -> None:
        answer.content = NOTHING
        answer.headers["Location"] = f"https://depot.example{answer.headers['Location']}"

    after(depot, "addPart", whole)


def removed_200(document: dict[str, Any]) -> None:
    answers = operation(document, "removePart")["responses"]
    answers[200] = {"description": "What is gone", "schema": {"$ref": "#/definitions/Job"}}
    del answers[204]


@variant("removed-200", "RFC 9110 §9.3.5: 200 with a representation of the status.", contract=removed_200)
def removes_with_200(depot: Depot) -> None:
    after(depot, "removePart", lambda answer: (setattr(answer, "status", 200), setattr(answer, "content", {"job": 1})))


def changed_204(document: dict[str, Any]) -> None:
    answers = operation(document, "putPart")["responses"]
    answers[204] = {"description": "It is changed"}
    del answers[200]


@variant(
    "changed-204",
    "RFC 9110 §9.3.4: a PUT that changed something may answer 204.",
    contract=changed_204,
    checks=(*QUIET, *INPUTS),
)
def changes_with_204(depot: Depot) -> None:
    after(depot, "putPart", lambda answer: (setattr(answer, "status", 204), setattr(answer, "content", NOTHING)))


def note_optional(document: dict[str, Any]) -> None:
    part(document)["required"].remove("note")
    part(document)["properties"]["note"].pop("x-nullable")


@variant("null-is-left-out", "A member that need not be there is left out.", contract=note_optional)
def null_is_left_out(depot: Depot) -> None:
    represented(depot, lambda fields: {name: value for name, value in fields.items() if value is not None})


def texts_for_numbers(document: dict[str, Any]) -> None:
    part(document)["properties"]["weight_g"] = {"type": "string", "pattern": "^[0-9]+$"}
    part(document)["properties"]["id"] = {"type": "string"}


@variant(
    "numbers-as-text",
    "64-bit numbers are sent as text, for the sake of JavaScript, and declared so.",
    contract=texts_for_numbers,
)
def numbers_as_text(depot: Depot) -> None:
    represented(depot, lambda fields: {**fields, "id": str(fields["id"]), "weight_g": str(fields["weight_g"])})


@variant("more-members", "JSON Schema: what is not closed is open.")
def more_members(depot: Depot) -> None:
    represented(depot, lambda fields: {**fields, "_links": {"self": f"/v2/parts/{fields['id']}"}, "tags": []})


def wrapped_part(document: dict[str, Any]) -> None:
    document["definitions"]["Wrapped"] = {
        "type": "object",
        "required": ["data"],
        "properties": {"data": {"$ref": "#/definitions/Part"}, "meta": {"type": "object"}},
    }
    for name, status in (("addPart", 201), ("readPart", 200), ("putPart", 200)):
        operation(document, name)["responses"][status]["schema"] = {"$ref": "#/definitions/Wrapped"}


@variant("wrapped", "An envelope around each answer, as the contract says.", contract=wrapped_part)
def wrapped(depot: Depot) -> None:
    for name in ("addPart", "readPart", "putPart"):
        after(depot, name, lambda answer: setattr(answer, "content", {"data": answer.content, "meta": {"took": 1}}))


def soft(document: dict[str, Any]) -> None:
    document["definitions"]["Found"] = {
        "type": "object",
        "required": ["found"],
        "properties": {"found": {"type": "boolean"}, "part": {"$ref": "#/definitions/Part"}},
    }
    answers = operation(document, "readPart")["responses"]
    answers[200] = {"description": "The part, or that there is none", "schema": {"$ref": "#/definitions/Found"}}
    del answers[404]


@variant("soft-404", "The contract documents 200 with found: false, and no 404.", contract=soft)
def soft_404(depot: Depot) -> None:
    honest = depot.handlers["readPart"]

    def read(whole: Depot, asked: Asked) -> Answer:
        try:
            return Answer(200, {"found": True, "part": honest(whole, asked).content})
        except RefusedError:
            return Answer(200, {"found": False})

    depot.handlers["readPart"] = read


def no_missing(document: dict[str, Any]) -> None:
    del operation(document, "readPart")["responses"][404]


@variant(
    "every-number-is-a-part",
    "As in a wiki: what nobody has written is there and blank, and the contract knows no 404.",
    contract=no_missing,
    undecided=("error.not-found-clean",),
)
def every_number_is_a_part(depot: Depot) -> None:
    honest = depot.handlers["readPart"]

    def read(whole: Depot, asked: Asked) -> Answer:
        try:
            return honest(whole, asked)
        except RefusedError:
            named = asked.values["part_id"]
            number = int(named) if named.isdigit() else 1
            blank = {"id": number, "name": "blank", "kind": "raw", "weight_g": 1, "note": None}
            return Answer(200, whole.represent("part", blank))

    depot.handlers["readPart"] = read


SOME = ("putPart", "searchParts", "countPart")


def refused_by_405(document: dict[str, Any]) -> None:
    for name in SOME:
        operation(document, name)["responses"][405] = {"description": "Not now"}


@variant(
    "405-is-documented",
    "RFC 9110 §15.5.6 has 405 for what a resource does not support; the contract says that it may come.",
    contract=refused_by_405,
    checks=("disc.*",),
    undecided=("disc.operations-exist",),
)
def documented_405(depot: Depot) -> None:
    def refuse(whole: Depot, asked: Asked) -> Answer:
        raise RefusedError(405, "not_now", Allow="GET")

    for name in SOME:
        depot.handlers[name] = refuse


def state_told(document: dict[str, Any]) -> None:
    part(document)["properties"]["removed"] = {"type": "boolean", "description": "True from its removal on"}
    operation(document, "removePart")["description"] = "Marks the part as removed; it can still be read."


@variant("removed-parts-can-be-read", "A removal that only marks, as the contract says.", contract=state_told)
def removed_parts_can_be_read(depot: Depot) -> None:
    honest = depot.shown

    def shown(asked: Asked, kind: str, name: str) -> Fields:
        for record in depot.store.owned(asked.key.company, kind):
            if kind == "part" and str(record.number) == asked.values[name] and record.now is None:
                return {**next(old for _, old in reversed(record.versions) if old), "removed": True}
        return honest(asked, kind, name)

    depot.shown = shown  # type: ignore[method-assign]


@variant(
    "names-are-unique",
    "A second part of the same name is a conflict.",
    contract=lambda document: operation(document, "addPart")["responses"].update({409: {"$ref": "#/responses/Bad"}}),
    checks=(*QUIET, *INPUTS),
)
def names_are_unique(depot: Depot) -> None:
    honest = depot.handlers["addPart"]

    def add(whole: Depot, asked: Asked) -> Answer:
        token = (asked.key.text, asked.path, asked.headers.get("x-request-token", ""))
        names = [part["name"] for part in whole.store.visible(asked.key.company, "part")]
        if asked.body["name"] in names and token not in whole.replayed:
            raise RefusedError(409, "name_taken")
        return honest(whole, asked)

    depot.handlers["addPart"] = add


@variant(
    "texts-are-trimmed",
    "What people type is tidied: spaces at both ends go, and so does the case of a note.",
    checks=(*QUIET, *INPUTS),
)
def texts_are_trimmed(depot: Depot) -> None:
    represented(
        depot, lambda fields: {**fields, "name": fields["name"].strip(), "note": (fields["note"] or "").strip() or None}
    )
