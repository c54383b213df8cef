"""What generated requests made is entered in the ledger, and deleted only where it certainly is new."""

from __future__ import annotations

from pathlib import Path

import pytest

from certify.contract.creations import Creation
from certify.ledger import read_entries
from certify.sources.contract.made import Answered, Entries

CREATE = "POST /customers"
CUSTOMERS = Creation("find", "/customers", "/customers/{id}", "id", "DELETE /customers/{id}", "/customers")


@pytest.mark.parametrize(("status", "remove"), [(200, ""), (201, "DELETE /customers/seed-1")])
def test_what_a_find_or_create_found_is_not_deleted(tmp_path: Path, status: int, remove: str) -> None:
    (tmp_path / "l.ndjson").touch()
    entries = Entries(tmp_path / "l.ndjson", {CREATE: CUSTOMERS}, "primary")
    entries.before(CREATE, {})
    answer = b'{"id": "seed-1", "email": "seed@x.example"}'
    entries.after(Answered(CREATE, {}, {"email": "seed@x.example"}, status, answer), lambda _: False)
    (entry,) = read_entries(tmp_path / "l.ndjson").values()
    assert entry.remove == remove


@pytest.mark.parametrize(("sent", "done"), [(False, True), (True, False)])
def test_what_a_bound_kept_from_being_sent_is_not_left_behind(tmp_path: Path, sent: bool, done: bool) -> None:
    (tmp_path / "l.ndjson").touch()
    entries = Entries(tmp_path / "l.ndjson", {CREATE: CUSTOMERS}, "primary")
    entries.before(CREATE, {})
    if sent:
        entries.sending()  # and then it was to follow a redirect
    entries.not_sent()
    (entry,) = read_entries(tmp_path / "l.ndjson").values()
    assert (entry.state == "gone") is done
