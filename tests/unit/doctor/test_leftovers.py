"""What the doctor made to try the probes: deleted, or told in full, since no ledger keeps what is hopeless."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from certify.cleanup import standing
from certify.doctor import Case
from certify.doctor.examinations.probes import Probes
from certify.ledger import STATE
from certify.model.partner import Identity, Partner, Permissions, SignIn
from tests.unit.contract.documents import answers, body, contract
from tests.unit.http.loopback import Asked, Told, loopback

NAMED = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
TENANTS = {
    "/tenants": {"post": {"operationId": "create_tenant", "responses": answers(_200=None), "requestBody": body(NAMED)}},
    "/tenants/{name}": {"get": {"operationId": "get_tenant", "responses": answers(_200=None)}},
}
REMOVAL = {"delete": {"operationId": "drop", "responses": answers(_200=None)}}


def left(folder: Path, monkeypatch: pytest.MonkeyPatch, *, deletable: bool) -> tuple[str, list[str], int]:
    """The message, its causes and how many ledgers are kept, after a visit that could delete nothing."""
    monkeypatch.setenv(STATE, str(folder / "state"))
    paths = {**TENANTS, "/tenants/{name}": {**TENANTS["/tenants/{name}"], **(REMOVAL if deletable else {})}}

    def answer(asked: Asked) -> Told:
        name = json.loads(asked.body or b"{}").get("name")
        return Told(403) if asked.method == "DELETE" else Told(201, body=json.dumps({"name": name}).encode())

    with loopback(answer) as server:
        may = Permissions(allow_writes=True, allow_destructive=True)
        partner = Partner("p", "P", server.url, SignIn("none"), {"primary": Identity("primary")}, permissions=may)
        (folder / "p.yaml").write_text("id: p\n")
        case = Case(folder / "p.yaml", partner=partner, contract=contract(paths))
        seen = Probes().examine(case)
        case.close()
        (ailment,) = (found for found in seen.ailments if "taken away" in found.message)
        kept = standing(partner)
    return ailment.message, list(ailment.causes), len(kept)


def test_what_can_never_be_deleted_is_told_with_name_and_reason_since_no_ledger_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, causes, kept = left(tmp_path, monkeypatch, deletable=False)

    assert "could not be taken away" in message
    assert "create_tenant made /tenants/certify-" in causes[0]
    assert causes[0].endswith("the contract has no way to delete it")
    assert kept == 0
    assert not any("certify cleanup" in cause for cause in causes)


def test_what_may_be_deleted_later_is_on_the_ledger_that_the_doctor_speaks_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, causes, kept = left(tmp_path, monkeypatch, deletable=True)

    assert "answered 403" in causes[0]
    assert kept == 1
    assert "certify cleanup" in causes[-1]
