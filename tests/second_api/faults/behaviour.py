"""Input, pages, repetitions and the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.second_api.depot import Depot
from tests.second_api.exchange import Answer, Asked
from tests.second_api.faults import fault
from tests.second_api.paging import Items
from tests.second_api.rules import Form, OneOf, Rule, Text, Whole


def rule(depot: Depot, form: str, **changed: Rule) -> None:
    """Put other rules into a form."""
    honest = depot.forms[form]
    depot.forms[form] = Form(
        {name: changed.get(name, old) for name, old in honest.required.items()},
        {name: changed.get(name, old) for name, old in honest.optional.items()},
    )


@fault("name-one-too-short", "contract.valid-input-accepted", "The column for names holds 59 characters, not 60.")
def name_one_too_short(depot: Depot) -> None:
    rule(depot, "part", name=Text(1, 59))


@dataclass(frozen=True)
class Bytes(Text):
    """Counts what the text takes in UTF-8."""

    def wrong(self, value: Any) -> str:
        long = isinstance(value, str) and len(value.encode()) > self.high
        return "is too long" if long else super().wrong(value)


@fault("name-counted-in-bytes", "contract.valid-input-accepted", "The length of a name is counted in bytes.")
def name_counted_in_bytes(depot: Depot) -> None:
    rule(depot, "part", name=Bytes(1, 60))


@fault("bound-is-exclusive", "contract.valid-input-accepted", "A movement of -1000 is refused: <= became <.")
def bound_is_exclusive(depot: Depot) -> None:
    rule(depot, "movement", quantity=Whole(-999, 999))


@dataclass(frozen=True)
class Anything:
    """No rule at all."""

    required: dict[str, Rule]
    optional: dict[str, Rule]

    def wrong(self, value: Any) -> str:
        return "" if isinstance(value, dict) else "the body is no object"


@fault(
    "parts-unchecked",
    "contract.invalid-input-rejected",
    "Whatever is an object is stored as a part.",
    also=("contract.schema-valid", "error.no-5xx-on-bad-input"),
    because="what was stored is sent back, and what is missing in it makes lists crash",
)
def parts_unchecked(depot: Depot) -> None:
    honest = depot.forms["part"]
    depot.forms["part"] = Anything(dict(honest.required), dict(honest.optional))  # type: ignore[assignment]


@dataclass(frozen=True)
class Nullable:
    rule: Rule

    def wrong(self, value: Any) -> str:
        return "" if value is None else self.rule.wrong(value)


@fault("null-for-the-enum", "contract.invalid-input-rejected", "Null is taken where a search names a kind.")
def null_for_the_enum(depot: Depot) -> None:
    rule(depot, "search", kind=Nullable(OneOf(("raw", "made", "spare"))))


@fault("one-more-per-page", "page.walk-complete", "A page begins one item before it should, so items come twice.")
def one_more_per_page(depot: Depot) -> None:
    def window(items: Items, start: int, size: int) -> Items:
        return items[max(start - 1, 0) : start + size]

    depot.paging.window = window  # type: ignore[method-assign]


@fault(
    "last-item-lost",
    "page.walk-complete",
    "A full last page loses its last item.",
    also=("audit.action-recorded",),
    because="the journal is a list too, and loses its last entry",
)
def last_item_lost(depot: Depot) -> None:
    def window(items: Items, start: int, size: int) -> Items:
        return items[start : min(start + size, max(len(items) - 1, 0))]

    depot.paging.window = window  # type: ignore[method-assign]


@fault("offset-ignored", "page.walk-complete", "The offset is never read: each page is the first.")
def offset_ignored(depot: Depot) -> None:
    depot.paging.window = lambda items, start, size: items[:size]  # type: ignore[method-assign]


@fault("token-never-read", "idem.replay-returns-same", "X-Request-Token is never read.")
def token_never_read(depot: Depot) -> None:
    def forgetful(whole: Depot, asked: Asked) -> Answer:
        whole.replayed.clear()
        return honest(whole, asked)

    honest, depot.handlers["addPart"] = depot.handlers["addPart"], forgetful


@fault(
    "replay-conflicts",
    "idem.replay-returns-same",
    "A repeated token is answered 409 instead of the first answer.",
)
def replay_conflicts(depot: Depot) -> None:
    def strict(whole: Depot, asked: Asked) -> Answer:
        token = (asked.key.text, asked.path, asked.headers.get("x-request-token", ""))
        if token[2] and token in whole.replayed:
            return Answer(409, {"fault": {"code": "seen", "text": "that was asked before"}})
        return honest(whole, asked)

    honest, depot.handlers["addPart"] = depot.handlers["addPart"], strict


@fault("removals-not-written-down", "audit.action-recorded", "Removing a part leaves no entry in the journal.")
def removals_not_written_down(depot: Depot) -> None:
    honest = depot.journal

    def journal(asked: Asked, what: str, subject: int | str) -> None:
        if "removed" not in what:
            honest(asked, what, subject)

    depot.journal = journal  # type: ignore[method-assign]


@fault("everybody-is-the-gateway", "audit.action-recorded", "The journal names the gateway as the one who did it.")
def everybody_is_the_gateway(depot: Depot) -> None:
    depot.actor = lambda asked: "gateway"  # type: ignore[method-assign]


@fault("journal-in-local-time", "audit.action-recorded", "The journal's times are two hours off.")
def journal_in_local_time(depot: Depot) -> None:
    honest = depot.store.add

    def add(company: str, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
        shifted = {**fields, "at": "2020-01-01T00:00:00Z"} if kind == "entry" else fields
        return honest(company, kind, shifted)

    depot.store.add = add  # type: ignore[method-assign]
