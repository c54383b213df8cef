"""Settling: what is on the ledger is deleted, as whoever made it; nothing else is, and what stays is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from certify.budget import Budget, Meter
from certify.cleanup import settle, settle_earlier, settle_run
from certify.errors import SandboxUnreachableError
from certify.http.call import Call
from certify.http.credentials import Credentials
from certify.ledger import STATE, Ledger, kept, open_ledger
from certify.model.partner import Identity, Pagination, Partner, Permissions
from certify.rundir import CLEANUP, RunDirectory
from certify.suite.canary import new_canary
from certify.suite.kit import Kit
from certify.suite.settling import Settled, Settler
from tests.unit.contract.documents import answers, body, contract
from tests.unit.facts import a_plan
from tests.unit.http.loopback import Asked, Told, loopback
from tests.unit.suite.bench import kit

NEW = {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}


def op(name: str, **more: object) -> dict[str, object]:
    return {"operationId": name, "responses": answers(_200=None), **more}


CONTRACT = contract(
    {
        "/things": {"get": op("list"), "post": op("make", requestBody=body(NEW))},
        "/things/{thing_id}": {"get": op("read"), "delete": op("drop")},
        "/notes": {"post": op("note", requestBody=body(NEW))},
        "/notes/{note_id}": {"get": op("read_note")},
    }
)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(STATE, str(tmp_path))
    return tmp_path


@pytest.fixture
def ledger(state: Path) -> Iterator[Ledger]:
    ledger = open_ledger("http://127.0.0.1", "run", "p")
    yield ledger
    ledger.close()


def made(number: int, status: int = 201) -> Told:
    return Told(status, body=json.dumps({"id": number}).encode())


def settled(found: Kit, ledger: Ledger) -> Settled:
    return Settler(found.contract, found.things.inputs, found.target).settle(ledger)


def numbered(deletion: Callable[[Asked], Told] = lambda asked: Told(204, body=b"")) -> Callable[[Asked], Told]:
    numbers = iter(range(1, 100))

    def answer(asked: Asked) -> Told:
        if asked.method == "POST":
            return made(next(numbers))
        return deletion(asked) if asked.method == "DELETE" else Told(200, body=b"[]")

    return answer


def test_what_was_made_is_taken_away_the_newest_first_and_nothing_else(ledger: Ledger) -> None:
    with loopback(numbered()) as server:
        found = kit(server.url, CONTRACT, ledger)
        for _ in range(2):
            found.things.create(CONTRACT.resources[0])
        found.clean_up()
        found.clean_up()

    assert [asked.path for asked in server.asked if asked.method == "DELETE"] == ["/things/2", "/things/1"]
    assert [entry.open for entry in ledger.entries()] == [False, False]


def test_whatever_a_check_sends_itself_is_entered_too(ledger: Ledger) -> None:
    with loopback(numbered()) as server:
        found = kit(server.url, CONTRACT, ledger)
        found.target.send(Call("POST", "/things", "make", body={"title": "x"}))
        found.target.at_once(Call("POST", "/things", body={"title": "y"}), "primary")
        found.target.send(Call("DELETE", "/things/1", "drop"))

    assert [(entry.id, entry.state) for entry in ledger.entries()] == [("1", "gone"), ("2", "made")]


def test_a_refused_create_leaves_nothing_open(ledger: Ledger) -> None:
    with loopback(Told(422)) as server:
        kit(server.url, CONTRACT, ledger).target.send(Call("POST", "/things", "make", body={}))

    assert [entry.open for entry in ledger.entries()] == [False]


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_already_counts_as_gone(ledger: Ledger, status: int) -> None:
    with loopback(numbered(lambda asked: Told(status))) as server:
        found = kit(server.url, CONTRACT, ledger)
        found.things.create(CONTRACT.resources[0])
        assert settled(found, ledger).left == ()


def test_what_holds_another_thing_goes_in_the_second_turn(ledger: Ledger) -> None:
    gone: list[str] = []

    def deletion(asked: Asked) -> Told:
        if asked.path == "/things/2" and "/things/1" not in gone:
            return Told(409)
        gone.append(asked.path)
        return Told(204, body=b"")

    with loopback(numbered(deletion)) as server:
        found = kit(server.url, CONTRACT, ledger)
        for _ in range(2):
            found.things.create(CONTRACT.resources[0])
        assert settled(found, ledger).left == ()

    assert gone == ["/things/1", "/things/2"]


def test_what_cannot_be_deleted_is_told_and_given_up_after_three_runs(ledger: Ledger) -> None:
    with loopback(numbered(lambda asked: Told(403))) as server:
        found = kit(server.url, CONTRACT, ledger)
        found.things.create(CONTRACT.resources[0])
        results = [settled(found, ledger) for _ in range(4)]
        tries = [asked for asked in server.asked if asked.method == "DELETE"]

    assert [result.hopeless for result in results] == [False, False, True, True]
    assert results[0].left[0].how == "DELETE /things/1 was answered 403 Forbidden"
    assert len(tries) == 3 * 2, "twice in each of three runs"


@pytest.mark.parametrize("status", [405, 501])
def test_what_the_server_has_no_method_to_delete_is_tried_once(ledger: Ledger, status: int) -> None:
    with loopback(numbered(lambda asked: Told(status))) as server:
        found = kit(server.url, CONTRACT, ledger)
        found.things.create(CONTRACT.resources[0])
        result = settled(found, ledger)
        settled(found, ledger)
        tries = [asked for asked in server.asked if asked.method == "DELETE"]

    assert len(tries) == 1
    assert result.left[0].how.startswith(f"DELETE /things/1 was answered {status}")
    assert result.hopeless


def left_by(run: str, partner: Partner) -> None:
    """A run that was killed after it had created a thing."""
    ledger = open_ledger(partner.base_url, run, "p")
    kit(partner.base_url, CONTRACT, ledger, permissions=partner.permissions).target.send(
        Call("POST", "/things", "make", body={"title": new_canary()})
    )
    ledger.close()


def test_what_was_made_without_an_id_is_told_once_and_not_looked_for_again(state: Path) -> None:
    told: list[str] = []
    with loopback(lambda asked: Told(201) if asked.method == "POST" else Told(200, body=b"[]")) as server:
        partner = kit(server.url, CONTRACT).partner
        left_by("killed", partner)
        for _ in range(2):
            settle_earlier(partner, CONTRACT, told.append)

    assert told == [
        "run killed left 1 object in the sandbox: cleaning up first",
        "0 objects deleted or gone, 1 object could not be: no id was found in the answer that created it",
    ]
    assert kept(server.url) == []


def test_what_may_not_be_deleted_is_not_promised_to_be_cleaned_up_and_is_when_it_may(state: Path) -> None:
    told: list[str] = []
    with loopback(numbered()) as server:
        careful = kit(server.url, CONTRACT, permissions=Permissions(allow_destructive=False)).partner
        left_by("careful", careful)
        ((_, found),) = settle_earlier(careful, CONTRACT, told.append)
        asked = [asked.method for asked in server.asked]
        permitted = replace(careful, permissions=Permissions())
        settle_earlier(permitted, CONTRACT, told.append)

    assert asked == ["POST"]
    assert "allow_destructive" in found.left[0].how
    assert told == ["run careful left 1 object in the sandbox: cleaning up first", "1 object deleted or gone"]


def test_what_the_contract_cannot_delete_is_told(ledger: Ledger) -> None:
    with loopback(numbered()) as server:
        found = kit(server.url, CONTRACT, ledger)
        found.target.send(Call("POST", "/notes", "note", body={"title": "x"}))
        result = settled(found, ledger)

    assert [(entry.place, entry.how) for entry in result.left] == [("/notes/1", "the contract has no way to delete it")]
    assert result.hopeless


def test_nothing_is_deleted_without_permission(ledger: Ledger) -> None:
    with loopback(numbered()) as server:
        found = kit(server.url, CONTRACT, ledger, permissions=Permissions(allow_destructive=False))
        found.things.create(CONTRACT.resources[0])
        result = settled(found, ledger)

    assert {asked.method for asked in server.asked} == {"POST"}
    assert "allow_destructive" in result.left[0].how
    assert not result.hopeless, "a later run may be permitted to"


def test_a_precondition_is_met_where_it_is_demanded(ledger: Ledger) -> None:
    def answer(asked: Asked) -> Told:
        match asked.method:
            case "POST":
                return made(1)
            case "GET":
                return Told(200, body=b"{}", headers={"ETag": '"v1"'})
            case _:
                return Told(204, body=b"") if asked.headers.get("if-match") == '"v1"' else Told(428)

    with loopback(answer) as server:
        found = kit(server.url, CONTRACT, ledger)
        found.things.create(CONTRACT.resources[0])
        assert settled(found, ledger).left == ()


def test_a_create_whose_answer_was_lost_is_found_by_its_canary(ledger: Ledger) -> None:
    mark, other = new_canary(), new_canary()
    ledger.trying("make", "primary", "/things", mark)
    ledger.trying("make", "primary", "/things", other)
    there = json.dumps([{"id": 4, "title": "theirs"}, {"id": 5, "title": mark}]).encode()

    with loopback(lambda asked: Told(200, body=there) if asked.method == "GET" else Told(204, body=b"")) as server:
        result = settled(kit(server.url, CONTRACT, ledger), ledger)

    assert [asked.path for asked in server.asked if asked.method == "DELETE"] == ["/things/5"]
    assert result.left == (), "the other one is not in the collection, so it was never created"


def test_what_is_not_on_the_first_of_many_pages_may_still_have_been_created(ledger: Ledger) -> None:
    ledger.trying("make", "primary", "/things", new_canary())
    page = json.dumps({"items": [{"id": number} for number in range(9)], "total": 5000}).encode()

    with loopback(Told(200, body=page)) as server:
        result = settled(kit(server.url, CONTRACT, ledger), ledger)

    assert [entry.how for entry in result.left] == ["its answer was lost, so whether it created anything is not known"]


def test_a_lost_create_is_found_on_a_later_page(ledger: Ledger) -> None:
    mark = new_canary()
    ledger.trying("make", "primary", "/things", mark)
    pages = {"/things": ([{"id": 1}], "/things?at=2"), "/things?at=2": ([{"id": 2, "title": mark}], None)}

    def answer(asked: Asked) -> Told:
        items, following = pages.get(asked.path, ([], None))
        return Told(200, body=json.dumps({"items": items, "next": following}).encode())

    with loopback(answer) as server:
        paging = Pagination("link", items_pointer="/items", next_pointer="/next")
        assert settled(kit(server.url, CONTRACT, ledger, pagination=paging), ledger).left == ()

    assert [asked.path for asked in server.asked if asked.method == "DELETE"] == ["/things/2"]


def test_look_ups_keep_to_the_budget_of_the_run_and_what_they_did_not_reach_stays_on_the_ledger(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.made(ledger.trying("make", "primary", "/things"), "7", "/things/7", "DELETE /things/7")
    for _ in range(2):
        ledger.trying("make", "primary", "/things", new_canary())
    ledger.trying("make", "other", "/things", new_canary())
    meter = tmp_path / "meter"
    Meter.create(meter, requests=1)

    with loopback(lambda asked: Told(204, body=b"") if asked.method == "DELETE" else Told(200, body=b"[]")) as server:
        partner = kit(server.url, CONTRACT).partner
        partner = replace(partner, identities={name: Identity(name) for name in ("primary", "other")})
        result = settle(partner, CONTRACT, ledger, meter=meter)

    assert [asked.method for asked in server.asked] == ["GET", "DELETE"]
    assert Budget(Meter.open(meter)).used == 2
    assert [entry.identity for entry in result.left] == ["other"]
    assert not result.hopeless, "the next run looks for it"


def test_a_lost_create_that_cannot_be_looked_for_is_told(ledger: Ledger) -> None:
    ledger.trying("make", "primary", "/things")
    with loopback(Told(200)) as server:
        result = settled(kit(server.url, CONTRACT, ledger), ledger)

    assert server.asked == []
    assert "its answer was lost" in result.left[0].how


def test_what_an_identity_made_that_cannot_sign_in_any_more_is_told_and_holds_up_nothing(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.trying("make", "former", "/things", new_canary())
    with loopback(Told(body=b"[]")) as server:
        found = kit(server.url, CONTRACT, ledger)
        known = found.target.session.credentials

        def credentials(identity: str, refused: str = "") -> Credentials:
            if identity == "former":
                raise SandboxUnreachableError("identity 'former' cannot sign in at /token: 401")
            return known(identity, refused)

        monkeypatch.setattr(found.target.session, "credentials", credentials)
        (left,) = settled(found, ledger).left

    assert (left.identity, left.open) == ("former", True)


def test_a_clean_up_that_breaks_down_is_written_into_the_record_and_the_run_goes_on_to_its_end(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def settle(*_: object, **__: object) -> Settled:
        raise TypeError("of somebody's making")

    monkeypatch.setattr("certify.cleanup.settle", settle)
    ledger.made(ledger.trying("make", "primary", "/things"), "7", "/things/7", "DELETE /things/7")
    rundir = RunDirectory.create(tmp_path / "run", a_plan())
    partner = kit("http://127.0.0.1:1", CONTRACT, ledger).target.session.partner
    settle_run(partner, CONTRACT, ledger, None, rundir, False, tmp_path / "meter")

    (left,) = json.loads((rundir.path / CLEANUP).read_text())["left"]
    assert left["places"] == ["/things/7"]
    assert "cleaning up failed (TypeError)" in left["why"]


@pytest.mark.parametrize("identifier", ["..", ".", " ", "", "x" * 600, "a\nb"])
def test_an_id_that_would_name_something_else_is_never_put_into_a_path(ledger: Ledger, identifier: str) -> None:
    with loopback(Told(201, body=json.dumps({"id": identifier}).encode())) as server:
        found = kit(server.url, CONTRACT, ledger)
        found.target.send(Call("POST", "/things", "make", body={"title": "x"}))
        result = settled(found, ledger)

    assert [asked.method for asked in server.asked if asked.method == "DELETE"] == []
    assert result.left[0].how == "no id was found in the answer that created it"


def test_what_the_request_may_have_written_over_is_not_deleted(ledger: Ledger) -> None:
    with loopback(Told(200, body=b'{"id": 10}')) as server:
        found = kit(server.url, CONTRACT, ledger)
        found.target.send(Call("POST", "/things", "make", body={"id": 10, "title": "x"}))
        result = settled(found, ledger)

    assert {asked.method for asked in server.asked} == {"POST"}
    assert "the request chose the id" in result.left[0].how


class ByName:
    """Lists things with an id and a name, and takes only the name in a path."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)

    def __call__(self, asked: Asked) -> Told:
        name = asked.path.rpartition("/")[2]
        match asked.method:
            case "GET" if asked.path == "/things":
                there = [{"id": f"e5237c22-{index}", "name": each} for index, each in enumerate(self.names)]
                return Told(200, body=json.dumps(there).encode())
            case "DELETE" if name in self.names:
                self.names.remove(name)
                return Told(200, body=b"{}")
            case "POST":
                self.names.append(json.loads(asked.body)["title"])
                return Told(200, body=b"{}")
            case _:
                return Told(404)


