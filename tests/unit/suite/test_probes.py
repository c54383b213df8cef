"""Operations are picked from the contract; what is missing is asked for by its entry in the profile."""

from typing import Any

import pytest

from certify.contract import Contract
from certify.contract.validation import Schemas
from certify.http.call import Call, Reply
from certify.model.outcome import Reason
from certify.model.partner import Identity, OperationHint, Pagination, Permissions
from certify.suite.inputs import Inputs
from certify.suite.lists import Lists
from certify.suite.paging import Pages
from certify.suite.probes import Probes
from certify.suite.survey import Survey
from certify.suite.thing import Thing
from certify.suite.things import Things
from certify.suite.verdicts import NotRun
from tests.unit.contract.documents import answers, body, contract
from tests.unit.http.loopback import Asked, Told, loopback
from tests.unit.suite.bench import target

READ, WRITE, BOTH = [{"o": ["r"]}], [{"o": ["w"]}], [{"o": ["w"]}, {"o": ["admin"]}]
NEW = {
    "type": "object",
    "required": ["title"],
    "properties": {"title": {"type": "string"}, "part_id": {"type": "string"}},
}


def op(name: str, security: Any, **more: Any) -> dict[str, Any]:
    return {"operationId": name, "security": security, "responses": answers(_200=None), **more}


CONTRACT = contract(
    {
        "/status": {"get": op("status", [])},
        "/odd": {"get": op("odd", READ, parameters=[{"name": "n", "in": "query", "required": True, "schema": {}}])},
        "/things": {"get": op("list", READ), "post": op("make", WRITE, requestBody=body(NEW))},
        "/things/{thing_id}": {"get": op("read", READ), "delete": op("drop", BOTH)},
        "/parts": {"post": op("make_part", WRITE)},
        "/parts/{part_id}": {"get": op("read_part", READ)},
    }
)


def probes(url: str = "http://127.0.0.1:1", document: Contract = CONTRACT, **details: Any) -> tuple[Probes, Things]:
    there = target(url, **details)
    things = Things(document, Schemas(document), there.session.partner, there)
    return Probes(document, there, things, Survey(document, there, things)), things


def test_reads_that_need_nothing_come_first_and_lists_before_others() -> None:
    assert [operation.id for operation in probes()[0].reads(secured=True)][:1] == ["list"]
    assert [operation.id for operation in probes()[0].reads(secured=False)] == ["status"]


def test_the_profile_knows_better() -> None:
    hints = {"read": OperationHint("GET /things/{thing_id}")}

    assert next(iter(probes(operations=hints)[0].reads(secured=True))).id == "read"


def test_the_first_read_that_works_is_taken_and_remembered() -> None:
    def answer(asked: Asked) -> Told:
        return Told(200 if asked.path == "/odd?n=certify" else 403)

    with loopback(answer) as server:
        found, _ = probes(server.url)
        assert found.secured_read().operation == "odd"
        before = len(server.asked)
        assert found.secured_read().operation == "odd"

    assert len(server.asked) == before


def test_without_a_read_that_works_the_profile_entry_is_named() -> None:
    with loopback(Told(500)) as server, pytest.raises(NotRun, match=r"operations\.read") as caught:
        probes(server.url)[0].secured_read()

    assert caught.value.reason is Reason.MISSING_PROBE


def test_all_scopes_but_those_that_any_alternative_asks_for() -> None:
    found, _ = probes()
    drop, read = CONTRACT.operation("drop"), CONTRACT.operation("read")
    assert drop is not None
    assert read is not None

    assert found.all_but(drop) == ("r",)
    assert found.all_but(read) == ("w", "admin")


def test_what_a_call_refers_to_is_made_first() -> None:
    def answer(asked: Asked) -> Told:
        return Told(201, body=b'{"id": "p-7"}')

    with loopback(answer) as server:
        _, things = probes(server.url)
        drop = CONTRACT.operation("drop")
        assert drop is not None
        call = things.call(drop)

    assert call.path == "/things/p-7"
    assert [(asked.method, asked.path) for asked in server.asked] == [("POST", "/things")]


def test_what_lies_below_a_parent_is_asked_for_below_that_parent() -> None:
    nested = contract(
        {
            "/things": {"post": op("make", WRITE)},
            "/things/{thing_id}": {"get": op("read", READ)},
            "/things/{thing_id}/rows": {"post": op("add", WRITE)},
            "/things/{thing_id}/rows/{row_id}": {"get": op("read_row", READ)},
        }
    )
    made = iter(("old", "row", "new"))

    with loopback(lambda asked: Told(201, body=f'{{"id": "{next(made)}"}}'.encode())) as server:
        _, things = probes(server.url, nested)
        row, read_row = nested.resources[1], nested.operation("read_row")
        assert read_row is not None
        things.shared(row)
        things._shared = {key: thing for key, thing in things._shared.items() if thing.resource == row}
        call = things.call(read_row)

    assert call.path == "/things/old/rows/row"


