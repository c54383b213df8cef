"""What a run will do, decided before anything is sent: which checks, in which order, and why any will not run."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib.metadata import version
from pathlib import Path

from certify import __version__
from certify.contract import Contract
from certify.errors import UsageError
from certify.http.pacing import polite_rate
from certify.model.check import Check, Stage
from certify.model.codec import encode
from certify.model.outcome import Reason, Status
from certify.model.partner import Partner
from certify.model.plan import Blocked, ContractFacts, Estimate, PartnerFacts, Plan, PlannedCheck, Selection
from certify.model.playbook import Milestone, Playbook
from certify.program.digest import digest
from certify.program.nearest import did_you_mean, known_names
from certify.program.program import Program
from certify.sources import sources

TOOLS = ("schemathesis", "hypothesis", "pytest", "httpx", "pyjwt", "jsonschema")


@dataclass(frozen=True)
class Request:
    """What was asked for, on a command line or by a caller. ``seed`` None draws one, and the run records it."""

    milestones: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    seed: int | None = None
    max_examples: int = 10
    command: tuple[str, ...] = ()


def plan_run(
    program: Program,
    playbook: Playbook,
    checks: Mapping[str, Check],
    partner: Partner,
    contract: Contract,
    request: Request,
    now: float,
) -> Plan:
    """The plan of a run. Raises :class:`UsageError` where the request names what does not exist."""
    milestones = select_milestones(playbook, request.milestones)
    bound = [name for m in milestones for c in m.criteria for name in c.checks]
    chosen = select_checks(checks, bound, request.checks)
    planned = tuple(PlannedCheck(check, blocked(check, partner, contract)) for check in in_order(chosen))
    return Plan(
        run_id=_run_id(now),
        partner=_partner_facts(partner),
        playbook=replace(playbook, milestones=milestones),
        contract=_contract_facts(contract),
        checks=planned,
        selection=Selection(request.milestones, request.checks),
        seed=request.seed if request.seed is not None else int(now) % 1_000_000,
        max_examples=request.max_examples,
        started=round(now, 3),
        digests={**program.digests, "contract": digest(Path(contract.source)), "profile": digest(Path(partner.file))},
        versions=_versions(),
        command=request.command,
        rate=polite_rate(partner),
        estimates=estimates(planned, contract, request.max_examples),
    )


def estimates(planned: Iterable[PlannedCheck], contract: Contract, max_examples: int) -> dict[str, Estimate]:
    """What each source that has something to do will cost besides the checks' own figures."""
    wanted = {source for item in planned if item.blocked is None for source in item.check.sources}
    found = {name: source.estimate(len(contract.operations), max_examples) for name, source in sources().items()}
    return {name: estimate for name, estimate in found.items() if name in wanted and estimate.requests}


def select_milestones(playbook: Playbook, names: Sequence[str]) -> tuple[Milestone, ...]:
    """The named milestones and those before them: a milestone is certified only together with its predecessors."""
    by_id = {milestone.id: milestone for milestone in playbook.milestones}
    for name in names:
        if name not in by_id:
            raise UsageError(f"no milestone is called {name!r}{did_you_mean(name, by_id)}", [known_names(by_id)])
    wanted = set(names or by_id)
    while missing := {before for name in wanted for before in by_id[name].after} - wanted:
        wanted |= missing
    return tuple(milestone for milestone in playbook.milestones if milestone.id in wanted)


def select_checks(checks: Mapping[str, Check], bound: Iterable[str], globs: Sequence[str]) -> list[Check]:
    """The checks that the milestones bind, or those that the globs name; the gate comes with either."""
    wanted = {name for glob in globs for name in _matching(checks, glob)} if globs else set(bound)
    gates = {check.id for check in checks.values() if check.stage is Stage.GATE}
    return [check for name, check in checks.items() if name in wanted | gates]


def _matching(checks: Mapping[str, Check], glob: str) -> list[str]:
    found = [name for name in checks if fnmatchcase(name, glob)]
    if not found:
        raise UsageError(f"no check matches {glob!r}{did_you_mean(glob, checks)}", ["`certify checks` lists them all"])
    return found


