"""Progress is calm in a terminal, plain in a log, and never a reason for a run to fail."""

from __future__ import annotations

import io
import threading

import pytest

from certify.cli.terminal.progress import LiveProgress, PlainProgress, open_progress
from certify.cli.terminal.tally import Tally, time_left

MILESTONES = [
    ("connectivity", "Connectivity", ["net.control-works", "net.clock-accurate"]),
    ("authentication", "Authentication", ["auth.valid-token-accepted"]),
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Broken(io.StringIO):
    encoding = "ascii"

    def isatty(self) -> bool:
        raise ValueError("closed")

    def write(self, text: str) -> int:
        raise BrokenPipeError


@pytest.fixture(autouse=True)
def _colourful(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


def _told(stream: io.StringIO, **options) -> str:
    with open_progress(3, MILESTONES, 10.0, stream, **options) as progress:
        progress.check("net.control-works", "passed")
        progress.note("waiting\x1b[2J")
        progress.check("net.clock-accurate", "failed")
    return stream.getvalue()


def test_a_log_gets_one_plain_line_for_each_check():
    assert _told(io.StringIO()).splitlines() == [
        "  1 of 3  passed         net.control-works",
        "note: waiting\\x1b[2J",
        "  2 of 3  failed         net.clock-accurate",
    ]


def test_a_check_that_gets_worse_is_told_without_counting_it_twice_and_one_that_does_not_is_silent():
    stream = io.StringIO()
    with open_progress(3, MILESTONES, 10.0, stream) as progress:
        for status in ("not_run", "errored", "failed", "failed", "passed"):
            progress.check("net.control-works", status)

    assert stream.getvalue().splitlines() == [
        "  1 of 3  not run        net.control-works",
        "     now  harness error  net.control-works",
        "     now  failed         net.control-works",
    ]


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_that_wants_no_escapes_gets_none(monkeypatch, name, value):
    monkeypatch.setenv(name, value)

    assert "\x1b" not in _told(Terminal())


def test_a_terminal_gets_one_view_that_is_wiped_at_the_end():
    text = _told(Terminal())

    assert "Connectivity" in text
    assert "2 of 3 · 1 failed" in text
    assert text.rstrip().endswith("\x1b[2K")
    assert "\x1b[2J" not in text


def test_plain_can_be_asked_for_or_refused():
    assert isinstance(open_progress(1, [], 1.0, Terminal(), plain=True), PlainProgress)
    assert isinstance(open_progress(1, [], 1.0, io.StringIO(), plain=False), LiveProgress)


@pytest.mark.parametrize("plain", [True, False, None])
def test_an_odd_terminal_is_no_reason_to_fail(plain):
    with open_progress(1, MILESTONES, 1.0, Broken(), plain=plain) as progress:
        progress.check("net.control-works\ud800", "no-such-status")
        progress.note("é")


def test_an_ascii_log_gets_ascii():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with open_progress(1, [], 1.0, stream) as progress:
        progress.note("naïve ✓")
    stream.seek(0)

    assert stream.read() == "note: na\\xefve +\n"


def test_a_check_that_several_sources_report_counts_once_and_keeps_its_worst_status():
    tally = Tally(3, MILESTONES)

    assert [tally.add("net.control-works", status) for status in ("passed", "failed", "passed")] == [
        None,
        "passed",
        "failed",
    ]
    assert (tally.done, tally.failed) == (1, 1)


def test_what_did_not_run_is_counted_apart():
    progress = open_progress(3, MILESTONES, 10.0, io.StringIO())
    progress.check("net.control-works", "passed")
    progress.check("net.clock-accurate", "not_run")

    assert progress.count().startswith("2 of 3 · 1 not run · ")


def test_a_milestone_is_good_only_when_every_check_of_it_passed():
    tally = Tally(3, MILESTONES)
    states = []
    for check, status in [
        ("net.control-works", "passed"),
        ("net.clock-accurate", "inconclusive"),
        ("net.clock-accurate", "failed"),
    ]:
        tally.add(check, status)
        states.append(tally.rungs()[0].state)

    assert states == ["running", "doubt", "bad"]
    assert tally.rungs()[1].state == "waiting"


def test_time_left_follows_the_estimate_first_and_the_pace_later():
    assert time_left(0, 30, 60.0, 10.0) == 50.0
    assert time_left(15, 30, 60.0, 90.0) == 90.0
    assert time_left(0, 30, 60.0, 600.0) == 0.0
    assert time_left(0, 0, 0.0, 0.0) == 0.0


def test_threads_may_report_at_once():
    progress = open_progress(200, [], 1.0, io.StringIO())

    def report(start: int) -> None:
        for number in range(start, start + 50):
            progress.check(f"area.check-{number}", "passed")

    threads = [threading.Thread(target=report, args=(start,)) for start in range(0, 200, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert progress.count() == "200 of 200 · finishing"
