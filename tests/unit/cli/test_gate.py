"""``certify gate``: its exit codes are documented, and standard output is one object where a pipeline asks for one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from certify.cli.group import group
from certify.model.certificate import Provenance
from certify.model.gate import EXIT_CODES
from certify.program.validate import schema
from tests.unit.gate.archive import LAPTOP, an_archive


def gate(folder: Path, *words: str) -> Result:
    asked = ["--partner", "acme", "--milestone", "launch", "--environment", "production"]
    places = ["--reports", folder / "reports", "--program", folder / "program", "--jwks", folder / "jwks.json"]
    return CliRunner().invoke(group, ["gate", *asked, *map(str, places), *words])


def test_the_help_tells_every_exit_code() -> None:
    told = re.findall(r"^ +(\d+)  ([a-z ]+)", CliRunner().invoke(group, ["gate", "--help"]).output, re.MULTILINE)
    assert {int(code) for code, _ in told} == {*EXIT_CODES.values(), 2, 4}
    assert {int(code): words.strip().replace(" ", "-") for code, words in told if code in ("10", "11", "15")} == {
        10: "missing",
        11: "expired",
        15: "not-reviewed",
    }


def test_a_refusal_leaves_with_its_exit_code_and_one_object(tmp_path: Path) -> None:
    an_archive(tmp_path)
    ended = gate(tmp_path, "--json")
    assert ended.exit_code == 10
    Draft202012Validator(schema("decision.v1")).validate(json.loads(ended.output))
    assert json.loads(ended.output)["answer"] == "missing"


def test_a_person_gets_a_screen(tmp_path: Path) -> None:
    an_archive(tmp_path)
    ended = gate(tmp_path)
    assert ended.exit_code == 10
    assert "Refused: no certificate" in ended.output
    assert "certify run --partner PROFILE --program" in ended.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--environment", "prodction"), "did you mean 'production'?"),
        (("--milestone", "lunch"), "did you mean 'launch'?"),
        (("--jwks", "nowhere.json"), "nowhere.json"),
        (("--program", "nowhere"), "nowhere"),
    ],
)
def test_a_mistake_is_two_and_never_a_grant(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    an_archive(tmp_path)
    ended = gate(tmp_path, *words, "--json")
    assert ended.exit_code == 2
    assert told in json.loads(ended.output)["error"]["message"]


def test_a_partner_whose_name_was_mistyped_is_missing_and_the_nearest_is_told(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    archive.keep(archive.run())
    ended = gate(tmp_path, "--partner", "acne", "--json")
    assert ended.exit_code == 10
    assert json.loads(ended.output)["because"].endswith("of acne for launch; did you mean 'acme'?")


def test_of_a_partner_who_has_other_certificates_no_other_name_is_told(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    archive.keep(archive.run("theirs", provenance=Provenance.PRACTICE), LAPTOP)
    ended = gate(tmp_path, "--json")
    assert ended.exit_code == 10
    assert "did you mean" not in ended.output


def test_an_address_of_a_contract_is_two_and_told_as_it_was_typed(tmp_path: Path) -> None:
    an_archive(tmp_path)
    ended = gate(tmp_path, "--contract", "http://127.0.0.1:8951/openapi")
    assert ended.exit_code == 2
    assert "http://127.0.0.1:8951/openapi is an address, and a file is needed here" in ended.output


@pytest.mark.parametrize("words", [("--at", "yesterday"), ("--revocations-at-least", "-1"), ("--environmnt", "x")])
def test_an_option_that_does_not_fit_is_two(tmp_path: Path, words: tuple[str, ...]) -> None:
    an_archive(tmp_path)
    assert gate(tmp_path, *words).exit_code == 2
