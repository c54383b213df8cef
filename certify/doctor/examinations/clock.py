"""Somebody answers in HTTP, in time, and has about our time: tokens and limits live by it."""

from __future__ import annotations

from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.case import DEADLINE_S, Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination
from certify.http.call import Call, Reply
from certify.http.throttling import http_date
from certify.http.wire import TransportError

TOLERABLE_S = 5.0
"""Beyond this net.clock-accurate fails; tokens fail where leeway ends."""


class Clock(Examination):
    name, title, step = "answer", "an answer, and its clock", 50
    stands_on = ("certificate", "secrets")

    def examine(self, case: Case) -> Seen:
        base = case.known.base_url
        try:
            reply = case.session.wire.send(Call("GET", "/"), case.session.connection(), purpose="preflight")
        except TransportError as error:
            return Seen(f"{base} gives no answer", (_silent(case, error),))
        if reply.status == 400 and b"HTTPS port" in reply.content:
            advice = f"base_url: {base.replace('http://', 'https://', 1)}"
            message = f"{base} wants https"
            ailment = case.ailment(Attribution.PROFILE, message, [], ("target", "base_url"), advice)
            return Seen(str(reply), (ailment,))
        return Seen(*_clock(case, reply))


def _silent(case: Case, error: TransportError) -> Ailment:
    return case.ailment(
        Attribution.PARTNER,
        f"the sandbox at {case.known.base_url} gives no answer: {error}",
        [
            "it hangs: is something that it stands on (a database, a queue) not there?",
            f"it takes longer than {DEADLINE_S:g} s for its first answer: wake it up, and try again",
            "what listens there does not speak HTTP: check target.base_url in the profile",
        ],
        ("target", "base_url"),
    )


def _clock(case: Case, reply: Reply) -> tuple[str, tuple[Ailment, ...]]:
    date = http_date(reply.header("Date") or "")
    took = f"answered in {reply.seconds * 1000:.0f} ms"
    if date is None:
        return f"{took}; no Date, so its clock is unknown", ()
    # Date has whole seconds, and was written at some moment of the exchange.
    ahead = date + 0.5 - (reply.received - reply.seconds / 2)
    if abs(ahead) <= TOLERABLE_S:
        return f"{took}; the clocks agree", ()
    word = "ahead of" if ahead > 0 else "behind"
    message = f"its clock is {abs(ahead):.0f} s {word} ours"
    causes = ["the sandbox's clock is wrong: is time synchronised there?", "this machine's is: compare `date -u`"]
    ailment = case.ailment(Attribution.PARTNER, message, causes, weight=Weight.SERIOUS)
    return f"{took}; {message}", (ailment,)
