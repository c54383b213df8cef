"""A refusal that changes something is none; what changes by itself is no effect."""

import json
from itertools import count

from certify.contract.validation import Schemas
from certify.http.call import Call, Reply
from certify.model.outcome import Finding
from certify.suite.effects import Effects
from certify.suite.expectations import COLLECTOR, Collector
from certify.suite.survey import Prepared
from certify.suite.things import Things
from tests.unit.contract.documents import contract
from tests.unit.http.loopback import Asked, Told, loopback
from tests.unit.suite.bench import target

CONTRACT = contract(
    {
        "/things": {"get": {"responses": {}}, "post": {"responses": {}}},
        "/things/{id}": {"get": {"responses": {}}, "delete": {"responses": {}}},
    }
)
CANARY = "certify-0123456789ab"
GROWN = ",".join("abcdefghij")
"""So many items, where nothing is said about pages, that there may be another page."""


def found(method: str, path: str, stored: list[str], *, ticks: bool = False) -> list[Finding]:
    """What is reported when a write was refused with 401, and ``stored`` is what the reads then show, one by one."""
    ticking = count()

    def answer(asked: Asked) -> Told:
        value = stored.pop(0) if len(stored) > 1 else stored[0]
        items = value.split(",")
        body = {"items": items} if asked.path == "/things" else {"value": value}
        return Told(body=json.dumps({**body, **({"tick": next(ticking)} if ticks else {})}).encode())

    with loopback(answer) as server:
        there = target(server.url)
        effects = Effects(CONTRACT, Things(CONTRACT, Schemas(CONTRACT), there.session.partner, there), there)
        operation = CONTRACT.match(method, path)
        assert operation is not None
        call = Call(method, path, operation.id, body={"name": CANARY})
        watched = effects.watch(Prepared(operation, call))
        collector = Collector()
        token = COLLECTOR.set(collector)
        watched.unchanged(Reply(401, (), b"", 0, "s-1", call), "no credential")
        COLLECTOR.reset(token)
    return [noted.finding for noted in collector.noted]


def test_an_item_that_changed_under_a_refusal_is_told() -> None:
    (finding,) = found("DELETE", "/things/7", ["before", "after"])

    assert "401" in finding.actual
    assert "the item is not what it was" in finding.actual


def test_an_item_that_stayed_is_not() -> None:
    assert found("DELETE", "/things/7", ["same"]) == []


def test_an_item_that_changes_by_itself_proves_nothing() -> None:
    assert found("DELETE", "/things/7", ["same"], ticks=True) == []


def test_a_refused_create_that_shows_up_in_the_list_is_told() -> None:
    (finding,) = found("POST", "/things", ["", CANARY])

    assert "the collection holds what was sent" in finding.actual


def test_a_collection_that_grew_too_long_to_be_seen_has_not_changed() -> None:
    assert found("POST", "/things", ["", GROWN]) == []


def test_a_read_has_no_effect_to_look_for() -> None:
    assert found("GET", "/things/7", ["a", "b"]) == []


def test_the_copies_of_a_create_are_the_items_that_hold_its_canary() -> None:
    rows = [{"name": CANARY, "note": CANARY}, {"name": "other"}, {"name": CANARY}]

    with loopback(Told(body=json.dumps({"query": CANARY, "rows": rows}).encode())) as server:
        there = target(server.url)
        effects = Effects(CONTRACT, Things(CONTRACT, Schemas(CONTRACT), there.session.partner, there), there)
        operation = CONTRACT.match("POST", "/things")
        assert operation is not None
        prepared = Prepared(operation, Call("POST", "/things", operation.id, body={"name": CANARY}))

        assert effects.copies(prepared) == 2
        assert effects.copies(prepared.with_body({"name": "no canary"})) is None
