"""What the two runs stood on: contract, playbook, suites, profile, tools, what was asked for; waivers, coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from certify.comparing.checks import Names
from certify.comparing.comparison import FactChange, OperationChange, SuiteChange, WaiverChange
from certify.comparing.steady import steady
from certify.model.plan import Plan
from certify.model.report import Report, ReportedWaiver

DIGESTS = ("contract", "playbook", "suites", "profile")
"""Parts whose digests are compared; ``program`` is made of the first three."""
CERTIFY = "certify"


def fact_changes(before: Plan, after: Plan) -> Iterator[FactChange]:
    """Digests, versions and the way of asking, where they differ."""
    for part in DIGESTS:
        yield from _fact(part, "digest", _short(before.digests.get(part)), _short(after.digests.get(part)))
    yield from _fact("contract", "version", before.contract.version, after.contract.version)
    yield from _fact("playbook", "version", before.playbook.version, after.playbook.version)
    yield from _fact("playbook", "id", before.playbook.id, after.playbook.id)
    yield from _capabilities(before.capabilities, after.capabilities)
    for tool in {**before.versions, **after.versions}:
        part = CERTIFY if tool == CERTIFY else "tools"
        yield from _fact(part, tool, before.versions.get(tool, ""), after.versions.get(tool, ""))
    yield from _asked(before, after)


def _fact(part: str, name: str, before: str, after: str) -> Iterator[FactChange]:
    if before != after:
        yield FactChange(part, name, before, after)


def _short(digest: str | None) -> str:
    """The beginning of a digest, which a person can compare; two that differ, differ there."""
    return (digest or "")[:19]


def _capabilities(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[FactChange]:
    """What the checks need, and whether profile and contract have it: a part of what a digest cannot tell."""
    for need in {**before, **after}:
        if need in before and need in after and bool(before[need]) != bool(after[need]):
            yield FactChange("profile", f"capability {need}", before[need] or "there", after[need] or "there")


def _asked(before: Plan, after: Plan) -> Iterator[FactChange]:
    facts = (
        ("seed", str(before.seed), str(after.seed)),
        ("max_examples", str(before.max_examples), str(after.max_examples)),
        ("milestones", _listed(before.selection.milestones), _listed(after.selection.milestones)),
        ("checks", _listed(before.selection.checks), _listed(after.selection.checks)),
        ("max_requests", str(before.bounds.requests or "none"), str(after.bounds.requests or "none")),
        ("max_minutes", str(before.bounds.minutes or "none"), str(after.bounds.minutes or "none")),
    )
    for name, one, other in facts:
        yield from _fact("run", name, one, other)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "all"


def suite_changes(before: Plan, after: Plan, names: Names) -> Iterator[SuiteChange]:
    """Files whose checks are declared by other bytes, by the checks that both runs planned."""
    old, new = _files(before, names), _files(after, names)
    checks: dict[tuple[str, str, str], list[str]] = {}
    for name in old.keys() & new.keys():
        (_, was), (file, now) = old[name], new[name]
        if was != now and was and now:
            checks.setdefault((file, was, now), []).append(name)
    for (file, was, now), declared in sorted(checks.items()):
        yield SuiteChange(file, _short(was), _short(now), tuple(sorted(declared)))


def _files(plan: Plan, names: Names) -> dict[str, tuple[str, str]]:
    return {names(item.check.id): (item.check.file, item.check.digest) for item in plan.checks}


def operation_changes(before: Report, after: Report) -> Iterator[OperationChange]:
    """Operations that answered with a success in one run alone; one that the other contract lacks is the contract's."""
    old = {item.id: item for item in before.coverage.details}
    for now in after.coverage.details:
        was = old.get(now.id)
        if was is not None and was.succeeded != now.succeeded:
            yield OperationChange(now.id, now.succeeded, was.why, now.why)


def waiver_changes(before: Report, after: Report, names: Names) -> Iterator[WaiverChange]:
    """Waivers that came, went, or say something else."""
    old, new = _waivers(before, names), _waivers(after, names)
    for check in {**old, **new}:
        was, now = old.get(check, ""), new.get(check, "")
        if was != now:
            yield WaiverChange(check, was, now)


def _waivers(report: Report, names: Names) -> dict[str, str]:
    told: dict[str, list[str]] = {}
    for waiver in report.waivers:
        told.setdefault(names(waiver.check), []).append(_told(waiver))
    return {check: "; ".join(dict.fromkeys(items)) for check, items in told.items()}


def _told(waiver: ReportedWaiver) -> str:
    return f"{waiver.state}: by {waiver.approver} until {waiver.expires}: {steady(waiver.reason)}"
