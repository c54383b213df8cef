"""The register of rules, and the questions that several of them ask of a candidate."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from certify.model.exchange import header
from certify.sources.contract.candidates import Candidate
from certify.sources.contract.facts import OperationFacts

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
