"""``expect``: what a reply has to be. Findings are collected, so one reply reports all that is wrong with it.

    expect(reply, "an expired token").refused()
    expect(reply).status(201).header("Location")

``control`` is its counterpart for the valid twin: when that is not a success, nothing can be concluded.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from certify.http.call import Reply
from certify.model.outcome import Finding, Reason, Weight
from certify.suite.verdicts import Inconclusive


@dataclass(frozen=True)
class Noted:
    """A finding, and what was special about the request: findings of one cause are merged, and say each of those."""

    finding: Finding
    about: str = ""


@dataclass
class Collector:
    """The findings of the test that is running, what its check says by default, and which attempt it is."""

    clause: str = ""
    attempt: int = 1
    noted: list[Noted] = field(default_factory=list)
    note: str = ""


COLLECTOR: ContextVar[Collector] = ContextVar("collector")


def report(
    expected: str,
    actual: str,
    *,
    about: str = "",
    replies: Iterable[Reply] = (),
    exchanges: Iterable[str] = (),
    pointer: str = "",
    clause: str = "",
    advice: str = "",
    operations: Iterable[str] = (),
    cause: str = "",
    oracle: str = "",
    weight: Weight = Weight.VIOLATION,
) -> None:
    """Add a finding to the running check. ``replies`` are the evidence, the telling one first.

    Findings of one ``cause`` are merged: their operations and exchanges are joined, and ``about`` is listed.
    ``oracle`` is for findings that one answer by itself decides (see :class:`certify.model.outcome.Finding`).
    """
    collector = COLLECTOR.get()
    evidence = tuple(replies)
    seen_on = tuple(operations) or tuple(dict.fromkeys(r.call.operation for r in evidence if r.call.operation))
    finding = Finding(
        expected=expected,
        actual=actual,
        pointer=pointer,
        clause=clause or collector.clause,
        exchanges=(*(reply.exchange for reply in evidence), *exchanges),
        advice=advice,
        weight=weight,
        operations=seen_on,
        cause=cause or f"{expected}|{actual}",
        oracle=oracle,
    )
    collector.noted.append(Noted(finding, about))


def advise(expected: str, actual: str, **details: Any) -> None:
    """Add a finding that is told and does not fail the check."""
    report(expected, actual, weight=Weight.ADVISORY, **details)


def note(text: str) -> None:
    """Say something about how the check was done; shown with its outcome."""
    collector = COLLECTOR.get()
    if text not in collector.note:
        collector.note = f"{collector.note}; {text}".removeprefix("; ")


def violated() -> bool:
    """Whether the running check has found a violation already."""
    return any(noted.finding.weight is Weight.VIOLATION for noted in COLLECTOR.get().noted)


def control(reply: Reply, what: str = "the valid request") -> Reply:
    """The valid twin: it has to succeed, or nothing can be concluded from its spoiled siblings."""
    if reply.ok:
        return reply
    finding = Finding(
        expected=f"{what} succeeds",
        actual=f"{reply} from {reply.call.method} {reply.call.path}",
        exchanges=(reply.exchange,),
        advice="a refusal proves nothing while the valid request is refused too: mend this first",
        weight=Weight.ADVISORY,
        operations=(reply.call.operation,) if reply.call.operation else (),
    )
    raise Inconclusive(Reason.CONTROL_FAILED, f"{what} was answered {reply}", finding)


@dataclass(frozen=True)
class Expectation:
    """Fluent statements about one reply; ``about`` says what was special about the request.

    ``weight`` is that of everything that does not hold.
    """

    reply: Reply
    about: str = ""
    clause: str = ""
    weight: Weight = Weight.VIOLATION

    @property
    def advisory(self) -> Expectation:
        """The same, told without failing the check."""
        return replace(self, weight=Weight.ADVISORY)

    def status(self, *allowed: int, advice: str = "") -> Expectation:
        """The status is one of those."""
        if self.reply.status not in allowed:
            oracle = f"status {' '.join(map(str, allowed))}"
            self._fail(" or ".join(str(status) for status in allowed), str(self.reply), advice, oracle)
        return self

    def accepted(self, advice: str = "") -> Expectation:
        """The answer is a success."""
        if not self.reply.ok:
            wanted = " or ".join(str(status) for status in self.reply.call.expects) or "a 2xx status"
            self._fail(wanted, str(self.reply), advice, "accepted")
        return self

    def refused(self, *wanted: int, advice: str = "") -> Expectation:
        """The request is refused. Another refusal than the ``wanted`` ones is told as an advisory: *denied* and
        *denied with the right status* weigh differently, and much sound software says 403, 404 or 422 for 401.

        A redirect serves nothing either (a browser's login page, most often), so it is an advisory too; a success is a
        violation, and a crash is not a refusal.
        """
        wanted = wanted or (401,)
        said = " or ".join(str(status) for status in wanted)
        if self.reply.status >= 500:
            self._fail(said, f"{self.reply}: it crashed instead of refusing", advice, "refused")
        elif self.reply.status < 300:
            self._fail(said, f"{self.reply}{_gist(self.reply)}", advice, "refused")
        elif self.reply.status not in wanted:
            self.advisory._fail(said, str(self.reply), "")
        return self

    def header(self, name: str, startswith: str = "", advice: str = "") -> Expectation:
        """A header is there, and starts with a text (compared without regard to case)."""
        value = self.reply.header(name)
        if value is None or not value.lower().startswith(startswith.lower()):
            wanted = f"header {name}" + (f" starting with {startswith!r}" if startswith else "")
            actual = f"{name}: {value}" if value is not None else f"no header {name}"
            self._fail(wanted, actual, advice, f"header {name} {startswith}".rstrip())
        return self

    def lacks(self, *texts: str, advice: str = "") -> Expectation:
        """None of the texts stands in the body or the headers."""
        haystack = "\n".join([self.reply.text, *(value for _, value in self.reply.headers)])
        for text in texts:
            if text and text in haystack:
                self._fail(f"nothing of {text!r}", f"{self.reply} with {text!r} in it", advice)
        return self

    def _fail(self, expected: str, actual: str, advice: str, oracle: str = "") -> None:
        report(
            expected,
            actual,
            about=self.about,
            replies=[self.reply],
            advice=advice,
            clause=self.clause,
            weight=self.weight,
            cause=f"{expected}|{self.reply.status}",
            oracle=oracle,
        )


def expect(reply: Reply, about: object = "", clause: str = "") -> Expectation:
    """Start a statement about a reply."""
    return Expectation(reply, str(about), clause)


def _gist(reply: Reply) -> str:
    """How much came with a success that should have been a refusal."""
    value = reply.json()
    if isinstance(value, dict):
        return f" with an object of {len(value)} members"
    return f" with {len(reply.content)} bytes" if reply.content else ""
