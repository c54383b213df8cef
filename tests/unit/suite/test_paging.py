"""Walking a collection, in each style; with an end, or the sight of a circle."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from certify.http.call import Call
from certify.model.partner import Pagination
from certify.suite.paging import Pages
from tests.unit.contract.documents import contract
from tests.unit.http.loopback import Asked, Told, loopback
from tests.unit.suite.bench import target

LIST = {
    "parameters": [{"name": "page", "in": "query", "schema": {"type": "integer", "default": 1}}],
    "operationId": "list",
    "responses": {},
}
CONTRACT = contract({"/api/things": {"get": LIST}, "/api/things/{id}": {"get": {"responses": {}}}})
SIZE = 2


def page(start: int, count: int) -> list[dict[str, int]]:
    return [{"id": number} for number in range(start, min(start + SIZE, count))]


def answer(style: str, count: int, *, loops: bool = False):  # type: ignore[no-untyped-def]
    """A server of ``count`` items that pages in a style."""

    def tell(asked: Asked) -> Told:
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
        at = query.get("at", "0")
        start = {"page": SIZE * (int(query.get("page", 1)) - 1)}.get(style, int(at))
        more = start + SIZE < count or loops
        following = start + SIZE if start + SIZE < count else start
        body: Any = {"items": page(start, count)}
        if style == "cursor":
            body["next"] = str(following) if more else None
        if style == "url":
            body["next"] = f"/api/things?at={following}" if more else None
        link = f'<http://{asked.headers["host"]}/api/things?at={following}>; rel="next", </x>; rel="self"'
        return Told(200, {"Link": link} if style == "link" and more else {}, json.dumps(body).encode())

    return tell


STYLES = {
    "cursor": Pagination("cursor", "at", "size", "/items", "/next"),
    "url": Pagination("cursor", "at", "size", "/items", "/next"),
    "link": Pagination("link", "", "size", "/items"),
    "page": Pagination("page", "page", "size", "/items"),
    "offset": Pagination("offset", "at", "size", "/items"),
}


def walk(style: str, count: int, *, loops: bool = False, most: int = 20) -> Any:
    with loopback(answer(style, count, loops=loops)) as server:
        there = target(server.url, pagination=STYLES[style])
        pages = Pages(CONTRACT, there.session.partner, there)
        return pages.walk(CONTRACT.resources[0], Call("GET", "/api/things", "list"), size=SIZE, most=most)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_every_item_is_met_once_and_the_walk_ends(style: str, count: int) -> None:
    walked = walk(style, count)

    assert walked.ids == [str(number) for number in range(count)]
    assert walked.ended
    assert not walked.repeated


@pytest.mark.parametrize("style", ["cursor", "url", "link"])
def test_a_last_page_that_points_to_itself_is_a_circle(style: str) -> None:
    walked = walk(style, 5, loops=True)

    assert walked.repeated
    assert not walked.ended


def test_a_long_walk_is_cut() -> None:
    walked = walk("cursor", 100, most=3)

    assert len(walked.pages) == 3
    assert not walked.ended


def test_without_a_style_there_is_one_page() -> None:
    with loopback(answer("cursor", 5)) as server:
        there = target(server.url)
        pages = Pages(CONTRACT, there.session.partner, there)
        walked = pages.walk(CONTRACT.resources[0], Call("GET", "/api/things", "list"))

    assert walked.ended
    assert len(walked.pages) == 1


def test_a_server_that_answers_its_last_page_again_ends_the_walk_once() -> None:
    def tell(asked: Asked) -> Told:
        at = int(parse_qs(urlsplit(asked.path).query).get("at", ["0"])[0])
        return Told(200, {}, json.dumps({"items": page(min(at, 2), 4)}).encode())

    with loopback(tell) as server:
        there = target(server.url, pagination=STYLES["offset"])
        found = Pages(CONTRACT, there.session.partner, there).walk(CONTRACT.resources[0], Call("GET", "/api/things"))

    assert found.ids == ["0", "1", "2", "3"]
    assert found.ended
    assert found.clamped


def served(tell: Any, style: str = "page", pagination: Pagination | None = None) -> Any:
    with loopback(tell) as server:
        there = target(server.url, pagination=pagination or STYLES[style])
        pages = Pages(CONTRACT, there.session.partner, there)
        return pages.walk(CONTRACT.resources[0], Call("GET", "/api/things", "list"), size=SIZE)


def number(asked: Asked) -> int:
    return int(parse_qs(urlsplit(asked.path).query)["page"][0]) if "page=" in asked.path else 1


def test_a_refusal_beyond_the_last_page_is_an_end() -> None:
    """Django REST framework answers 404 to a page that is not there."""

    def refuses(asked: Asked) -> Told:
        items = page(SIZE * (number(asked) - 1), 3)
        return Told(200, {}, json.dumps({"items": items}).encode()) if items else Told(404, {}, b"{}")

    assert served(refuses).ids == ["0", "1", "2"]


def test_the_last_page_again_is_no_other_page() -> None:
    def clamps(asked: Asked) -> Told:
        return Told(200, {}, json.dumps({"items": page(min(SIZE * (number(asked) - 1), 2), 3)}).encode())

    walked = served(clamps)
    assert (walked.ids, walked.ended, walked.pointed) == (["0", "1", "2"], True, True)


def test_a_parameter_that_is_ignored_never_brings_a_second_page() -> None:
    walked = served(lambda asked: Told(200, {}, json.dumps({"items": page(0, 5)}).encode()))

    assert (walked.ids, walked.pointed) == (["0", "1"], False)


def test_links_that_come_only_with_a_page_number_are_asked_for_with_one() -> None:
    """json-server links its pages where ``_page`` was given, and slices without links where only ``_limit`` was."""

    def links(asked: Asked) -> Told:
        start = SIZE * (number(asked) - 1)
        more = "page=" in asked.path and start + SIZE < 5
        following = f'<http://{asked.headers["host"]}/api/things?page={number(asked) + 1}>; rel="next"'
        body = json.dumps({"items": page(start, 5)}).encode()
        return Told(200, {"Link": following} if more else {}, body)

    assert served(links, pagination=Pagination("link", "", "size", "/items")).pointed is False
    assert served(links, pagination=Pagination("link", "page", "size", "/items")).ids == ["0", "1", "2", "3", "4"]
