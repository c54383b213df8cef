"""The changes of a contract in a terminal: breaking ones first, bounded, and nothing of a contract is obeyed."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

from certify.cli.terminal.contract_changes import MOST, render_contract_changes
from certify.model.change import Change, ChangeKind, Direction
from certify.recertification.partners import Concerned
from certify.recertification.telling import Term, Told

BREAKING = Change("a-rule", ChangeKind.BREAKING, Direction.REQUEST, "op", "/paths", "", "x", "gone", "api.yaml", 7)
HARMLESS = replace(BREAKING, kind=ChangeKind.NON_BREAKING, message="come")
NOTHING = Told("old.yaml", "new.yaml", {}, (), (), (), (), False, ())


def shown(told: Told) -> str:
    stream = io.StringIO()
    render_contract_changes(told, stream, color=False)
    return stream.getvalue()


def test_no_change_is_said_in_two_words() -> None:
    assert shown(NOTHING).startswith("No change.")


def test_what_breaks_comes_first_with_rule_file_and_line() -> None:
    text = shown(replace(NOTHING, changes=(HARMLESS, BREAKING), operations=("op",)))
    assert text.index("Breaking: 1 change") < text.index("Non-breaking: 1 change")
    assert "op: gone" in text
    assert "a-rule  api.yaml:7  /paths" in text


def test_of_very_many_changes_the_first_are_shown_and_the_rest_counted() -> None:
    text = shown(replace(NOTHING, changes=tuple(replace(BREAKING, pointer=f"/{n}") for n in range(MOST + 5))))
    assert "and 5 more" in text


def test_terms_and_partners_are_told_with_their_days() -> None:
    day = date(2030, 1, 31)
    partner = Concerned("acme", "c-1", "r-1", "certified", "2030-05-01", {"a.one": "touches op"}, ("m/c",), day)
    idle = replace(partner, partner="globex", checks={}, criteria=(), deadline=None)
    terms = (Term(ChangeKind.BREAKING, date(2030, 1, 1), day),)
    text = shown(replace(NOTHING, changes=(BREAKING,), terms=terms, partners=(partner, idle), looked=True))
    assert "A breaking change holds from 2030-01-01 on; certified again by 2030-01-31." in text
    assert "to be certified again by 2030-01-31: 1 check" in text
    assert "a.one  touches op" in text
    assert "nothing has to run again" in text


def test_no_partner_is_said_only_where_somebody_looked() -> None:
    assert "No partner has a certificate there." in shown(replace(NOTHING, looked=True))
    assert "No partner" not in shown(NOTHING)


def test_a_hostile_contract_does_not_reach_the_terminal() -> None:
    evil = replace(BREAKING, message="\x1b[2J\x1b]0;owned\x07[bold]x", operation="\r\nGranted", pointer="/\u202e")
    text = shown(replace(NOTHING, changes=(evil,), operations=("\x1b[2J",), notes=("\x1b[31m",)))
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(text)
    assert "[bold]" in text
