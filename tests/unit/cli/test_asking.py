"""What a contract says reaches the terminal harmless, and comes back as the contract said it."""

from __future__ import annotations

import click
from click.testing import CliRunner, Result

from certify.cli.asking import asked
from certify.onboarding import Question

TITLE, RED = "http://127.0.0.1:9/\x1b]0;owned\x07", "fr\x1b[31mont (basic)"


def answered(question: Question, *typed: str) -> Result:
    """The question is put to somebody who types those lines; what it gave is on the last line, as Python writes it."""

    @click.command()
    def ask() -> None:
        click.echo(repr(asked(question)))

    return CliRunner().invoke(ask, input="".join(f"{line}\n" for line in typed))


def given(ended: Result) -> str:
    return ended.output.splitlines()[-1]


def test_a_default_of_the_contract_is_shown_harmless_and_taken_as_it_is() -> None:
    ended = answered(Question("Where?", TITLE), "")
    assert not {"\x1b", "\x07"} & set(ended.output)
    assert given(ended) == repr(TITLE)


def test_choices_of_the_contract_are_shown_harmless_and_chosen_by_what_is_shown() -> None:
    question = Question("How?", "b (bearer)", ("b (bearer)", RED))
    ended = answered(question, "fr\\x1b[31mont (basic)")
    assert "\x1b" not in ended.output
    assert given(ended) == repr(RED)
    assert given(answered(question, "")) == repr("b (bearer)")


def test_choices_that_look_alike_can_be_told_apart() -> None:
    question = Question("How?", "a\x1b", ("a\x1b", "a\\x1b"))
    assert given(answered(question, "")) == repr("a\x1b")
    assert given(answered(question, "a\\x1b #2")) == repr("a\\x1b")


def test_what_is_no_choice_is_asked_again_and_any_text_is_an_answer_where_there_are_none() -> None:
    ended = answered(Question("May it?", "no", ("yes", "no")), "perhaps", "yes")
    assert given(ended) == repr("yes")
    assert given(answered(Question("Where?", TITLE), " http://here ")) == repr("http://here")
