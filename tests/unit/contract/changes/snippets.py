"""Two small contracts from two snippets of YAML, and the rules that tell them apart."""

from __future__ import annotations

from typing import Any

import yaml

from certify.contract import Contract
from certify.contract.changes import compare
from certify.model.change import Change
from tests.unit.contract.documents import contract

JSON = "application/json"


def written(text: str) -> Contract:
    """A contract from its members besides ``openapi`` and ``info``."""
    return contract(**{"paths": {}, **(yaml.safe_load(text) or {})})


def operation(text: str) -> Contract:
    """A contract with one operation, ``POST /leads``, and these members."""
    node: dict[str, Any] = {"responses": {"200": {"description": "-"}}, **(yaml.safe_load(text) or {})}
    for answer in node["responses"].values():
        answer.setdefault("description", "-")
    return contract(paths={"/leads": {"post": node}})


def sent(text: str) -> Contract:
    """A contract whose one operation takes a body of this schema."""
    schema = yaml.safe_load(text)
    body = {"required": True, "content": {JSON: {"schema": schema}}}
    return contract(paths={"/leads": {"post": {"requestBody": body, "responses": {"200": {"description": "-"}}}}})


def answered(text: str) -> Contract:
    """A contract whose one operation answers with this schema."""
    answer = {"description": "-", "content": {JSON: {"schema": yaml.safe_load(text)}}}
    return contract(paths={"/leads": {"post": {"responses": {"200": answer}}}})


def rules_of(changes: tuple[Change, ...]) -> list[str]:
    return sorted(change.rule for change in changes)


def between(old: Contract, new: Contract) -> list[str]:
    return rules_of(compare(old, new))
