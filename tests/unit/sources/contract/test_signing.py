"""What a worker gets of the credentials, and what it does with them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from certify.http.credentials import Credentials
from certify.http.session import open_session
from certify.sources.contract.config import Settings
from certify.sources.contract.keeper import Keeper
from certify.sources.contract.signing import Signing, _replace, trust_file
from certify.sources.contract.turns import Turns
from tests.unit.sources.contract.scene import TOKEN, a_partner


class Parent:
    """A link whose other end is a keeper in this process."""

    def __init__(self, folder: Path) -> None:
        self.keeper = Keeper(open_session(a_partner("http://127.0.0.1:1", folder)), "primary")

    def ask(self, what: str, **details: object) -> dict[str, object]:
        return self.keeper.answer({"ask": what, **details})


def test_a_worker_gets_the_credentials_of_the_fuzzing_identity_and_no_secrets(tmp_path: Path) -> None:
    parent, heard = Parent(tmp_path), []
    signing = Signing(parent, "primary", heard.append)  # type: ignore[arg-type]

    assert signing.credentials().token == TOKEN
    assert "error" in parent.ask("secrets")
    signing.credentials()
    assert len(heard) == 1, "told once of credentials that did not change"


def test_a_case_is_signed_in_every_place_and_keeps_what_it_has() -> None:
    case = SimpleNamespace(headers={"A": "1"}, query=None, cookies={"c": "generated"})
    signing = Signing(None, "primary")  # type: ignore[arg-type]
    signing._asked = SimpleNamespace(  # type: ignore[assignment]
        credentials=lambda _: Credentials({"X-Key": "k"}, query=(("key", "k"),), cookies={"sid": "s"})
    )
    signing.apply(case)

    assert vars(case) == {
        "headers": {"A": "1", "X-Key": "k"},
        "query": {"key": "k"},
        "cookies": {"c": "generated", "sid": "s"},
    }


def test_credentials_that_ended_while_a_request_waited_are_replaced_everywhere() -> None:
    request = SimpleNamespace(
        url="http://h/a?q=%2F&key=old#f", headers={"Authorization": "Bearer old", "Cookie": "x=1; sid=old"}
    )
    old = Credentials({"Authorization": "Bearer old"}, query=(("key", "old"),), cookies={"sid": "old"})
    new = Credentials({"Authorization": "Bearer new"}, query=(("key", "new"),), cookies={"sid": "new"})
    _replace(request, old, new)

    assert request.url.split("#")[0] == "http://h/a?q=%2F&key=new"
    assert request.headers == {"Authorization": "Bearer new", "Cookie": "x=1; sid=new"}


def test_the_private_authority_is_trusted_beside_the_usual_ones(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n")
    text = Path(trust_file(str(tmp_path / "ca.pem"), tmp_path)).read_text()

    assert text.endswith("ours\n-----END CERTIFICATE-----\n")
    assert text.count("BEGIN CERTIFICATE") > 50
    assert trust_file("", tmp_path) == ""


def test_a_sign_in_that_the_budget_does_not_allow_ends_the_run_of_the_engine(tmp_path: Path) -> None:
    turns = Turns(Settings("", "", "", "", 1, 1, (), {}))
    refused = {"error": "0 of 9 requests are left", "kind": "budget"}
    link = SimpleNamespace(ask=lambda what, **details: refused)
    signing = Signing(link, "primary", ended=turns.end)  # type: ignore[arg-type]

    with pytest.raises(KeyboardInterrupt):
        signing.credentials()
    assert turns.spent == "0 of 9 requests are left"
