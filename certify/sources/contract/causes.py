"""Many candidates, few causes: grouped by what is wrong, not by where.

Fifty operations with one undocumented status are one cause of fifty operations. Invalid input is the other way round:
fifteen ways to be invalid, all accepted by the same operations, are one cause as well.

An answer that says what went wrong names its cause, wherever it is seen. One that only says "Internal Server Error"
does not: such answers are one cause only where resource, media type and the input that was varied are the same as well,
or where the same is seen of so many resources that it must be something that they share.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import reduce

from certify.model.exchange import header
from certify.sources.contract.candidates import Candidate, Cause, Sample
from certify.sources.contract.facts import collection_of
from certify.sources.contract.sayings import wording_of

SAMPLES_KEPT = 5
EVERYWHERE = 5
"""Resources with the same defect from which on it is one defect of the whole API, not one of each."""
_FAMILY = "in "


def fingerprint(candidate: Candidate) -> str:
    """Equal for candidates with one cause, whatever the operation."""
    return ":".join((candidate.check, candidate.kind, *_telling(candidate))).rstrip(":")


class Collector:
    """Groups candidates as they come, keeping the smallest sample of each operation: memory is bounded by causes."""

    def __init__(self) -> None:
        self._causes: dict[str, Cause] = {}

    def add(self, candidate: Candidate) -> None:
        mark = fingerprint(candidate)
        one = Cause(
            mark,
            candidate.check,
            candidate.kind,
            candidate.detail,
            {candidate.label: 1},
            {candidate.label: candidate.sample},
        )
        self._causes[mark] = combine(self._causes[mark], one) if mark in self._causes else one

    def causes(self) -> tuple[Cause, ...]:
        return tuple(self._causes.values())


def merge(groups: Iterable[Iterable[Cause]], never_accepted: Collection[str] = ()) -> list[Cause]:
    """The causes of all jobs: equal fingerprints become one, then related ones on the same operations.

    ``never_accepted`` are operations (by label) that no input succeeded on: that is one thing to tell for a resource.
    """
    found: dict[str, Cause] = {}
    for cause in (cause for group in groups for cause in group):
        known = found.get(cause.fingerprint)
        found[cause.fingerprint] = combine(known, cause) if known else cause
    return _join_related(_join_everywhere(_join_never_accepted(found.values(), set(never_accepted))))


def combine(one: Cause, other: Cause) -> Cause:
    """One cause out of two with the same fingerprint."""
    operations = dict(one.operations)
    for label, count in other.operations.items():
        operations[label] = operations.get(label, 0) + count
    return replace(one, operations=operations, samples=_smallest(one.samples, other.samples))


def _smallest(one: Mapping[str, Sample], other: Mapping[str, Sample]) -> dict[str, Sample]:
    """The smallest sample of each operation; of many operations, those with the smallest."""
    best = dict(one)
    for label, sample in other.items():
        if label not in best or sample.rank < best[label].rank:
            best[label] = sample
    kept = sorted(best.items(), key=lambda item: item[1].rank)[:SAMPLES_KEPT]
    return dict(kept)


def _join_never_accepted(causes: Iterable[Cause], never: set[str]) -> list[Cause]:
    """Refusals by operations that refuse everything, once for each resource and status."""
    joined: dict[tuple[str, ...], Cause] = {}
    for cause in causes:
        alike = cause.kind == "RejectedPositiveData" and set(cause.operations) <= never
        resource = collection_of(next(iter(cause.operations)))
        key = (resource, cause.detail.get("status", "")) if alike else (cause.fingerprint,)
        joined[key] = combine(joined[key], cause) if key in joined else cause
    return list(joined.values())


def _join_everywhere(causes: list[Cause]) -> list[Cause]:
    """What differs only in its resource is one cause where enough resources show it."""
    alike: dict[str, list[Cause]] = {}
    for cause in causes:
        alike.setdefault(cause.fingerprint.partition(":" + _FAMILY)[0], []).append(cause)
    groups = alike.values()
    return [cause for group in groups for cause in ([reduce(combine, group)] if len(group) >= EVERYWHERE else group)]


def _join_related(causes: list[Cause]) -> list[Cause]:
    """Different violations of one kind on operations that overlap: one cause, with several ways to see it."""
    joined: list[Cause] = []
    for cause in sorted(causes, key=lambda item: -len(item.operations)):
        twin = next((known for known in joined if _related(known, cause)), None)
        if twin is None:
            joined.append(cause)
        else:
            joined[joined.index(twin)] = _with_both(twin, cause)
    return joined


def _related(one: Cause, other: Cause) -> bool:
    relation = _relation(one)
    return bool(relation) and relation == _relation(other) and not set(one.operations).isdisjoint(other.operations)


def _relation(cause: Cause) -> tuple[str, ...]:
    """What related causes have in common; empty for kinds that are told one by one."""
    match cause.kind:
        case "AcceptedNegativeData":
            return (cause.kind, cause.detail.get("place", ""))
        case "JsonSchemaError":
            return (cause.kind, cause.detail.get("title", ""), _keyword(cause.detail))
        case _:
            return ()


def _with_both(one: Cause, other: Cause) -> Cause:
    detail = dict(one.detail)
    for name in ("violation", "members"):
        parts = {part for cause in (one, other) for part in _named(cause, name)}
        detail[name] = ", ".join(sorted(parts))
    return replace(combine(one, other), detail=detail)


def _named(cause: Cause, name: str) -> list[str]:
    text = cause.detail.get(name) or (_member(cause.detail) if name == "members" else "")
    return [part for part in text.split(", ") if part]


def members_of(cause: Cause) -> list[str]:
    """The members of an answer that a cause is about; none where it is about the whole."""
    return _named(cause, "members")


def _member(detail: Mapping[str, str]) -> str:
    """The member that broke, or that is missing."""
    _, member, _, missing = _schema_place(detail)
    return missing.split('"')[1] if missing.count('"') >= 2 else member


def _telling(candidate: Candidate) -> tuple[str, ...]:
    detail, status = candidate.detail, candidate.detail.get("status", "")
    match candidate.kind:
        case "ServerError" | "ContentTypeServerError" | "RejectedPositiveData":
            said = wording_of(candidate.sample.answer)
            return (status, said) if said else (status, *_circumstances(candidate))
        case "NoAnswer":
            return (detail.get("mode", ""), candidate.label)
        case "UndefinedStatusCode":
            return (status,)
        case "JsonSchemaError":
            return (*_schema_place(detail), *_whose(candidate))
        case "MissingHeaders":
            return (detail.get("missing", ""),)
        case "UndefinedContentType" | "MalformedMediaType" | "MissingContentType":
            return (detail.get("content_type", "").split(";")[0], status)
        case "AcceptedNegativeData":
            return (detail.get("place", ""), detail.get("violation", ""))
        case _:
            return (detail.get("scenario", ""),)


def _circumstances(candidate: Candidate) -> tuple[str, ...]:
    """What tells causes apart whose answers say nothing: whose operation, what kind of answer, and what was varied."""
    detail = candidate.detail
    media = (header(candidate.sample.answered, "Content-Type") or "").split(";")[0]
    varied = f"{detail.get('place', '')} {detail.get('parameter', '')}".strip() or candidate.sample.mode
    return (media, varied, _FAMILY + collection_of(candidate.label))


def _whose(candidate: Candidate) -> tuple[str, ...]:
    """Errors look the same everywhere; what succeeds is an object of its resource."""
    return (_FAMILY + collection_of(candidate.label),) if 200 <= candidate.sample.status < 300 else ()


def _schema_place(detail: Mapping[str, str]) -> tuple[str, ...]:
    """The member and the keyword that broke: ``size/type``, in whichever response it is found."""
    keyword = _keyword(detail)
    members = [step for step in detail.get("instance_path", "").split("/") if step and not step.isdigit()]
    missing = detail.get("message", "").split("\n", 1)[0] if keyword in ("required", "additionalProperties") else ""
    return (detail.get("title", ""), members[-1] if members else "", keyword, missing)


def _keyword(detail: Mapping[str, str]) -> str:
    steps = [step for step in detail.get("schema_path", "").split("/") if not step.isdigit()]
    return steps[-1] if steps else ""
