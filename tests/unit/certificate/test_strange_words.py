"""Whatever stands in a certificate that a trusted key signed, looking at it ends with an answer, not in an error."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from certify.certificate.as_json import as_object
from certify.cli.terminal.examined import render_examined
from certify.model.certificate import STATEMENT
from certify.model.gate import Answer
from certify.signing import dsse
from tests.unit.certificate.forging import assembled, by, parts
from tests.unit.certificate.signed import Signed, everything
from tests.unit.certificate.signing_hands import ADA, CI

STRANGE = (
    None,
    True,
    -1,
    0,
    10**30,
    1e300,
    -1e300,
    0.5,
    "",
    "x" * 3000,
    "\x00\x1b[2J",
    "9999-12-31",
    [],
    [[]],
    {},
    {"a": 1},
)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    found = everything(tmp_path_factory.mktemp("signed"))
    (found.run / STATEMENT).unlink()
    return found


@pytest.fixture
def signed(original: Signed) -> Iterator[Signed]:
    """It is as it was again after each test."""
    whole = original.certificate.read_bytes()
    yield original
    original.certificate.write_bytes(whole)


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each member of a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*way, name)
        yield from places(inner, (*way, name))


def put(value: Any, way: tuple[Any, ...], strange: object) -> None:
    for name in way[:-1]:
        value = value[name]
    value[way[-1]] = strange


@pytest.mark.parametrize("seed", range(3))
def test_a_strange_word_anywhere_has_an_answer(signed: Signed, seed: int) -> None:
    random = Random(seed)
    header, claims, _ = parts(signed.certificate.read_bytes())
    answers = set()
    for way in random.sample(list(places(claims["certificate"])), 60):
        said = copy.deepcopy(claims)
        put(said["certificate"], way, random.choice(STRANGE))
        body = said["certificate"]
        registered = {"iat": body["issued"], "exp": body["expires"], "jti": body["id"], "iss": body["issuer"]}
        signed.certificate.write_bytes(assembled(header, {**said, **registered}, by(CI[0])))
        found = signed.examined(partner=signed.profile)
        answers.add(found.answer)
        json.dumps(as_object(found))
        render_examined(found, io.StringIO(), color=False)
    assert Answer.UNTRUSTED in answers


@pytest.mark.parametrize("strange", STRANGE, ids=str)
@pytest.mark.parametrize("name", ["started", "issued", "expires"])
def test_a_strange_time_has_an_answer_and_is_no_grant(signed: Signed, name: str, strange: Any) -> None:
    header, claims, _ = parts(signed.certificate.read_bytes())
    body = {**claims["certificate"], name: strange}
    signed.certificate.write_bytes(
        assembled(header, {**claims, "certificate": body, "iat": body["issued"], "exp": body["expires"]}, by(CI[0]))
    )
    found = signed.examined()
    render_examined(found, io.StringIO(), color=False)
    assert found.answer in (Answer.UNTRUSTED, Answer.EXPIRED)


@pytest.mark.parametrize("at", [10**400, 1e300, -1, None, "now"])
def test_a_strange_time_of_an_approval_does_not_count(signed: Signed, at: Any) -> None:
    file = signed.run / "approvals" / "solution-engineer.jws"
    whole = file.read_bytes()
    header, claims, _ = parts(whole)
    said = {**claims, "approval": {**claims["approval"], "at": at}}
    for iat in (at, claims["iat"]):
        file.write_bytes(assembled(header, {**said, "iat": iat}, by(ADA[0])))
        assert [item.approval.role for item in signed.examined().approvals] == ["platform-security"]
    file.write_bytes(whole)


@pytest.mark.parametrize("issued", [10**400, 1e300, None, "now", True])
def test_a_strange_time_in_the_statement_is_refused(signed: Signed, issued: Any) -> None:
    payload = json.dumps({"predicate": {"issued": issued}, "subject": []}).encode()
    (signed.run / STATEMENT).write_bytes(dsse.sign(payload, CI[0]))
    found = signed.examined()
    (signed.run / STATEMENT).unlink()
    assert [problem.reason for problem in found.problems] == ["statement"]


def test_a_folder_without_permission_has_an_answer(signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def refuse(path: Path, *arguments: Any, **named: Any) -> Any:
        if path.name == "outcomes.ndjson":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", refuse)
    found = signed.examined()
    assert found.answer is Answer.UNTRUSTED
    assert any("Permission denied" in problem.message for problem in found.problems)
