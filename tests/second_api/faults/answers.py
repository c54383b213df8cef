"""Answers that are not what the contract says, and errors that say too much or not what they should."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from tests.second_api.depot import Depot
from tests.second_api.exchange import Answer, Asked, RefusedError
from tests.second_api.faults import fault
from tests.second_api.store import Fields


def after(depot: Depot, operation: str, change: Callable[[Answer], Any]) -> None:
    """Alter each answer of an operation."""
    honest = depot.handlers[operation]

    def handle(whole: Depot, asked: Asked) -> Answer:
        answer = honest(whole, asked)
        change(answer)
        return answer

    depot.handlers[operation] = handle


def represented(depot: Depot, change: Callable[[Fields], Fields]) -> None:
    """Alter how parts are sent."""
    depot.represent = lambda kind, fields: change(dict(fields)) if kind == "part" else dict(fields)  # type: ignore[method-assign]


@fault(
    "every-third-read-503",
    "net.control-works",
    "One of three instances is down.",
)
def every_third_read_503(depot: Depot) -> None:
    count = iter(range(1, 1_000_000))

    def sleepy(whole: Depot, asked: Asked) -> Answer | None:
        if asked.method == "GET" and next(count) % 3 == 0:
            raise RefusedError(503, "asleep")
        return None

    depot.steps = {"sleepy": sleepy, **depot.steps}


@fault(
    "clock-runs-ahead",
    "net.clock-accurate",
    "The clock of the machine runs three minutes ahead.",
    also=("audit.action-recorded",),
    because="times in the journal are not those of the answers' Date",
)
def clock_runs_ahead(depot: Depot) -> None:
    import time
    from email.utils import formatdate

    def date(asked: Asked, answer: Answer) -> None:
        answer.headers["Date"] = formatdate(time.time() + 180, usegmt=True)

    depot.finishers["date"] = date


@fault(
    "count-is-for-next-year",
    "disc.operations-exist",
    "The form-encoded count of a part answers 501.",
)
def count_is_for_next_year(depot: Depot) -> None:
    def later(whole: Depot, asked: Asked) -> Answer:
        raise RefusedError(501, "not_yet")

    depot.handlers["countPart"] = later


@fault("put-route-missing", "disc.operations-exist", "PUT of a part was never registered, so the router answers 405.")
def put_route_missing(depot: Depot) -> None:
    depot.routes = [route for route in depot.routes if route.name != "putPart"]


@fault("put-answers-202", "contract.status-documented", "PUT of a part answers 202, and 200 is documented.")
def put_answers_202(depot: Depot) -> None:
    after(depot, "putPart", lambda answer: setattr(answer, "status", 202))


@fault("weight-as-text", "contract.schema-valid", "Weights are sent as text.")
def weight_as_text(depot: Depot) -> None:
    represented(depot, lambda part: {**part, "weight_g": str(part["weight_g"])})


@fault("note-left-out", "contract.schema-valid", "The note of a part is left out where it is null.")
def note_left_out(depot: Depot) -> None:
    represented(depot, lambda part: {name: value for name, value in part.items() if value is not None})


@fault("part-labelled-html", "contract.headers-and-media-type", "A part is labelled text/html.")
def part_labelled_html(depot: Depot) -> None:
    after(depot, "readPart", lambda answer: setattr(answer, "media", "text/html"))


@fault(
    "router-answers-in-html",
    "error.format-valid",
    "Unknown places and methods get the router's own page.",
)
def router_answers_in_html(depot: Depot) -> None:
    def page(asked: Asked, answer: Answer) -> None:
        if asked.route is None and answer.status in (404, 405):
            answer.media, answer.raw = "text/html", b"<html><h1>nginx</h1></html>"

    depot.finishers["page"] = page


@fault(
    "flat-errors-of-the-form",
    "error.format-valid",
    'Refused bodies are told as {"error": …} instead of the envelope.',
    also=("contract.schema-valid",),
    because="the contract has a schema for a 400 too",
)
def flat_errors_of_the_form(depot: Depot) -> None:
    honest = depot.refusal

    def refusal(asked: Asked, refused: RefusedError) -> Answer:
        if refused.code == "bad_input":
            return Answer(refused.status, {"error": refused.text})
        return honest(asked, refused)

    depot.refusal = refusal  # type: ignore[method-assign]


@fault("database-speaks", "error.no-internals-leaked", "The database's own words stand in refusals of input.")
def database_speaks(depot: Depot) -> None:
    honest = depot.refusal

    def refusal(asked: Asked, refused: RefusedError) -> Answer:
        if refused.code in ("bad_input", "no_such_part"):
            words = 'psycopg2.errors.NotNullViolation: null value in column "kind" of relation "parts"'
            refused = RefusedError(refused.status, refused.code, f"{words} — SELECT * FROM parts WHERE id = 1")
        return honest(asked, refused)

    depot.refusal = refusal  # type: ignore[method-assign]


@fault(
    "traceback-for-unreadable",
    "error.no-internals-leaked",
    "Unreadable JSON crashes, and the traceback is sent.",
    also=("error.no-5xx-on-bad-input",),
    because="it is a crash on a client's mistake as well",
)
def traceback_for_unreadable(depot: Depot) -> None:
    honest = depot.parsed

    def parsed(asked: Asked) -> Any:
        try:
            return honest(asked)
        except RefusedError as refused:
            if refused.code == "unreadable_body":
                raise ValueError("Expecting value: line 1 column 1") from None
            raise

    def crash(error: Exception) -> Answer:
        return Answer(500, {"fault": {"code": "internal", "text": "".join(traceback.format_exception(error))}})

    depot.parsed, depot.crash = parsed, crash  # type: ignore[method-assign]


@fault(
    "null-body-crashes",
    "error.no-5xx-on-bad-input",
    "A body that is null is looked into before it is checked.",
)
def null_body_crashes(depot: Depot) -> None:
    honest = depot.parsed

    def parsed(asked: Asked) -> Any:
        body = honest(asked)
        body.keys() if body is None else None
        return body

    depot.parsed = parsed  # type: ignore[method-assign]


@fault(
    "id-in-words-crashes",
    "error.no-5xx-on-bad-input",
    "An id that is no number crashes the query.",
    also=("error.not-found-clean",),
    because="asking for what is no id is one of the ways to ask for what is not there",
)
def id_in_words_crashes(depot: Depot) -> None:
    honest = depot.shown

    def shown(asked: Asked, kind: str, name: str) -> Fields:
        if not asked.values[name].isdigit():
            raise ValueError("invalid literal for int() with base 10")
        return honest(asked, kind, name)

    depot.shown = shown  # type: ignore[method-assign]


@fault(
    "missing-part-is-empty",
    "error.not-found-clean",
    "A part that is not there is answered 200 and {}.",
    also=("contract.schema-valid",),
    because="{} is no part",
)
def missing_part_is_empty(depot: Depot) -> None:
    honest = depot.handlers["readPart"]

    def read(whole: Depot, asked: Asked) -> Answer:
        try:
            return honest(whole, asked)
        except RefusedError:
            return Answer(200, {})

    depot.handlers["readPart"] = read


@fault("removed-part-is-served", "error.not-found-clean", "Reading ignores that a part was removed.")
def removed_part_is_served(depot: Depot) -> None:
    honest = depot.shown

    def shown(asked: Asked, kind: str, name: str) -> Fields:
        for record in depot.store.owned(asked.key.company, kind):
            if str(record.number) == asked.values[name]:
                return next(fields for _, fields in reversed(record.versions) if fields is not None)
        return honest(asked, kind, name)

    depot.shown = shown  # type: ignore[method-assign]


@fault(
    "removal-forgotten",
    "error.not-found-clean",
    "A removal is answered 204, and nothing is removed; parts have always been of a state, and count removed items.",
)
def removal_forgotten(depot: Depot) -> None:
    ordinary = {"status": "closed", "state": "non-cancellable", "removed_items": 3, "deleted_by_default_after_days": 30}

    def remove(whole: Depot, asked: Asked) -> Answer:
        whole.journal(asked, "part removed", whole.record(asked, "part", "part_id").number)
        return Answer(204)

    depot.handlers["removePart"] = remove
    represented(depot, lambda part: {**part, **ordinary})