def in_order(checks: Iterable[Check]) -> list[Check]:
    """Gate first, then the active ones, the passive ones, and last those that exhaust a quota."""
    stages = list(Stage)
    return sorted(checks, key=lambda check: stages.index(check.stage))


# — what a check needs —


@dataclass(frozen=True)
class _Need:
    """``holds`` says whether a need is met; otherwise the check gets ``status``, and ``advice`` names the entry."""

    holds: Callable[[Partner, Contract], bool]
    status: Status
    reason: Reason
    advice: str


def _offers(name: str) -> Callable[[Partner, Contract], bool]:
    return lambda partner, _: partner.capabilities.get(name) != "not_offered" and getattr(partner, name) is not None


def _secured(partner: Partner, contract: Contract) -> bool:
    return partner.sign_in.kind != "none" and any(operation.secured for operation in contract.operations)


def _scoped(partner: Partner, contract: Contract) -> bool:
    obtainable = partner.tokens is not None or partner.sign_in.kind == "client_credentials"
    return obtainable and any(operation.scopes for operation in contract.operations)


_NOT_OFFERED = (Status.NOT_APPLICABLE, Reason.CAPABILITY_NOT_OFFERED)
_NOT_ALLOWED = (Status.NOT_RUN, Reason.NO_PERMISSION)

NEEDS: Mapping[str, _Need] = {
    "secured": _Need(
        _secured, *_NOT_OFFERED, "nothing is secured: sign_in.kind is none, or the contract has no security"
    ),
    "jwt": _Need(
        lambda p, _: p.tokens is not None,
        *_NOT_OFFERED,
        "certify cannot mint tokens: add platform_tokens to the profile",
    ),
    "client_credentials": _Need(
        lambda p, _: p.sign_in.kind == "client_credentials", *_NOT_OFFERED, "sign_in.kind is not client_credentials"
    ),
    "scopes": _Need(_scoped, *_NOT_OFFERED, "the contract names no scopes, or no token with chosen scopes can be had"),
    "other_tenant": _Need(
        lambda p, _: "other_tenant" in p.identities,
        Status.NOT_RUN,
        Reason.MISSING_IDENTITY,
        "add identities.other_tenant, a client of another tenant, to the profile",
    ),
    "writes": _Need(lambda p, _: p.permissions.allow_writes, *_NOT_ALLOWED, "permissions.allow_writes is false"),
    "stress": _Need(lambda p, _: p.permissions.allow_stress, *_NOT_ALLOWED, "set permissions.allow_stress to true"),
    "limits": _Need(lambda p, _: bool(p.limits), *_NOT_OFFERED, "no rate limit is declared: add limits to the profile"),
    "pagination": _Need(
        lambda p, _: p.capabilities.get("pagination") != "not_offered", *_NOT_OFFERED, "pagination is not offered"
    ),
    "idempotency": _Need(
        _offers("idempotency"), *_NOT_OFFERED, "no idempotency section in the profile, or not offered"
    ),
    "audit": _Need(_offers("audit"), *_NOT_OFFERED, "no audit section in the profile, or not offered"),
}


def blocked(check: Check, partner: Partner, contract: Contract) -> Blocked | None:
    """Why a check will not run on this partner, or None."""
    for name in check.needs:
        need = NEEDS[name]
        if not need.holds(partner, contract):
            return Blocked(need.status, need.reason, need.advice)
    return None


# — facts for the record —


def _run_id(now: float) -> str:
    return f"{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}"


def _partner_facts(partner: Partner) -> PartnerFacts:
    contacts = tuple(encode(contact) for contact in partner.contacts)
    return PartnerFacts(partner.id, partner.name, partner.base_url, partner.environment, contacts)


def _contract_facts(contract: Contract) -> ContractFacts:
    operations = tuple(operation.id for operation in contract.operations)
    return ContractFacts(contract.source, contract.title, contract.version, contract.dialect, operations)


def _versions() -> dict[str, str]:
    python = ".".join(str(part) for part in sys.version_info[:3])
    return {"certify": __version__, "python": python, **{tool: version(tool) for tool in TOOLS}}
