"""Who may come in, how often, and whose things they see."""

from __future__ import annotations

from dataclasses import replace
from email.utils import formatdate
from typing import Any

from tests.second_api.depot import Depot
from tests.second_api.exchange import NOTHING, Answer, Asked, RefusedError
from tests.second_api.faults import fault
from tests.second_api.keys import KEYS
from tests.second_api.limiter import Allowance, Plan
from tests.second_api.store import Fields, Record


@fault("put-asks-for-no-key", "auth.missing-credentials-rejected", "Updates of a part forget to ask for the key.")
def put_asks_for_no_key(depot: Depot) -> None:
    honest = depot.steps["authenticate"]

    def authenticate(whole: Depot, asked: Asked) -> Answer | None:
        keyless = not asked.headers.get("X-Depot-Key")
        if asked.route.name == "putPart" and keyless:
            asked.key = KEYS["primary"]
            return None
        return honest(whole, asked)

    depot.steps["authenticate"] = authenticate


@fault("refuses-after-the-deed", "auth.missing-credentials-rejected", "Without a key a part is removed, and then 401.")
def refuses_after_the_deed(depot: Depot) -> None:
    honest = depot.steps["authenticate"]

    def authenticate(whole: Depot, asked: Asked) -> Answer | None:
        if asked.route.name == "removePart" and not asked.headers.get("X-Depot-Key"):
            asked.key = KEYS["primary"]
            whole.perform(asked)
            asked.key = replace(asked.key, text="")
            raise whole.unknown_key()
        return honest(whole, asked)

    depot.steps["authenticate"] = authenticate


@fault("401-says-not-how", "auth.challenge-present", "A 401 has no WWW-Authenticate.")
def says_not_how(depot: Depot) -> None:
    depot.unknown_key = lambda: RefusedError(401, "key_missing")  # type: ignore[method-assign]


@fault("part-of-anybody", "authz.tenant-read-isolated", "A part is looked up by its number alone.")
def part_of_anybody(depot: Depot) -> None:
    def shown(asked: Asked, kind: str, name: str) -> Fields:
        wanted = asked.values[name]
        for record in depot.store.records:
            if record.kind == kind and str(record.number) == wanted and (fields := depot.store.shown(record)):
                return fields
        raise depot.missing(asked, kind)

    depot.shown = shown  # type: ignore[method-assign]


@fault(
    "filter-names-the-company",
    "authz.tenant-list-isolated",
    "The filter `company` replaces the company of the key.",
)
def filter_names_the_company(depot: Depot) -> None:
    def list_parts(whole: Depot, asked: Asked) -> Answer:
        company = asked.given("company") or asked.key.company
        asked.query = [pair for pair in asked.query if pair[0] != "company"]
        asked.key = replace(asked.key, company=company)
        return honest(whole, asked)

    honest, depot.handlers["listParts"] = depot.handlers["listParts"], list_parts


@fault("name-index-for-all", "authz.tenant-list-isolated", "The filter `name` looks into one index for all companies.")
def name_index_for_all(depot: Depot) -> None:
    def list_parts(whole: Depot, asked: Asked) -> Answer:
        if asked.given("name") is None:
            return honest(whole, asked)
        everyone = [record.now for record in whole.store.records if record.kind == "part" and record.now]
        found = [part for part in everyone if asked.given("name") in part["name"]]
        return whole.paging.by_offset(found, {}, "parts")

    honest, depot.handlers["listParts"] = depot.handlers["listParts"], list_parts


@fault("search-for-all", "authz.tenant-list-isolated", "The search by POST looks into the parts of all companies.")
def search_for_all(depot: Depot) -> None:
    def search(whole: Depot, asked: Asked) -> Answer:
        everyone: list[Record] = [record for record in whole.store.records if record.kind == "part" and record.now]
        found = [record.now for record in everyone if record.now and asked.body["text"] in record.now["name"]]
        return Answer(200, {"parts": found, "total": len(found)})

    depot.handlers["searchParts"] = search


@fault(
    "limiter-counts-only",
    "rate.limit-enforced",
    "The limiter counts and lets everything pass.",
)
def limiter_counts_only(depot: Depot) -> None:
    honest = depot.limiter.take
    depot.limiter.take = lambda key: replace(honest(key), granted=True)  # type: ignore[method-assign]


@fault("limiter-behind-the-handler", "rate.limit-enforced", "A throttled create is stored before it is refused.")
def limiter_behind_the_handler(depot: Depot) -> None:
    order = ["route", "authenticate", "authorize", "read"]
    steps = {name: depot.steps[name] for name in order}

    def perform(whole: Depot, asked: Asked) -> Answer | None:
        answer = whole.perform(asked)
        whole.throttle(asked)
        return answer

    depot.steps = {**steps, "perform": perform}


@fault(
    "retry-date-in-the-past",
    "rate.retry-after-honest",
    "Retry-After is a date, an hour ago: local time was taken for GMT.",
)
def retry_date_in_the_past(depot: Depot) -> None:
    def come_back(allowance: Allowance) -> str:
        return formatdate(allowance.resets - 3600, usegmt=True)

    _tell(depot, lambda honest, allowance: {**honest, "Retry-After": come_back(allowance)})


@fault(
    "window-longer-than-told",
    "rate.retry-after-honest",
    "The window is three times as long as Retry-After says.",
)
def window_longer_than_told(depot: Depot) -> None:
    depot.limiter.plans[KEYS["burnable"].text] = Plan(20, 9)
    honest = depot.limiter.take

    def take(key: str) -> Allowance:
        taken = honest(key)
        return replace(taken, resets=taken.resets - 8)

    depot.limiter.take = take  # type: ignore[method-assign]


@fault(
    "429-without-a-word",
    "rate.retry-after-honest",
    "429 has neither a body nor Retry-After.",
)
def without_a_word(depot: Depot) -> None:
    def strip(asked: Asked, answer: Answer) -> None:
        if answer.status == 429:
            answer.content = NOTHING
            answer.headers.pop("Retry-After", None)

    depot.finishers["strip 429"] = strip


def _tell(depot: Depot, change: Any) -> None:
    """Alter the headers of a refusal by the limiter."""
    seen: dict[str, Allowance] = {}
    honest = depot.limiter.take

    def take(key: str) -> Allowance:
        seen["last"] = honest(key)
        return seen["last"]

    def finish(asked: Asked, answer: Answer) -> None:
        if answer.status == 429:
            answer.headers = change(answer.headers, seen["last"])

    depot.limiter.take = take  # type: ignore[method-assign]
    depot.finishers["tell 429"] = finish