def test_a_search_whose_question_is_a_body_is_tried_with_the_canary() -> None:
    question = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "maxLength": 60}}}
    document = contract(
        {
            "/things": {"get": op("list", READ), "post": op("make", WRITE, requestBody=body(NEW))},
            "/things/{id}": {"get": op("read", READ)},
            "/things/search": {"post": op("search", READ, requestBody=body(question))},
            "/things/archive": {"post": op("archive", WRITE, requestBody=body(question))},
        }
    )
    found, things = probes(document=document)
    seed = Thing(found.resource("list"), "7", Reply(201, (), b"{}", 0, "s-1", Call("POST", "/things")), "primary", "c")
    lists = Lists(document, things.partner, things, Pages(document, things.partner, things._target))

    tried = dict(lists.foreign(seed.resource, seed, "other_tenant"))

    assert tried["a search by search"].body == {"text": "c"}
    assert "a search by archive" not in tried


def test_nothing_is_made_where_nothing_may_be() -> None:
    with loopback(Told(200, body=b'[{"id": 3}]')) as server:
        _, things = probes(server.url, permissions=Permissions(allow_writes=False))
        thing = things.shared(CONTRACT.resources[0])
        with pytest.raises(NotRun, match="allow_writes"):
            things.create(CONTRACT.resources[0])

    assert thing.id == "3"
    assert {asked.method for asked in server.asked} == {"GET"}


INNER = {"name": "kind", "in": "path", "required": True, "schema": {"enum": ["daily"]}}
ACTIONS = contract(
    {
        "/accounts": {"get": op("accounts", READ)},
        "/accounts/{account_id}/close": {"post": op("close", WRITE)},
        "/accounts/{account_id}/invoices/{number}/void": {"post": op("void", WRITE)},
        "/reports/{kind}/render": {"post": op("render", WRITE, parameters=[INNER])},
        "/ping": {"post": op("ping", WRITE)},
        "/things": {"post": op("make", WRITE, requestBody=body(NEW))},
        "/things/{thing_id}": {"get": op("read", READ)},
        "/things/{thing_id}/archive": {"post": op("archive", WRITE)},
    }
)


def surveyed(**details: Any) -> list[str]:
    """The writes that a survey sends to a server where the accounts are somebody's, and a new thing is number 5."""

    def answer(asked: Asked) -> Told:
        return Told(201, body=b'{"id": 5}') if asked.path == "/things" else Told(200, body=b'[{"id": 1, "number": 1}]')

    with loopback(answer) as server:
        there = target(server.url, **details)
        things = Things(ACTIONS, Schemas(ACTIONS), there.session.partner, there)
        Survey(ACTIONS, there, things).results()
    return sorted({asked.path for asked in server.asked if asked.method == "POST"})


def test_an_action_is_only_sent_about_what_was_made_for_it() -> None:
    assert surveyed() == ["/ping", "/reports/daily/render", "/things", "/things/5/archive"]


def test_an_action_that_the_profile_names_is_sent_about_what_it_names() -> None:
    named = {"update": OperationHint("close", path={"account_id": "77"})}
    assert "/accounts/77/close" in surveyed(operations=named)


def test_a_body_carries_a_canary_in_its_free_text() -> None:
    _, things = probes()
    make = CONTRACT.operation("make")
    assert make is not None
    first, second = things.body(make), things.body(make)

    assert first["title"].startswith("certify-")
    assert first != second


def test_a_parameter_without_any_value_names_the_entry_that_would_help() -> None:
    document = contract({"/a/{b}": {"get": op("a", [], parameters=[{"name": "b", "in": "path", "schema": False}])}})
    there = target("http://127.0.0.1:1")
    (operation,) = document.operations

    with pytest.raises(NotRun, match=r"path: \{b: …\}"):
        Inputs(document, Schemas(document), there.session.partner).path_value(operation, operation.parameters[0])


def test_a_foreign_list_is_tried_through_each_filter_that_could_reach_it() -> None:
    schema = {"type": "string"}
    filters = {
        "q": schema,
        "title": schema,
        "tenant": {**schema, "pattern": "^a"},
        "kind": {**schema, "enum": ["x"]},
        "at": schema,
    }
    parameters = [{"name": name, "in": "query", "schema": schema} for name, schema in filters.items()]
    document = contract(
        {"/things": {"get": op("list", READ, parameters=parameters)}, "/things/{id}": {"get": op("r", READ)}}
    )

    paging = Pagination("cursor", "at", "", "/items")
    there = target("http://127.0.0.1:1", pagination=paging)
    partner = there.session.partner
    partner.identities["primary"] = Identity("primary", tenant="acme")  # type: ignore[index]
    things = Things(document, Schemas(document), partner, there)
    made = Reply(201, (), b'{"id": 7, "title": "T"}', 0, "s", Call("POST", "/things"))
    seed = Thing(document.resources[0], "7", made, "primary", "certify-0123456789ab")

    lists = Lists(document, partner, things, Pages(document, partner, there))
    tried = [(about, dict(call.query)) for about, call in lists.foreign(document.resources[0], seed, "other_tenant")]

    assert tried == [
        ("a plain list", {}),
        ("a list filtered by q", {"q": "certify-0123456789ab"}),
        ("a list filtered by title", {"title": "certify-0123456789ab"}),
        ("a list filtered by title", {"title": "T"}),
        ("a list filtered by tenant", {"tenant": "acme"}),
    ]