def test_what_goes_by_its_name_in_a_path_is_deleted_by_its_name(ledger: Ledger) -> None:
    sandbox = ByName("somebody's")
    with loopback(sandbox) as server:
        found = kit(server.url, CONTRACT, ledger)
        mark = new_canary()
        for title in (mark, f"{mark}.1", new_canary()):
            found.target.send(Call("POST", "/things", "make", body={"title": title}))
        result = settled(found, ledger)

    assert sandbox.names == ["somebody's"]
    assert (result.created, result.deleted, result.left) == (3, 3, ())


def test_what_is_still_listed_after_a_404_is_not_said_to_be_gone(ledger: Ledger) -> None:
    ledger.made(ledger.trying("make", "primary", "/things"), "7", "/things/7", "DELETE /things/7")
    there = b'[{"id": 7, "name": "twice"}, {"id": 8, "name": "twice"}]'
    with loopback(lambda asked: Told(200, body=there) if asked.method == "GET" else Told(404)) as server:
        result = settled(kit(server.url, CONTRACT, ledger), ledger)

    assert [entry.how for entry in result.left] == ["DELETE /things/7 was answered 404, and things still has it"]
    assert [asked.path for asked in server.asked if asked.method == "DELETE"] == ["/things/7"], (
        "the name is not its own"
    )
