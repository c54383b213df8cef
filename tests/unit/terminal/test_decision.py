"""A decision in a terminal: one screen, the answer first, commands whole, and nothing of a partner's obeyed."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from certify.cli.terminal.decision import render_decision
from certify.model.gate import Answer, Decision
from tests.unit.gate.facts import (
    CHANGED,
    GRACE,
    REVIEWED,
    a_question,
    a_revocation,
    a_suspect,
    a_witness,
    day,
    decided,
    practice,
)

ASKED = a_question()


def shown(decision: Decision) -> str:
    stream = io.StringIO()
    render_decision(decision, stream, color=False)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("decision", "first"),
    [
        (decided(ASKED, a_witness()), "✓ Granted"),
        (decided(ASKED), "✕ Refused: no certificate"),
        (decided(ASKED, a_witness(verdict="not_certified")), "✕ Refused: not certified"),
        (decided(ASKED, a_witness(verdict="unproven")), "? Refused: not proven"),
        (decided(ASKED, a_witness(), staleness=CHANGED), "✕ Refused: stale"),
        (decided(ASKED, a_suspect()), "✕ Refused: not to be trusted"),
        (decided(a_question(rules=REVIEWED), a_witness()), "✕ Refused: not reviewed"),
        (decided(ASKED, a_witness(), revoked=[a_revocation(a_witness())]), "✕ Refused: revoked"),
        (decided(ASKED, a_witness(expires=0.0)), "✕ Refused: expired"),
    ],
    ids=lambda value: value.answer if isinstance(value, Decision) else "",
)
def test_the_answer_comes_first_and_the_rest_fits_one_screen(decision: Decision, first: str) -> None:
    lines = shown(decision).strip().splitlines()
    assert lines[0] == first
    assert lines[1] == "  acme, launch, to production"
    assert len(lines) <= 24


def test_a_grant_that_will_end_is_not_shown_like_one_that_holds() -> None:
    found = decided(a_question(rules=GRACE), a_witness(), staleness=replace(CHANGED, deadline=day("2026-11-20")))
    assert shown(found).strip().startswith("≈ Granted until 2026-11-21, though stale")
    assert "Before 2026-11-21: Run again what the change touches: a.one, a.two, a.three." in " ".join(
        shown(found).split()
    )


def test_command_lines_are_whole_so_that_they_can_be_copied() -> None:
    found = decided(a_question(place="a-folder-with-a-rather-long-name/of-a-program"), a_witness(), staleness=CHANGED)
    for command in found.remedy.splitlines()[1:]:
        assert command.strip() in shown(found)


def test_practice_certificates_are_told_as_a_note() -> None:
    assert "Note: practice certificates open nothing here" in shown(decided(ASKED, practice()))


@pytest.mark.parametrize(
    "hostile", ["\x1b[2J\x1b[31mGranted", "a\nb\r✓ Granted", "[bold]x[/bold]", "\x9b31m", "\u202egnp"]
)
def test_nothing_that_others_wrote_is_obeyed(hostile: str) -> None:
    witness = a_witness()
    entry = replace(a_revocation(witness), reason=hostile, by=hostile, certificate="r1-id")
    decision = decided(ASKED, witness, a_suspect(why=hostile), revoked=[entry])
    decision = replace(decision, run=hostile, certificate=hostile, notes=(hostile,), remedy=f"{hostile}\n  {hostile}")
    text = shown(decision)
    assert not {"\x1b", "\x9b", "\r", "\u202e"} & set(text)
    assert text.strip().splitlines()[0] == "✕ Refused: revoked"
    assert not any(line.startswith("✓ Granted") for line in text.splitlines())
    assert text.count("[bold]") == text.count("[/bold]")


def test_every_answer_has_a_word_of_its_own() -> None:
    from certify.cli.terminal.decision import headline

    words = {headline(replace(decided(ASKED), answer=answer)).label for answer in Answer}
    assert len(words) == len(Answer)
