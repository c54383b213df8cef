"""Whatever goes wrong is one clear message and the documented exit code; 1 is kept for *not certified*."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner

from certify.cli.failure import failures_told, lines
from certify.errors import HarnessError, OutputError, Problem, ProfileError, SandboxUnreachableError
from certify.suite.references import References
from tests.unit.contract.documents import contract


def verb_that_raises(error: BaseException) -> click.Command:
    @click.command()
    @click.option("--json", "as_json", is_flag=True)
    @failures_told
    def verb(as_json: bool) -> None:
        raise error

    return verb


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ProfileError("wrong"), 2),
        (OutputError("full"), 2),
        (SandboxUnreachableError("away"), 4),
        (KeyError("ours"), 4),
        (RecursionError("ours"), 4),
        (KeyboardInterrupt(), 4),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_each_kind_of_failure_has_its_exit_code(error: BaseException, code: int) -> None:
    ended = CliRunner().invoke(verb_that_raises(error))
    assert ended.exit_code == code
    assert "Traceback" not in ended.output
    told = CliRunner().invoke(verb_that_raises(error), ["--json"])
    assert json.loads(told.output)["exit_code"] == code


def test_what_is_unforeseen_says_that_it_is_our_fault_and_where() -> None:
    told = CliRunner().invoke(verb_that_raises(ZeroDivisionError("by zero"))).output
    assert "fault of certify" in told
    assert "failure.py:" in told


def test_what_is_unforeseen_is_placed_at_our_own_innermost_line_and_not_in_a_library() -> None:
    @click.command()
    @failures_told
    def verb() -> None:
        References(contract()).resource(7)  # type: ignore[arg-type]  # what raises is Python's re

    told = CliRunner().invoke(verb).output
    assert "references.py:" in told


def test_every_problem_and_every_advice_has_its_line() -> None:
    error = ProfileError(
        "two things", ["first", "second"], [Problem("a.yaml", "this", 3), Problem("a.yaml", "that", 9)]
    )
    told = CliRunner().invoke(verb_that_raises(error)).output
    for text in ("a.yaml:3: this", "a.yaml:9: that", "most likely first", "- first", "- second"):
        assert text in told


def test_what_a_partner_sent_is_no_command_to_a_pipeline() -> None:
    told = "\n".join(lines(HarnessError("it sent a\n  ::stop-commands::x", ["read ##[add-mask]x"])))
    assert "\n  :\\:stop-commands::x" in told
    assert "##[" not in told


def test_what_a_partner_sent_does_not_drive_the_terminal() -> None:
    hostile = SandboxUnreachableError("said \x1b]0;owned\x07\x1b[2J", ["and \x1b[31madvice"])
    told = CliRunner().invoke(verb_that_raises(hostile), color=True).output
    assert "\x1b]" not in told
    assert "\x1b[2J" not in told
    assert "\x1b[31madvice" not in told
