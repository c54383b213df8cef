"""Words that the command line does not know: a person reads what to do, a machine gets its one object."""

from __future__ import annotations

import json

import pytest

from certify.cli.group import call

WRONG = {
    "an option is missing": (["gate", "--json"], "--partner", "`certify gate --help`"),
    "a verb is unknown": (["gat", "--json"], "did you mean 'gate'", "`certify --help`"),
    "an option is unknown": (["verify", "--jwsk", "x", "--json"], "--jwsk", "`certify verify --help`"),
    "a verb below a verb is unknown": (["keys", "nwe", "--json"], "nwe", "`certify keys --help`"),
}


@pytest.mark.parametrize(("words", "named", "advice"), WRONG.values(), ids=WRONG)
def test_a_machine_gets_one_object_and_code_2(
    words: list[str], named: str, advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        call(words)
    told = json.loads(capsys.readouterr().out)
    assert left.value.code == told["exit_code"] == 2
    assert named in told["error"]["message"]
    assert advice in told["error"]["advice"][0]


def test_a_person_reads_it_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        call(["gate"])
    out, err = capsys.readouterr()
    assert left.value.code == 2
    assert out == ""
    assert "certify gate --help" in err


def test_help_and_version_are_no_errors(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["gate", "--help"], ["--version"]):
        with pytest.raises(SystemExit) as left:
            call(words)
        assert not left.value.code, words
    assert "certify 0" in capsys.readouterr().out
