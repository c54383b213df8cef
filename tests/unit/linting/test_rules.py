"""Every rule that a loader can name is documented, and the other way round no rule is invented."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import certify.program
from certify.linting import RULES
from certify.linting.waivers import RULES as STATES
from certify.model.lint import LintLevel

PROGRAM = Path(certify.program.__file__).parent
NOUNS = {"playbook": "playbook", "certification_rules": "playbook", "answers": "answers", "waivers": "waiver"}
PARTNER = ("partner", "partner_rules", "sign_in_rules", "target_rules")


def _named(module: str) -> set[str]:
    """The rules that a module of ``program`` names, with those of unknown names."""
    tree = ast.parse((PROGRAM / f"{module}.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    said = {node for call in calls if _name(call.func) == "report" for node in _rule(call)}
    kinds = {call.args[_KIND_OF[name]] for call in calls if (name := _name(call.func)) in _KIND_OF}
    unknown = {f"unknown-{kind.value.replace(' ', '-')}" for kind in kinds if isinstance(kind, ast.Constant)}
    return {rule.value for rule in said if isinstance(rule, ast.Constant)} | unknown


def _rule(call: ast.Call) -> Iterator[ast.expr]:
    """What a report gives for its rule, by name or as the fourth argument; of a choice both."""
    given = [key.value for key in call.keywords if key.arg == "rule"] + call.args[3:4]
    for node in given:
        yield from (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,)


_KIND_OF = {"unknown": 1, "_known": 2}
"""Which argument says what kind of name it is."""


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@pytest.mark.parametrize("module", [*NOUNS, *PARTNER])
def test_every_rule_that_a_loader_names_is_documented(module: str) -> None:
    noun = NOUNS.get(module, "partner")
    missing = {name for name in _named(module) if f"{noun}/{name}" not in RULES}
    assert not missing


def test_no_rule_of_playbook_answers_or_waivers_is_one_that_nobody_names() -> None:
    loaders = {"playbook": ("playbook", "certification_rules"), "answers": ("answers",), "waiver": ("waivers",)}
    states = {rule for rule, _, _ in STATES.values()} | {
        "not-bound",
        "unused",
        "no-run",
        "unknown-partner",
        "expires-soon",
    }
    structure = {"unreadable", "unknown-version", "unknown-member", "missing-member", "wrong-type", "wrong-value",
                 "duplicate", "invalid"}  # fmt: skip
    for noun, modules in loaders.items():
        own = {name.partition("/")[2] for name in RULES if name.startswith(f"{noun}/")}
        assert (
            own - structure - (states if noun == "waiver" else set()) == set().union(*map(_named, modules)) - structure
        )


def test_the_loaders_of_waivers_name_the_rules_that_are_theirs() -> None:
    assert {"over-broad", "renamed-check", "unwritten", "unknown-role", "unknown-check"} <= _named("waivers")


@pytest.mark.parametrize("noun", ["playbook", "partner", "answers", "waiver"])
@pytest.mark.parametrize("name", ["unreadable", "unknown-version", "unknown-member", "missing-member", "wrong-type",
                                  "wrong-value", "duplicate", "invalid"])  # fmt: skip
def test_every_file_has_the_rules_of_structure(noun: str, name: str) -> None:
    assert RULES[f"{noun}/{name}"].level is LintLevel.ERROR


def test_each_rule_says_in_a_sentence_what_it_looks_for() -> None:
    for name, rule in RULES.items():
        assert rule.id == name
        assert re.fullmatch(r"[A-Z].*\.", rule.statement), name
        assert not rule.why or rule.why.endswith("."), name


def test_each_state_in_which_a_waiver_excuses_nothing_is_an_error() -> None:
    assert {RULES[f"waiver/{rule}"].level for rule, _, _ in STATES.values()} == {LintLevel.ERROR}
