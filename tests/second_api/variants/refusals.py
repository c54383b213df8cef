"""Other ways to say no, all of which deny."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.second_api.depot import Depot
from tests.second_api.exchange import Answer, Asked, RefusedError
from tests.second_api.variants import INPUTS, QUIET, variant

CHALLENGE = ("auth.challenge-present",)


def unknown(depot: Depot, make: Callable[[], RefusedError]) -> None:
    depot.unknown_key = make  # type: ignore[method-assign]


def tells_existence(document: dict[str, Any]) -> None:
    document["hides_existence"] = False


@variant(
    "no-key-403", "RFC 9110 §15.5.4: a server that will not say how to sign in may refuse with 403.", doubts=CHALLENGE
)
def no_key_403(depot: Depot) -> None:
    unknown(depot, lambda: RefusedError(403, "key_missing"))


@variant("no-key-404", "RFC 9110 §15.5.5: existence may be hidden, from strangers first of all.", doubts=CHALLENGE)
def no_key_404(depot: Depot) -> None:
    unknown(depot, lambda: RefusedError(404, "no_such_place"))


@variant("no-key-422", "A required header that is missing is invalid input to many frameworks.", doubts=CHALLENGE)
def no_key_422(depot: Depot) -> None:
    unknown(depot, lambda: RefusedError(422, "header_missing"))


@variant("no-key-400", "Some gateways call a request without a key a bad one.", doubts=CHALLENGE)
def no_key_400(depot: Depot) -> None:
    unknown(depot, lambda: RefusedError(400, "key_missing"))


@variant("no-key-redirects", "A browser is sent to a login page; nothing is served.", doubts=CHALLENGE)
def no_key_redirects(depot: Depot) -> None:
    def redirect(asked: Asked, answer: Answer) -> None:
        if answer.status == 401:
            answer.status, answer.headers["Location"] = 302, "/login"

    depot.finishers["redirect"] = redirect


@variant("foreign-403", "Telling a stranger that a thing exists and is not theirs is lawful.", edit=tells_existence)
def foreign_403(depot: Depot) -> None:
    def missing(asked: Asked, kind: str) -> RefusedError:
        named = next(iter(asked.values.values()), "")
        if any(record.kind == kind and str(record.number) == named and record.now for record in depot.store.records):
            return RefusedError(403, "not_yours")
        return RefusedError(404, f"no_such_{kind}")

    depot.missing = missing  # type: ignore[method-assign]


@variant("missing-403", "Whoever hides existence may answer 403 to everything that is not theirs (RFC 9110 §15.5.4).")
def missing_403(depot: Depot) -> None:
    depot.missing = lambda asked, kind: RefusedError(403, "not_yours")  # type: ignore[method-assign]


@variant("bad-input-422", "RFC 9110 §15.5.21: the syntax is right and the content is not.", checks=(*QUIET, *INPUTS))
def bad_input_422(depot: Depot) -> None:
    honest = depot.refusal

    def refusal(asked: Asked, refused: RefusedError) -> Answer:
        if refused.code.startswith("bad_"):
            refused.status = 422
        return honest(asked, refused)

    depot.refusal = refusal  # type: ignore[method-assign]


@variant("no-such-number-400", "An id of the wrong type is bad input.")
def no_such_number_400(depot: Depot) -> None:
    def missing(asked: Asked, kind: str) -> RefusedError:
        numbers = [value for name, value in asked.values.items() if name.endswith("_id")]
        malformed = any(not value.isdigit() for value in numbers)
        return RefusedError(400, "bad_id") if malformed else RefusedError(404, f"no_such_{kind}")

    depot.missing = missing  # type: ignore[method-assign]


@variant("unknown-place-401", "Who has no key learns nothing of the routes; who has one gets 404.")
def unknown_place_401(depot: Depot) -> None:
    honest = depot.find_route

    def find_route(whole: Depot, asked: Asked) -> Answer | None:
        if not asked.headers.get("X-Depot-Key") and not asked.path.endswith("/health"):
            raise whole.unknown_key()
        return honest(asked)

    depot.steps["route"] = find_route


@variant("unknown-place-403", "Gateways that know only their own routes answer 403 to all others.")
def unknown_place_403(depot: Depot) -> None:
    depot.nowhere = lambda: RefusedError(403, "no_such_place")  # type: ignore[method-assign]


@variant(
    "other-method-404",
    "A router that matches path and method together knows no 405 (RFC 9110 §15.5.6 is not MUST for 404).",
)
def other_method_404(depot: Depot) -> None:
    def refuse(asked: Asked, answer: Answer) -> None:
        if answer.status == 405:
            answer.status = 404
            answer.headers.pop("Allow", None)

    depot.finishers["404"] = refuse


@variant("gone-410", "RFC 9110 §15.5.11: what is known to be gone for good.")
def gone_410(depot: Depot) -> None:
    def missing(asked: Asked, kind: str) -> RefusedError:
        owned = [record for record in depot.store.owned(asked.key.company, kind) if record.now is None]
        was_there = any(str(record.number) in asked.values.values() for record in owned)
        return RefusedError(410 if was_there else 404, "gone")

    depot.missing = missing  # type: ignore[method-assign]


@variant("removing-again-204", "RFC 9110 §9.2.2: DELETE is idempotent; that what is gone is gone, is a success.")
def removing_again_204(depot: Depot) -> None:
    honest = depot.handlers["removePart"]

    def remove(whole: Depot, asked: Asked) -> Answer:
        try:
            return honest(whole, asked)
        except RefusedError:
            return Answer(204)

    depot.handlers["removePart"] = remove


@variant(
    "401-in-plain-words",
    "A gateway's 401 is not in the envelope, and the profile says that errors have no one format.",
    edit=lambda document: document.update(errors={"format": "none"}),
    doubts=("error.format-valid",),
)
def in_plain_words(depot: Depot) -> None:
    def plain(asked: Asked, answer: Answer) -> None:
        if answer.status == 401:
            answer.media, answer.raw = "text/plain", b"who are you?"

    depot.finishers["plain"] = plain
