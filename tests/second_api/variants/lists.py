"""Lists, stores and the passing of time."""

from __future__ import annotations

from typing import Any

from tests.second_api.depot import PARAMETER, Depot
from tests.second_api.exchange import Answer, Asked
from tests.second_api.paging import Items
from tests.second_api.store import Fields
from tests.second_api.variants import INPUTS, LIMITS, QUIET, variant

PART = {"name": "bolt", "kind": "spare", "weight_g": 3, "note": None}


def window_s(seconds: float) -> Any:
    return lambda document: document.update(consistency_window_s=seconds)


@variant(
    "reads-lag",
    "Readers see the state of 0.3 seconds ago, and the profile says so.",
    edit=window_s(0.4),
    checks=("disc.*", "auth.missing-*", "authz.*", "page.*", "idem.*", "audit.*", "error.not-found-clean"),
)
def reads_lag(depot: Depot) -> None:
    depot.store.lag_s = 0.3


@variant(
    "crowded",
    "A sandbox that others have used for years: hundreds of parts before ours.",
    checks=("auth.missing-*", "authz.*", "page.*", "idem.*", "rate.*"),
)
def crowded(depot: Depot) -> None:
    for company in ("north", "south"):
        for _ in range(230):
            depot.store.add(company, "part", dict(PART))


@variant("numbers-of-each-company", "Ids are counted for each company, so two companies have a part 4001.")
def numbers_of_each_company(depot: Depot) -> None:
    store, made = depot.store, {}

    def number(company: str, kind: str) -> int:
        made[company, kind] = made.get((company, kind), 4_000) + 1
        return made[company, kind]

    store.number = number  # type: ignore[method-assign]


@variant("newest-first", "The newest part comes first.")
def newest_first(depot: Depot) -> None:
    honest = depot.store.visible

    def visible(company: str, kind: str) -> list[Fields]:
        found = honest(company, kind)
        return found[::-1] if kind == "part" else found

    depot.store.visible = visible  # type: ignore[method-assign]


@variant(
    "newest-first-and-busy",
    "Others add parts while we walk: what is met twice is no fault of paging.",
    checks=("page.*",),
)
def newest_first_and_busy(depot: Depot) -> None:
    newest_first.apply(depot)
    honest = depot.handlers["listParts"]

    def list_parts(whole: Depot, asked: Asked) -> Answer:
        whole.store.add(asked.key.company, "part", dict(PART))
        return honest(whole, asked)

    depot.handlers["listParts"] = list_parts


@variant(
    "last-page-again", "Beyond the end the last page comes again, and the total says when to stop.", checks=("page.*",)
)
def last_page_again(depot: Depot) -> None:
    def window(items: Items, start: int, size: int) -> Items:
        start = start if start < len(items) else max(0, (len(items) - 1) // size * size)
        return items[start : start + size]

    depot.paging.window = window  # type: ignore[method-assign]


@variant(
    "pages-have-a-size-of-their-own",
    "Ten items, whatever was asked for.",
    checks=("page.*", "authz.*"),
    doubts=("page.walk-complete",),
)
def size_of_their_own(depot: Depot) -> None:
    crowded.apply(depot)
    depot.paging.window = lambda items, start, size: items[start : start + 10]  # type: ignore[method-assign]


@variant(
    "parameters-are-corrected",
    "What is out of range is taken for the nearest that is in it: lenient, not wrong.",
    checks=(*QUIET, *INPUTS),
)
def parameters_are_corrected(depot: Depot) -> None:
    def numbers(asked: Asked, *names: str) -> dict[str, int]:
        given = {name: asked.given(name) or "" for name in names}
        read = {name: int(text) for name, text in given.items() if text.lstrip("-").isdigit()}
        return {name: max(depot.query[name].low, min(value, depot.query[name].high)) for name, value in read.items()}  # type: ignore[attr-defined]

    depot.numbers = numbers  # type: ignore[method-assign]


@variant("journal-lags", "The journal is written within the second that the profile allows.", checks=("audit.*",))
def journal_lags(depot: Depot) -> None:
    import time

    honest = depot.store.visible

    def visible(company: str, kind: str) -> list[Fields]:
        if kind != "entry":
            return honest(company, kind)
        return [f for r in depot.store.owned(company, kind) if (f := r.at(time.monotonic() - 0.8)) is not None]

    depot.store.visible = visible  # type: ignore[method-assign]


def by_query(document: dict[str, Any]) -> None:
    document["sign_in"] = {"kind": "api_key", "query": PARAMETER}


def key_in_query(document: dict[str, Any]) -> None:
    document["securityDefinitions"]["depot_key"] = {"type": "apiKey", "in": "query", "name": PARAMETER}


@variant(
    "key-in-the-query",
    "An API key may stand in the query (Swagger 2.0, Security Scheme Object).",
    edit=by_query,
    contract=key_in_query,
    checks=(*QUIET, *LIMITS),
)
def key_in_the_query(depot: Depot) -> None:
    honest = depot.steps["authenticate"]

    def authenticate(whole: Depot, asked: Asked) -> Answer | None:
        if asked.route.right and asked.headers.get("X-Depot-Key"):
            raise whole.unknown_key()
        return honest(whole, asked)

    depot.steps["authenticate"] = authenticate


UNWRITTEN = (
    "disc.*",
    "auth.missing-*",
    "authz.*",
    "idem.*",
    "audit.*",
    "page.*",
    "error.not-found-clean",
    "contract.status-documented",
)


def read_only(document: dict[str, Any]) -> None:
    document["permissions"] = {"allow_writes": False, "allow_destructive": False, "allow_stress": False}


@variant("nothing-may-be-written", "What reads can prove, and nothing more.", edit=read_only, doubts=UNWRITTEN)
def nothing_may_be_written(depot: Depot) -> None:
    crowded.apply(depot)


def reader(document: dict[str, Any]) -> None:
    document["identities"]["primary"]["api_key"] = {"file": "read_only.key"}


@variant(
    "primary-only-reads",
    "A key that may not write is a matter of the profile, not of the API.",
    edit=reader,
    doubts=UNWRITTEN,
)
def primary_only_reads(depot: Depot) -> None:
    crowded.apply(depot)


def paged_by_links(document: dict[str, Any]) -> None:
    document["pagination"] = {"style": "link", "size_param": "count", "max_size": 50}
    document["operations"] = {"collection": {"operation": "listMovements"}}


@variant("paged-by-links", "RFC 8288 §3: a link leads to the next page.", edit=paged_by_links, checks=("page.*",))
def paged_by_links_alone(depot: Depot) -> None:
    """The movements are paged so already."""


def paged_by_number(document: dict[str, Any]) -> None:
    document["pagination"] = {
        **{"style": "page", "cursor_param": "page", "size_param": "size", "items_pointer": "/bins", "max_size": 50}
    }
    document["operations"] = {"collection": {"operation": "listBins"}}


@variant(
    "paged-by-number",
    "The bins are counted by pages from 1.",
    edit=paged_by_number,
    checks=("page.*",),
)
def paged_by_number_alone(depot: Depot) -> None:
    """The bins are paged so already."""
