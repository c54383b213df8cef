"""What carries a canary is found wherever in the pages it stands."""

import json
from urllib.parse import parse_qs, urlsplit

from certify.contract.validation import Schemas
from certify.model.partner import Pagination
from certify.suite.things import Things
from certify.suite.whereabouts import Whereabouts
from tests.unit.contract.documents import contract
from tests.unit.http.loopback import Asked, Told, loopback
from tests.unit.suite.bench import target

NUMBERS = [{"name": name, "in": "query", "schema": {"type": "integer"}} for name in ("at", "size")]
CONTRACT = contract(
    {
        "/things": {"get": {"parameters": NUMBERS, "responses": {}}, "post": {"responses": {}}},
        "/things/{id}": {"get": {"responses": {}}},
        "/others": {"get": {"responses": {}}, "post": {"responses": {}}},
        "/odd": {"post": {"responses": {}}},
    }
)
CANARY = "certify-0123456789ab"
PAGES = Pagination("offset", "at", "size", "/items", max_size=10)


def copies(path: str, items: list[str], *, refuses: str = "", paging: Pagination = PAGES) -> int | None:
    """What is counted on a server that answers ten of the items at a time, oldest first."""

    def answer(asked: Asked) -> Told:
        query = parse_qs(urlsplit(asked.path).query)
        if refuses and refuses in query:
            return Told(400)
        at = int(query.get("at", ["0"])[0])
        return Told(body=json.dumps({"items": items[at : at + 10], "total": len(items)}).encode())

    with loopback(answer) as server:
        there = target(server.url, pagination=paging)
        things = Things(CONTRACT, Schemas(CONTRACT), there.session.partner, there)
        operation = CONTRACT.match("POST", path)
        assert operation is not None
        return Whereabouts(CONTRACT, there.session.partner, there, things).copies(path, operation, CANARY)


def test_it_is_found_on_the_last_of_many_pages() -> None:
    assert copies("/things", [*map(str, range(35)), CANARY]) == 1


def test_a_list_that_does_not_take_the_declared_parameters_is_not_sent_them() -> None:
    assert copies("/others", ["other", CANARY], refuses="size") == 1


def test_nothing_is_told_where_there_is_no_list() -> None:
    assert copies("/odd", [CANARY]) is None


def test_what_was_looked_for_in_vain_in_a_part_of_the_collection_is_not_known_to_be_missing() -> None:
    many = [*map(str, range(250)), CANARY]
    assert copies("/things", many) is None
    assert copies("/things", many[:35]) == 0


def test_where_paging_is_not_declared_a_list_that_tells_of_more_is_not_the_whole_collection() -> None:
    assert copies("/things", [*map(str, range(11)), CANARY], paging=Pagination(items_pointer="/items")) is None
    assert copies("/things", [*map(str, range(9))], paging=Pagination(items_pointer="/items")) == 0
    assert copies("/things", [*map(str, range(10))], paging=Pagination(items_pointer="/items")) is None
