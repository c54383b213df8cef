"""What Depot serves: one handler for each operation, and the table of routes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from tests.second_api.depot import Depot, Handler
from tests.second_api.exchange import Answer, Asked, RefusedError
from tests.second_api.rules import CODE, TOKEN
from tests.second_api.store import Fields, Record

ROOT = "/v2"


@dataclass(frozen=True)
class Route:
    """``right`` is what the key must be allowed to do, empty for a public route; ``form`` names the body's rule."""

    name: str
    method: str
    path: str
    handler: Handler
    right: str
    form: str = ""
    media: str = "application/json"

    @property
    def pattern(self) -> str:
        return ROOT + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)


# — parts —


def list_parts(depot: Depot, asked: Asked) -> Answer:
    numbers, texts = depot.numbers(asked, "offset", "limit"), depot.texts(asked, "name", "kind", "company")
    found = [part for part in depot.store.visible(depot.company(asked), "part") if fits(part, texts)]
    if texts.get("company", asked.key.company) != asked.key.company:
        found = []
    return depot.paging.by_offset([depot.represent("part", part) for part in found], numbers, "parts")


def fits(part: Fields, texts: dict[str, str]) -> bool:
    return texts.get("name", "") in part["name"] and texts.get("kind", part["kind"]) == part["kind"]


def add_part(depot: Depot, asked: Asked) -> Answer:
    return once(depot, asked, lambda: _add_part(depot, asked))


def _add_part(depot: Depot, asked: Asked) -> Answer:
    part = depot.store.add(depot.company(asked), "part", {"note": None, **asked.body})
    depot.journal(asked, "part created", part["id"])
    return Answer(201, depot.represent("part", part), {"Location": f"{ROOT}/parts/{part['id']}"})


def once(depot: Depot, asked: Asked, act: Any) -> Answer:
    """Do it once for each request token, and answer a repeated one as the first."""
    token = asked.headers.get("x-request-token")
    if token is not None and (told := TOKEN.wrong(token)):
        raise RefusedError(400, "bad_parameter", f"X-Request-Token {told}")
    place = (asked.key.text, asked.path, token or "")
    if token and place in depot.replayed:
        first = depot.replayed[place]
        return replace(first, headers=dict(first.headers))
    answer: Answer = act()
    if token:
        depot.replayed[place] = replace(answer, headers=dict(answer.headers))
    return answer


def read_part(depot: Depot, asked: Asked) -> Answer:
    return Answer(200, depot.represent("part", depot.shown(asked, "part", "part_id")))


def put_part(depot: Depot, asked: Asked) -> Answer:
    record = depot.record(asked, "part", "part_id")
    part = depot.store.change(record, {"id": record.number, "note": None, **asked.body})
    depot.journal(asked, "part changed", record.number)
    return Answer(200, depot.represent("part", part))


def remove_part(depot: Depot, asked: Asked) -> Answer:
    record = depot.record(asked, "part", "part_id")
    depot.store.change(record, None)
    depot.journal(asked, "part removed", record.number)
    return Answer(204)


def search_parts(depot: Depot, asked: Asked) -> Answer:
    text, kind = asked.body["text"].lower(), asked.body.get("kind")
    parts = depot.store.visible(depot.company(asked), "part")
    found = [part for part in parts if text in part["name"].lower() and kind in (None, part["kind"])]
    return Answer(200, {"parts": [depot.represent("part", part) for part in found[:100]], "total": len(found)})


def count_part(depot: Depot, asked: Asked) -> Answer:
    record = depot.record(asked, "part", "part_id")
    depot.journal(asked, "part counted", record.number)
    return Answer(200, {"part": record.number, "counted": asked.body["counted"]})


# — movements of a part —


def list_movements(depot: Depot, asked: Asked) -> Answer:
    part = depot.shown(asked, "part", "part_id")
    moves = [move for move in depot.store.visible(depot.company(asked), "movement") if move["part"] == part["id"]]
    return depot.paging.by_link(moves, depot.numbers(asked, "after", "count"), asked, asked.path)


def add_movement(depot: Depot, asked: Asked) -> Answer:
    part = depot.record(asked, "part", "part_id")
    move = depot.store.add(depot.company(asked), "movement", {"part": part.number, **asked.body})
    return Answer(201, move, {"Location": f"{ROOT}/parts/{part.number}/movements/{move['id']}"})


def read_movement(depot: Depot, asked: Asked) -> Answer:
    part, move = depot.shown(asked, "part", "part_id"), depot.shown(asked, "movement", "movement_id")
    if move["part"] != part["id"]:
        raise depot.missing(asked, "movement")
    return Answer(200, move)


