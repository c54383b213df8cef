"""What certify may do to the sandbox: the careful choice unless somebody said otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from certify.onboarding.facts import Facts
from certify.onboarding.questions import Question
from certify.onboarding.yaml_lines import comment


def lines(facts: Facts) -> Iterator[str]:
    writes = may_write(facts)
    yield from comment(
        "What certify may do. Everything that it creates is written down and taken away again. What is not permitted "
        "is not done, and the checks that need it say so."
    )
    yield "permissions:"
    yield f"  allow_writes: {writes[0]} # {writes[1]}"
    yield f"  allow_destructive: {writes[0]} # delete what certify made; never anything else"
    yield "  allow_stress: false # true lets the rate checks exceed a declared limit, once, last and alone"


def may_write(facts: Facts) -> tuple[str, str]:
    """``true`` or ``false``, and why. What was said on the command line comes first."""
    if facts.wishes.allow_writes is not None:
        return str(facts.wishes.allow_writes).lower(), "create and change things of its own"
    if all(operation.safe for operation in facts.contract.operations):
        return "false", "the contract has nothing but reads"
    question = Question(
        "May certify create, change and delete things of its own in this sandbox?",
        "no",
        ("yes", "no"),
        "without it, only what reads can prove is checked",
    )
    if facts.ask(question) == "yes":
        return "true", "create and change things of its own"
    return "false", "the careful choice; true in a sandbox that may be written to proves much more"
