"""The one format of errors: problem details (RFC 9457), or the schema that the contract declares.

Who promised it decides what a deviation weighs. A profile that names the format (``errors.format``) promises it for
every error, whichever layer makes it. A contract promises it for the answers that it documents: for a status that it
does not name, or a path that it does not have, no standard and no document says what an error has to look like, so a
deviation there is an advisory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from certify.contract import Contract
from certify.contract.validation import Schemas
from certify.http.call import ABSENT, Reply
from certify.model.partner import Partner
from certify.suite.conformity import recorded, violations_of
from certify.suite.sightings import Sightings
from certify.suite.traffic import Seen

PROBLEM = "application/problem+json"
_TYPES = {"type": str, "title": str, "status": int, "detail": str, "instance": str}


@dataclass(frozen=True)
class Deviation:
    """How an error differs from the declared format. ``about`` is the class of the error, ``firm``: not only advice."""

    expected: str
    actual: str
    about: str
    pointer: str = ""
    clause: str = ""
    advice: str = ""
    firm: bool = True

    @property
    def cause(self) -> str:
        return f"{self.expected}|{self.pointer}|{self.firm}"


class ErrorFormat:
    """Judges errors. ``name`` is problem+json, schema or none; ``defects`` are the contract's own."""

    def __init__(self, contract: Contract, schemas: Schemas, partner: Partner) -> None:
        self._schemas = schemas
        self.name = partner.error_format or _declared(contract)
        self._promised = bool(partner.error_format)
        self.defects: dict[str, None] = {}
        self._titles: dict[str, str] = {}

    def deviations(self, traffic: Iterable[Seen], classes: set[str]) -> Iterator[tuple[Deviation, list[Seen]]]:
        """Each deviation once, with the answers that show it; the classes of errors that were seen are added."""
        found = Sightings[Deviation]()
        for seen in traffic:
            if seen.status < 400 or seen.method == "HEAD":
                continue
            classes.add(class_of(seen))
            for deviation in self.judge(seen):
                found.add((deviation.cause, deviation.about), deviation, seen)
        yield from found

    def shows(self, deviation: Deviation, seen: Seen, reply: Reply) -> bool:
        """Whether a fresh reply to the same request deviates in the same way."""
        return any(other.cause == deviation.cause for other in self.judge(recorded(seen, reply)))

    def judge(self, seen: Seen) -> Iterator[Deviation]:
        """The deviations of one error; only told, where neither the profile nor the contract promises anything."""
        firm = self._promised or _documents(seen)
        yield from (replace(deviation, firm=deviation.firm and firm) for deviation in self._deviations(seen))

    def _deviations(self, seen: Seen) -> Iterator[Deviation]:
        own = self._own_schema(seen)
        if _in_other_words(seen):
            return
        if own:
            yield from self._by_schema(seen, own)
        elif self.name == "problem+json":
            yield from self._problem(seen)
        elif seen.json is ABSENT and not seen.truncated:
            yield self._other_label(seen, "JSON in the declared error format")

    def _own_schema(self, seen: Seen) -> str:
        """The schema of an operation's own JSON error, where it documents one that is no problem detail."""
        answer = seen.operation.answer(seen.status) if seen.operation is not None else None
        if answer is None or (self.name == "problem+json" and PROBLEM in answer.media):
            return ""
        return next((pointer for media, pointer in answer.media.items() if "json" in media and pointer), "")

    def _by_schema(self, seen: Seen, pointer: str) -> Iterator[Deviation]:
        if seen.truncated:
            return
        if seen.json is ABSENT:
            yield self._other_label(seen, "JSON in the documented error format")
            return
        for violation in (violations_of(self._schemas, seen, pointer, seen.json, self.defects) or [])[:3]:
            yield Deviation(violation.expected, violation.actual, class_of(seen), violation.pointer)

    def _problem(self, seen: Seen) -> Iterator[Deviation]:
        if seen.media_type != PROBLEM or not isinstance(seen.json, dict):
            if not seen.truncated:
                yield self._other_label(seen, f"{PROBLEM} with a JSON object")
            return
        for name, kind in _TYPES.items():
            value = seen.json.get(name)
            if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
                clause = "RFC 9457 §3.1"
                yield Deviation(f"{name} of type {kind.__name__}", repr(value)[:80], class_of(seen), f"/{name}", clause)
        yield from self._status(seen)
        yield from self._title(seen)

    def _status(self, seen: Seen) -> Iterator[Deviation]:
        value = seen.json.get("status")
        if isinstance(value, int) and value != seen.status:
            yield Deviation(
                "status in the body equal to the real one",
                f"{value} under {seen.status}",
                class_of(seen),
                "/status",
                "RFC 9457 §3.1.2",
                "fill the member status from the response when the problem is rendered",
            )

    def _title(self, seen: Seen) -> Iterator[Deviation]:
        kind, title = seen.json.get("type"), seen.json.get("title")
        if not isinstance(kind, str) or not isinstance(title, str) or kind == "about:blank":
            return
        if self._titles.setdefault(kind, title) != title:
            actual, clause = f"{self._titles[kind]!r} and {title!r}", "RFC 9457 §3.1.3"
            yield Deviation("one title for one type", actual, urlsplit(kind).path, "/title", clause, firm=False)

    def _other_label(self, seen: Seen, wanted: str) -> Deviation:
        actual = f"{seen.media_type or 'no Content-Type'}{'' if seen.body else ', and no body'}"
        return Deviation(wanted, actual, class_of(seen), advice="render every error in one place, whoever raised it")


def _documents(seen: Seen) -> bool:
    """Whether the contract says what this error looks like: a media type for its status, of its own or by default."""
    answer = seen.operation.answer(seen.status) if seen.operation is not None else None
    return answer is not None and bool(answer.media)


def _in_other_words(seen: Seen) -> bool:
    """Whether the contract documents this very type for the error, and it is not JSON: text/plain is a format too."""
    answer = seen.operation.answer(seen.status) if seen.operation is not None else None
    return answer is not None and "json" not in seen.media_type and seen.media_type in answer.media


def class_of(seen: Seen) -> str:
    """The class of an error: its status, and whether any operation was reached at all."""
    return str(seen.status) if seen.operation is not None else f"{seen.status} outside the contract"


def _declared(contract: Contract) -> str:
    """What the contract declares where the profile says nothing: problem details, some schema, or nothing."""
    media: list[Any] = [
        answer.media
        for operation in contract.operations
        for status, answer in operation.answers.items()
        if status[0] in "45d" and answer.media
    ]
    if any(PROBLEM in names for names in media):
        return "problem+json"
    return "schema" if media else "none"