# — bins, which the client names —


def list_bins(depot: Depot, asked: Asked) -> Answer:
    bins = [depot.represent("bin", bin_) for bin_ in depot.store.visible(depot.company(asked), "bin")]
    return depot.paging.by_page(bins, depot.numbers(asked, "page", "size"), "bins")


def bin_of(depot: Depot, asked: Asked) -> Record | None:
    code, owned = asked.values["code"], depot.store.owned(depot.company(asked), "bin")
    return next((record for record in owned if record.now and record.now["code"] == code), None)


def read_bin(depot: Depot, asked: Asked) -> Answer:
    code = asked.values["code"]
    for bin_ in depot.store.visible(depot.company(asked), "bin"):
        if bin_["code"] == code:
            return Answer(200, depot.represent("bin", bin_))
    raise depot.missing(asked, "bin")


def put_bin(depot: Depot, asked: Asked) -> Answer:
    if told := CODE.wrong(asked.values["code"]):
        raise RefusedError(400, "bad_code", f"code {told}")
    record, fields = bin_of(depot, asked), {"code": asked.values["code"], **asked.body}
    depot.journal(asked, "bin changed" if record else "bin created", asked.values["code"])
    if record is None:
        return Answer(201, depot.represent("bin", depot.store.add(depot.company(asked), "bin", fields)))
    return Answer(200, depot.represent("bin", depot.store.change(record, {"id": record.number, **fields})))


def remove_bin(depot: Depot, asked: Asked) -> Answer:
    record = bin_of(depot, asked)
    if record is None:
        raise depot.missing(asked, "bin")
    depot.store.change(record, None)
    depot.journal(asked, "bin removed", asked.values["code"])
    return Answer(204)


# — the rest of the house —


def read_account(depot: Depot, asked: Asked) -> Answer:
    company = asked.key.company
    return Answer(200, {"company": company, "title": depot.titles[company], "plan": "standard"})


def put_account(depot: Depot, asked: Asked) -> Answer:
    depot.titles[asked.key.company] = asked.body["title"]
    return read_account(depot, asked)


def read_journal(depot: Depot, asked: Asked) -> Answer:
    texts = depot.texts(asked, "subject")
    entries = depot.store.visible(asked.key.company, "entry")
    found = [entry for entry in entries if texts.get("subject", entry["subject"]) == entry["subject"]]
    return depot.paging.by_link(found, depot.numbers(asked, "after", "count"), asked, asked.path)


def recount(depot: Depot, asked: Asked) -> Answer:
    return Answer(202, {"job": depot.store.number(asked.key.company, "job")})


def health(depot: Depot, asked: Asked) -> Answer:
    return Answer(200, {"up": True})


FORM = "application/x-www-form-urlencoded"
ROUTES = [
    Route("listParts", "GET", "/parts", list_parts, "read"),
    Route("addPart", "POST", "/parts", add_part, "write", "part"),
    Route("searchParts", "POST", "/parts/search", search_parts, "read", "search"),
    Route("readPart", "GET", "/parts/{part_id}", read_part, "read"),
    Route("putPart", "PUT", "/parts/{part_id}", put_part, "write", "part"),
    Route("removePart", "DELETE", "/parts/{part_id}", remove_part, "write"),
    Route("countPart", "POST", "/parts/{part_id}/count", count_part, "write", "count", FORM),
    Route("listMovements", "GET", "/parts/{part_id}/movements", list_movements, "read"),
    Route("addMovement", "POST", "/parts/{part_id}/movements", add_movement, "write", "movement"),
    Route("readMovement", "GET", "/parts/{part_id}/movements/{movement_id}", read_movement, "read"),
    Route("listBins", "GET", "/bins", list_bins, "read"),
    Route("readBin", "GET", "/bins/{code}", read_bin, "read"),
    Route("putBin", "PUT", "/bins/{code}", put_bin, "write", "bin"),
    Route("removeBin", "DELETE", "/bins/{code}", remove_bin, "write"),
    Route("readAccount", "GET", "/account", read_account, "read"),
    Route("putAccount", "PUT", "/account", put_account, "write", "account"),
    Route("readJournal", "GET", "/journal", read_journal, "read"),
    Route("recount", "POST", "/admin/recount", recount, "admin"),
    Route("health", "GET", "/health", health, ""),
]


def honest_depot() -> Depot:
    """A Depot with nothing in it, and nothing wrong with it."""
    return Depot(ROUTES)
