"""The register of rules, and the questions that several of them ask of a candidate."""

from __future__ import annotations

import base64
from collections.abc import Callable, Container
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from certify.model.exchange import header
from certify.sources.contract.candidates import Candidate
from certify.sources.contract.facts import OperationFacts

_OPEN = ("query", "header", "cookie")
"""Places to which anybody may add what the contract does not name."""

Rule = Callable[[Candidate, OperationFacts], bool]
CLAUSES: dict[str, str] = {}
RULES: dict[str, Rule] = {}


def rule(clause: str) -> Callable[[Rule], Rule]:
    """Register a rule under its function's name."""

    def register(function: Rule) -> Rule:
        name = function.__name__.replace("_", "-")
        RULES[name], CLAUSES[name] = function, clause
        return function

    return register


def refused_valid(candidate: Candidate) -> bool:
    return candidate.check == "positive_data_acceptance"


def accepted_invalid(candidate: Candidate) -> bool:
    return candidate.check == "negative_data_rejection"


def about_acceptance(candidate: Candidate) -> bool:
    return refused_valid(candidate) or accepted_invalid(candidate)


def own_method(candidate: Candidate, facts: OperationFacts) -> bool:
    """Whether the request used the method that the contract offers."""
    return candidate.sample.method == facts.label.split(" ", 1)[0]


def changes(facts: OperationFacts) -> bool:
    return facts.label.startswith(("POST ", "PUT ", "PATCH ", "DELETE "))


def addresses_things(facts: OperationFacts) -> bool:
    """Whether the path names something by a value that had to be generated."""
    return "{" in facts.label


def body_text(candidate: Candidate) -> str:
    """The request's body as text; what is not UTF-8 is replaced."""
    return base64.b64decode(candidate.sample.body or "").decode("utf-8", "replace")


def query_text(candidate: Candidate) -> str:
    return unquote(urlsplit(candidate.sample.url).query)


def sent_media_type(candidate: Candidate) -> str:
    return (header(candidate.sample.headers, "Content-Type") or "").split(";")[0].strip().lower()


@dataclass(frozen=True)
class Break:
    """What the engine broke on purpose: a place, the keywords of its schema, where in that, and what stood there.

    One without keywords is another way to be invalid. ``names`` is what was left out where ``required`` was broken.
    """

    place: str
    keywords: frozenset[str]
    pointer: str
    names: tuple[str, ...]

    @property
    def adds(self) -> bool:
        """Whether it only adds a parameter that the contract does not name."""
        return self.place in _OPEN and not self.pointer and self.keywords == {"additionalProperties"}

    def leaves_out(self, candidate: Candidate, names: Container[str]) -> bool:
        """Whether it only leaves out, or adds, parameters, and what is missing of the request then has these names."""
        kinds = self.keywords <= {"required", "additionalProperties"} and "required" in self.keywords
        there = _carried(candidate, self.place)
        missing = [name.lower() for name in self.names if name and name.lower() not in there]
        whole = kinds and not self.pointer and self.place in _OPEN
        return whole and bool(missing) and all(name in names for name in missing)


def _carried(candidate: Candidate, place: str) -> set[str]:
    """Names of the parameters that a request has in a place, in lower case; its credentials are not in a sample."""
    if place == "query":
        pairs = parse_qsl(urlsplit(candidate.sample.url).query, keep_blank_values=True)
    else:
        pairs = list(candidate.sample.headers)
    return {name.lower() for name, _ in pairs}


def breaks(candidate: Candidate) -> list[Break]:
    """All that is invalid on purpose about a request, as far as the engine tells it in this form."""
    lines = [line.split("\t") for line in candidate.detail.get("breaks", "").split("\n") if line.count("\t") == 3]
    return [Break(place, frozenset(kinds.split(",")) - {""}, at, tuple(n.split(","))) for place, kinds, at, n in lines]
