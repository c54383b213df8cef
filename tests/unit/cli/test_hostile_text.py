"""Whatever a partner writes acts on no terminal: every payload, in every text, in everything that is drawn there.

The functions that draw are found, and what they draw is made up from their type hints.
"""

from __future__ import annotations

import inspect
import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from certify.cli.terminal.screen import Steady, open_console
from certify.comparing.as_json import as_json
from certify.comparing.comparison import Comparison
from certify.comparing.markdown import as_markdown
from certify.comparing.page import as_html
from certify.formats.sarif import changes_sarif, lint_sarif
from certify.model.change import Change
from certify.model.lint import LintReport
from tests.unit.formats import harmless
from tests.unit.hostile import PAYLOADS, build, hints_of, modules

DRAWN: dict[str, Callable[..., None]] = {
    name: member
    for module in modules("certify.cli.terminal")
    for name, member in vars(module).items()
    if name.startswith("render_") and member.__module__ == module.__name__
}
PICKS = range(3)


def drawn(draw: Callable[..., None], payload: str, pick: int, *, color: bool) -> str:
    stream = io.StringIO()
    hints = hints_of(draw)
    given: dict[str, Any] = {"stream": stream, "out": stream, "color": color, "console": open_console(stream, color)}
    names = inspect.signature(draw).parameters
    draw(**{name: given[name] if name in given else build(hints[name], payload, pick) for name in names})
    return stream.getvalue()


def test_everything_that_is_drawn_is_found() -> None:
    assert len(DRAWN) >= 15


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("name", DRAWN)
def test_a_terminal_obeys_nothing_that_a_partner_wrote(name: str, payload: str) -> None:
    for pick in PICKS:
        for color in (False, True):
            text = drawn(DRAWN[name], PAYLOADS[payload], pick, color=color)
            assert text
            harmless.terminal(text) if color else harmless.plain(text)


OBEYED = re.compile(r"(?m)^\s*::|##(?:vso)?\[")


@pytest.mark.parametrize("name", DRAWN)
def test_no_line_is_a_command_of_the_pipeline_that_keeps_the_log(name: str) -> None:
    """GitHub trims a line before it looks for ``::``, and finds ``##[`` anywhere; every width wraps somewhere else."""
    for pick in PICKS:
        for lead in ("", "y" * 7, "wrapped here " * 3, "z" * 66):
            payload = f"{lead} ::error::x ##[add-mask]x ##vso[task.complete] " * 5
            assert not OBEYED.search(drawn(DRAWN[name], payload, pick, color=False))


@pytest.mark.parametrize(
    "text", ["::error::x\n", "a\n \t::stop-commands::x\n", "a ##[error]x\n", "##vso[x]\n", "###[x]\n"]
)
def test_a_command_is_shown_and_told_apart(text: str) -> None:
    stream = io.StringIO()
    Steady(stream).write(text)
    assert not OBEYED.search(stream.getvalue())
    assert stream.getvalue().replace("\\", "") == text


def test_colons_and_signs_within_a_line_stay_as_they_are() -> None:
    stream = io.StringIO()
    Steady(stream).write("Foo::bar # h ## x\n: x\n")
    assert stream.getvalue() == "Foo::bar # h ## x\n: x\n"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_comparison_is_harmless_in_every_form(payload: str) -> None:
    for pick in PICKS:
        one, other = (build(Comparison, text, pick) for text in (PAYLOADS[payload], "benign `word`"))
        harmless.inspect("comparison.html", as_html(one), as_html(other))
        harmless.inspect("comparison.md", as_markdown(one).encode(), as_markdown(other).encode())
        assert as_json(one).isascii()
        harmless.plain(as_json(one))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_lint_and_the_contract_diff_find_is_harmless_as_sarif(payload: str) -> None:
    for pick in PICKS:
        said = lint_sarif(build(LintReport, PAYLOADS[payload], pick))
        harmless.inspect("lint.sarif.json", said, b"{}")
        changes = tuple(build(Change, PAYLOADS[payload], pick + more) for more in range(3))
        harmless.inspect("changes.sarif.json", changes_sarif(changes, {}), b"{}")


def test_the_rule_finds_an_escape_sequence_that_is_not_a_colour() -> None:
    harmless.terminal("\x1b[1;31mred\x1b[0m\n")
    for wrong in ("\x1b[2J", "\x1b]0;x\x07", "\x9b1m", "\r", "\u202e"):
        with pytest.raises(AssertionError, match=re.escape("re.Match")):
            harmless.terminal(wrong)
