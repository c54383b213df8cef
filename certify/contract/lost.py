"""What an answer refers to and nobody can read holds nobody to anything; the operation is called all the same.

Only what a request needs sets its operation aside: without it no valid request can be built. A schema that asserts
nothing lets more pass, which no keyword around it may turn into a failure. So those that fail when something inside
matches (``not``, ``if``, ``oneOf``, ``maxContains``) or goes unseen (``unevaluated…``, JSON Schema Core §11) are let go
as well, in every object of an answer that leads there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from certify.contract.problem import Effect
from certify.contract.survey import ANSWERS, Lost, Survey
from certify.contract.walking import nodes
from certify.http.call import resolve_pointer

UNKNOWN: dict[str, dict[str, Any]] = {
    "schema": {},
    "response": {"description": "what the contract refers to here cannot be read"},
    "header": {"schema": {}},
    "media": {},
    "link": {},
    "example": {},
}
"""What stands in for an object of each kind; an object of another kind stays broken."""
_STRICT = ("not", "if", "then", "else", "maxContains", "unevaluatedProperties", "unevaluatedItems")
_TOLD = "; what answers hold in its place is not judged"


def settle_lost(survey: Survey) -> None:
    """Put something that asserts nothing in place of references that only answers need, and say so."""
    for unit in dict.fromkeys(lost.target for lost in survey.lost):
        asking = survey.concerned({unit}, by_request=True)
        if unit.split()[0] in UNKNOWN and survey.concerned({unit}) - asking:
            _retell(survey, unit, asking)
            _silence(survey, [lost for lost in survey.lost if lost.target == unit])


def _retell(survey: Survey, unit: str, asking: set[str]) -> None:
    """The mistake is mended for all but those that need it in a request."""
    number, found = next((number, item) for number, item in enumerate(survey.found) if item.unit == unit)
    survey.found[number] = replace(found, message=found.message + _TOLD, effect=Effect.MENDED)
    survey.found += [replace(found, unit=other) for other in sorted(asking)]


def _silence(survey: Survey, group: list[Lost]) -> None:
    for lost in group:
        lost.node.pop("$ref", None)
        for name, value in UNKNOWN[lost.kind].items():
            lost.node.setdefault(name, value)
    for unit in survey.reached({lost.unit for lost in group}):
        for root in _roots(survey, unit):
            for node in nodes(root):
                _relax(node)


def _roots(survey: Survey, unit: str) -> Iterator[Any]:
    """The objects of a unit that only answers use: what requests share with it is set aside."""
    owner = unit.removesuffix(ANSWERS)
    if unit.endswith(ANSWERS) and owner in survey.operations:
        path, method = survey.operations[owner]
        yield {"responses": survey.document["paths"][path][method].get("responses")}
    elif (reference := unit.partition(" ")[2]).startswith("#/"):
        yield resolve_pointer(survey.document, unquote(reference[1:]))


def _relax(node: dict[str, Any]) -> None:
    for keyword in _STRICT:
        node.pop(keyword, None)
    if isinstance(node.get("oneOf"), list):
        others = node.get("allOf")
        node["allOf"] = [*(others if isinstance(others, list) else ()), {"anyOf": node.pop("oneOf")}]
