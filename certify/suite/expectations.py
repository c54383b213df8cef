"""``expect``: what a reply has to be. Findings are collected, so one reply reports all that is wrong with it.

    expect(reply, "with an expired token").refused()
    expect(reply).status(201).header("Location")

``control`` is its counterpart for the valid twin: when that is not a success, nothing can be concluded.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from certify.http.call import ABSENT, Reply
from certify.model.outcome import Finding, Reason, Weight
from certify.suite.verdicts import Inconclusive


@dataclass
class Collector:
    """The findings of the test that is running, and what its check says by default."""

    clause: str = ""
    findings: list[Finding] = field(default_factory=list)
    note: str = ""


COLLECTOR: ContextVar[Collector] = ContextVar("collector")


def report(
    expected: str,
    actual: str,
    *,
    replies: Iterable[Reply] = (),
    pointer: str = "",
    clause: str = "",
    advice: str = "",
    operations: Iterable[str] = (),
    cause: str = "",
    weight: Weight = Weight.VIOLATION,
) -> None:
    """Add a finding to the running check. ``replies`` are the evidence, the telling one first."""
    collector = COLLECTOR.get()
    evidence = tuple(replies)
    seen_on = tuple(operations) or tuple(dict.fromkeys(r.call.operation for r in evidence if r.call.operation))
    collector.findings.append(
        Finding(
            expected=expected,
            actual=actual,
            pointer=pointer,
            clause=clause or collector.clause,
            exchanges=tuple(reply.exchange for reply in evidence),
            advice=advice,
            weight=weight,
            operations=seen_on,
            cause=cause or f"{expected}|{actual}",
        )
    )


def advise(expected: str, actual: str, **details: Any) -> None:
    """Add a finding that is told and does not fail the check."""
    report(expected, actual, weight=Weight.ADVISORY, **details)


def note(text: str) -> None:
    """Say something about how the check was done; shown with its outcome."""
    collector = COLLECTOR.get()
    collector.note = f"{collector.note}; {text}".lstrip("; ")


def control(reply: Reply, what: str = "the valid request") -> Reply:
    """The valid twin: it has to succeed, or nothing can be concluded from its spoiled siblings."""
    if reply.success:
        return reply
    finding = Finding(
        expected=f"{what} succeeds",
        actual=f"{reply} from {reply.call.method} {reply.call.path}",
        exchanges=(reply.exchange,),
        operations=(reply.call.operation,) if reply.call.operation else (),
        advice="a refusal proves nothing while the valid request is refused too: mend this first",
    )
    raise Inconclusive(Reason.CONTROL_FAILED, f"{what} was answered {reply}", finding)


@dataclass(frozen=True)
class Expectation:
    """Fluent statements about one reply; ``about`` says what was special about the request."""

    reply: Reply
    about: str = ""
    clause: str = ""

    def status(self, *allowed: int, advice: str = "") -> Expectation:
        """The status is one of those."""
        if self.reply.status not in allowed:
            wanted = " or ".join(str(status) for status in allowed)
            self._fail(f"{wanted}{self._about}", str(self.reply), advice)
        return self

    def accepted(self, advice: str = "") -> Expectation:
        """The answer is a documented success."""
        if not self.reply.success:
            wanted = " or ".join(str(status) for status in self.reply.call.expects) or "a 2xx status"
            self._fail(f"{wanted}{self._about}", str(self.reply), advice)
        return self

    def refused(self, wanted: int = 401, advice: str = "", weight: Weight | None = None) -> Expectation:
        """The request is refused. Another 4xx than ``wanted`` is told as an advisory; much sound software answers so.

        A success is none, nor is a redirect; and a crash is not a refusal.
        """
        status = self.reply.status
        if status >= 500:
            self._fail(f"{wanted}{self._about}", f"{self.reply}: it crashed instead of refusing", advice)
        elif status < 400:
            self._fail(f"{wanted}{self._about}", f"{self.reply}{_gist(self.reply)}", advice, weight)
        elif status != wanted:
            advise(f"{wanted}{self._about}", str(self.reply), replies=[self.reply], cause=f"refused with {status}")
        return self

    def header(self, name: str, startswith: str = "", advice: str = "") -> Expectation:
        """A header is there, and starts with a text (compared without regard to case)."""
        value = self.reply.header(name)
        if value is None or not value.lower().startswith(startswith.lower()):
            wanted = f"header {name}" + (f" starting with {startswith!r}" if startswith else "")
            self._fail(f"{wanted}{self._about}", f"{name}: {value}" if value is not None else f"no {name}", advice)
        return self

    def lacks(self, *texts: str, advice: str = "") -> Expectation:
        """None of the texts stands in the body or the headers."""
        haystack = self.reply.text + "\n".join(value for _, value in self.reply.headers)
        for text in texts:
            if text and text in haystack:
                self._fail(f"nothing of {text!r}{self._about}", f"{self.reply} with {text!r} in it", advice)
        return self

    @property
    def _about(self) -> str:
        return f" for a request with {self.about}" if self.about else ""

    def _fail(self, expected: str, actual: str, advice: str, weight: Weight | None = None) -> None:
        report(
            expected,
            actual,
            replies=[self.reply],
            advice=advice,
            clause=self.clause,
            weight=weight or Weight.VIOLATION,
            cause=f"{self.about}|{actual}",
        )


def expect(reply: Reply, about: object = "", clause: str = "") -> Expectation:
    """Start a statement about a reply."""
    return Expectation(reply, str(about), clause)


def _gist(reply: Reply) -> str:
    """How much came with a success that should have been a refusal."""
    value = reply.json()
    if isinstance(value, dict) and value is not ABSENT:
        return f" with an object of {len(value)} members"
    return f" with {len(reply.content)} bytes" if reply.content else ""
