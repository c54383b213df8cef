"""Annotations: one line each, and nothing that a partner wrote begins, ends or bends a workflow command."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.formats.github import MOST, Command, GithubFormat, escape_data, escape_property
from certify.formats.inert import one_line, visible
from tests.unit.formats import sample_extremes, samples

COMMAND = re.compile(r"::(error|warning|notice) title=([^:,\r\n]+)::([^\r\n]+)")
ALL = [samples.passing, samples.failing, samples.unproven, samples.interrupted, sample_extremes.hostile,
       lambda: sample_extremes.enormous(300, 600)]  # fmt: skip


def _commands(report):
    """As the runner reads them: a line is a command only if it begins as one; percent signs are read last."""
    text = GithubFormat().render(report)["github-annotations.txt"].decode()
    matches = [COMMAND.fullmatch(line) for line in text.removesuffix("\n").split("\n")]
    assert all(matches), text
    return [(kind, _read(title), _read(message)) for kind, title, message in (match.groups() for match in matches)]


def _read(text):
    for escape, letter in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(escape, letter)
    return text


@pytest.mark.parametrize("sample", ALL)
def test_every_line_is_one_command_and_github_shows_them_all(sample):
    kinds = Counter(kind for kind, _, _ in _commands(sample()))

    assert max(kinds.values()) <= MOST


@pytest.mark.parametrize("sample", ALL)
def test_the_verdict_comes_first_and_only_certified_is_no_error(sample):
    kind, title, _ = _commands(sample())[0]

    assert (kind == "notice") == (sample().verdict == "certified")
    assert title.startswith("certify: Northwind Energy")


def test_a_finding_says_what_was_expected_what_came_and_how_to_see_it_again():
    kind, title, message = _commands(samples.failing())[1]

    assert (kind, title) == ("error", samples.failing().findings[0].check)
    assert "expected: " in message
    assert "actual: " in message
    assert "again: certify run" in message


def test_what_holds_back_because_nobody_can_tell_is_an_error():
    errors = [message for kind, _, message in _commands(samples.unproven()) if kind == "error"]

    assert any("authz.tenant-read-isolated, authz.tenant-list-isolated" in message for message in errors)


def test_flaky_and_waived_are_told():
    told = {title: kind for kind, title, _ in _commands(samples.passing())}

    assert told["Flaky: idem.replay-returns-same"] == "warning"
    assert told["Waived: error.no-internals-leaked"] == "notice"


def test_what_github_would_drop_in_silence_is_counted():
    assert re.search(r"\d+ more annotations would not fit", _commands(sample_extremes.enormous(300, 600))[0][2])


@pytest.mark.parametrize(
    "text",
    ["a\n::set-env name=X::y", "a\r\n::stop-commands::t", "100%", "%0A::error::x", "a\u2028::error::x", "\x1b[2J"],
)
def test_no_text_ends_its_line(text):
    for escaped in (escape_data(text), escape_property(text)):
        assert len(escaped.splitlines()) == 1
        assert "%0A" not in escaped.replace("%250A", "") or "\n" in text
        assert "\x1b" not in escaped


def test_a_percent_sign_comes_back_as_it_was():
    assert _read(escape_data("%0A is 100%, a: b")) == "%0A is 100%, a: b"
    assert _read(escape_property("%3A, a: 5%")) == "%3A, a: 5%"


def test_what_was_carried_over_is_told_once():
    report = samples.passing()
    checks = tuple(
        replace(item, carried="earlier") if number < 12 else item for number, item in enumerate(report.checks)
    )
    told = [message for _, title, message in _commands(replace(report, checks=checks)) if title == "Carried over"]

    assert len(told) == 1
    assert told[0].startswith("12 checks did not run this time: net.control-works, ")
    assert told[0].endswith(" and 2 more")


@given(st.text())
def test_any_text_stays_one_line_and_comes_back_as_it_shows(text):
    for escaped, shown in ((escape_data(text), visible(text)), (escape_property(text), one_line(text, 200))):
        assert len(f"x{escaped}x".splitlines()) == 1
        assert _read(escaped) == shown


@given(st.text())
def test_no_title_reaches_into_the_message(text):
    line = str(Command("error", f"t{text}", "m"))

    assert re.fullmatch(r"::error title=[^:,\r\n]+::m", line)
