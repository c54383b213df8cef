"""What verifying found, as a person reads it: a refusal looks like nothing else, and hostile text does nothing."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from certify.certificate.problem import Flaw, Problem
from certify.certificate.verify import Examined
from certify.cli.terminal.examined import render_examined
from tests.unit.certificate.signed import Signed, everything

HOSTILE = "Acme \x1b[32m\x07\u202e[bold]certified[/bold] \x9b1A\r\nAuthentic"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    return everything(tmp_path_factory.mktemp("signed"))


def told(examined: Examined, colour: bool = False) -> str:
    stream = io.StringIO()
    render_examined(examined, stream, colour)
    return stream.getvalue()


def with_problem(signed: Signed, problem: Problem) -> Examined:
    return replace(signed.examined(), problems=(problem,))


def test_an_authentic_one_says_its_verdict_and_who_stands_for_it(signed: Signed) -> None:
    text = told(signed.examined())
    assert text.splitlines()[1] == "✓ Authentic: certified"
    for word in ("Release pipeline", "Ada Byron as solution-engineer", "waived", "flaky", "expires"):
        assert word in text


@pytest.mark.parametrize("flaw", list(Flaw))
def test_a_refused_one_is_never_said_to_be_certified_before_it_is_said_to_be_refused(
    signed: Signed, flaw: Flaw
) -> None:
    text = told(with_problem(signed, Problem(flaw, "something is wrong", "one", "two", "mend it")))
    first = text.splitlines()[1]
    assert first.startswith("✕ ")
    assert "✓" not in text
    assert f"{flaw}: Something is wrong." in text
    assert "mend it" in text


def test_only_what_is_authentic_is_green(signed: Signed) -> None:
    assert "\x1b[1;32m" in told(signed.examined(), colour=True)
    assert "32m" not in told(with_problem(signed, Problem(Flaw.DIGEST, "edited")), colour=True)


def test_of_a_token_that_nobody_signed_nothing_is_shown() -> None:
    text = told(Examined(Path("x.jws"), problems=(Problem(Flaw.UNREADABLE, "no such file"),)))
    assert "partner" not in text
    assert "Do not rely on it" in text


def test_hostile_text_is_shown_and_does_nothing(signed: Signed) -> None:
    examined = signed.examined()
    assert examined.certificate is not None
    said = replace(
        examined.certificate,
        partner=replace(examined.certificate.partner, name=HOSTILE),
        issuer=HOSTILE,
        waivers=tuple(replace(item, reason=HOSTILE) for item in examined.certificate.waivers),
    )
    approvals = tuple(replace(a, approval=replace(a.approval, comment=HOSTILE)) for a in examined.approvals)
    problem = Problem(Flaw.REPORT, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    text = told(replace(examined, certificate=said, approvals=approvals, problems=(problem,), notes=(HOSTILE,)))
    assert not set(text) & set("\x1b\x07\x9b\u202e\r")
    assert "[bold]certified[/bold]" in text
    assert "\nAuthentic" not in text


def test_many_problems_are_counted(signed: Signed) -> None:
    many = tuple(Problem(Flaw.DIGEST, f"file {number}") for number in range(40))
    assert "28 more problems with --json" in told(replace(signed.examined(), problems=many))


def test_a_year_that_no_calendar_has_does_not_end_it(signed: Signed) -> None:
    examined = signed.examined()
    assert examined.certificate is not None
    assert "s after 1970" in told(replace(examined, certificate=replace(examined.certificate, expires=1e300)))
