"""The one format of errors: proposed, never set. A contract promises a format for the errors that it documents, and the
profile's word would make it a promise for every other error, too."""

from __future__ import annotations

from collections.abc import Iterator

from certify.contract import Contract
from certify.onboarding.facts import Facts
from certify.onboarding.yaml_lines import comment


def lines(facts: Facts) -> Iterator[str]:
    word, why = declared(facts.contract)
    yield from comment(
        f"How errors look: {why}. Without this, errors that the contract documents are held to what it says of them; "
        "with it, every error is: those of the web server or gateway as well. problem+json is RFC 9457, schema the "
        "contract's own, none asks for nothing."
    )
    yield f"# errors: {{format: {word}}}"


def declared(contract: Contract) -> tuple[str, str]:
    """The format, and why. A schema that only some errors have is still what those errors promise."""
    errors = [
        (operation.id, media)
        for operation in contract.operations
        for status, answer in operation.answers.items()
        if status[:1] in ("4", "5") or status == "default"
        for media, pointer in answer.media.items()
        if pointer or "problem" in media
    ]
    problems = [name for name, media in errors if media == "application/problem+json"]
    if problems and 2 * len(problems) >= len(errors):
        return "problem+json", f"{problems[0]} and {len(problems) - 1} other answers declare application/problem+json"
    if errors:
        return "schema", f"the contract gives errors a schema of its own, for instance in {errors[0][0]}"
    return "none", "the contract declares no format for errors, so none is asked for"
