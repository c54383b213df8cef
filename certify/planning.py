"""What a run will do, decided before anything is sent: which checks, in which order, and why any will not run."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib.metadata import version
from pathlib import Path

from certify import __version__
from certify.contract import Contract, Mistake, Operation
from certify.errors import UsageError
from certify.http.pacing import polite_rate
from certify.model.check import Check, Stage
from certify.model.codec import encode
from certify.model.outcome import Reason, Status
from certify.model.partner import Partner
from certify.model.plan import (
    Blocked,
    Bounds,
    ContractFacts,
    Estimate,
    Origin,
    PartnerFacts,
    Plan,
    PlannedCheck,
    Selection,
)
from certify.model.playbook import Milestone, Playbook, Waiver
from certify.nearest import did_you_mean, known_names
from certify.program.digest import digest
from certify.program.program import Program
from certify.sources import sources

TOLD = 50
"""Mistakes and files of a contract that a plan names; the others are counted."""
TOOLS = ("schemathesis", "hypothesis", "pytest", "httpx", "pyjwt", "jsonschema")


@dataclass(frozen=True)
class Request:
    """What was asked for, on a command line or by a caller. ``seed`` None draws one, and the run records it."""

    milestones: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    seed: int | None = None
    max_examples: int = 10
    command: tuple[str, ...] = ()
    bounds: Bounds = field(default_factory=Bounds)


def plan_run(
    program: Program,
    playbook: Playbook,
    checks: Mapping[str, Check],
    partner: Partner,
    contract: Contract,
    request: Request,
    now: float,
    origin: Origin | None = None,
    waivers: tuple[Waiver, ...] = (),
) -> Plan:
    """The plan of a run. ``origin`` None: on a laptop; ``waivers`` are the partner's. Raises :class:`UsageError` where
    the request names what is not there."""
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
        waivers=waivers,
        digests={**program.digests, "contract": contract.facts.digest, "profile": digest(Path(partner.file))},
        versions=_versions(),
        command=request.command,
        rate=polite_rate(partner),
        bounds=request.bounds,
        estimates=estimates(planned, contract, request.max_examples),
        capabilities=capabilities(partner, contract),
        origin=origin or Origin(),
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
    """``lacks`` says in words why a need is not met, naming the profile's entry; nothing where it is met."""

    lacks: Callable[[Partner, Contract], str]
    status: Status
    reason: Reason


def _secured(_: Partner, contract: Contract) -> str:
    return "" if any(operation.secured for operation in contract.operations) else "the contract secures no operation"


def _signs_in(partner: Partner, _: Contract) -> str:
    if partner.sign_in.kind != "none":
        return ""
    return "the contract secures operations, and sign_in.kind is none in the profile: say there how to sign in"


def _tokens(partner: Partner, _: Contract) -> str:
    return "" if partner.tokens is not None else "certify cannot mint tokens: add platform_tokens to the profile"


def _client_credentials(partner: Partner, _: Contract) -> str:
    kind = partner.sign_in.kind
    if kind == "client_credentials" and partner.sign_in.settings.get("dpop"):
        return "sign_in.dpop binds tokens to a key, and these checks make plain token requests"
    return "" if kind == "client_credentials" else f"sign_in.kind is {kind}, not client_credentials"


def _scoped(partner: Partner, contract: Contract) -> str:
    if not any(operation.scopes for operation in contract.operations):
        return "the contract names no scopes"
    if partner.tokens is None and _client_credentials(partner, contract):
        return "no token with chosen scopes can be had: add platform_tokens, or sign in with client_credentials"
    return ""


def _limits(partner: Partner, _: Contract) -> str:
    return "" if partner.limits else "no rate limit is declared: add limits to the profile"


def _other_tenant(partner: Partner, _: Contract) -> str:
    named = "other_tenant" in partner.identities
    return "" if named else "add identities.other_tenant, a client of another tenant, to the profile"


def _writes(partner: Partner, contract: Contract) -> str:
    """An API of nothing but reads needs no permission to write: what its checks do there is reading."""
    if partner.permissions.allow_writes or all(
        _leaves_nothing(operation, partner) for operation in contract.operations
    ):
        return ""
    return "permissions.allow_writes is false in the profile"


def _leaves_nothing(operation: Operation, partner: Partner) -> bool:
    """A read, or the request that signs in."""
    return operation.safe or partner.base_url + operation.path == partner.sign_in.token_url


def _stress(partner: Partner, _: Contract) -> str:
    return "" if partner.permissions.allow_stress else "set permissions.allow_stress to true in the profile"


def _not_refused(name: str, section: bool) -> Callable[[Partner, Contract], str]:
    """A capability that is not said to be missing and, where it needs one, has its section in the profile."""

    def lacks(partner: Partner, _: Contract) -> str:
        if partner.capabilities.get(name) == "not_offered":
            return f"capabilities.{name} is not_offered in the profile"
        return f"the profile has no {name} section" if section and getattr(partner, name) is None else ""

    return lacks


_NOT_OFFERED = (Status.NOT_APPLICABLE, Reason.CAPABILITY_NOT_OFFERED)
_NOT_ALLOWED = (Status.NOT_RUN, Reason.NO_PERMISSION)

NEEDS: Mapping[str, tuple[_Need, ...]] = {
    # What the contract promises is not absent because the profile forgets it; it is unexamined.
    "secured": (_Need(_secured, *_NOT_OFFERED), _Need(_signs_in, Status.NOT_RUN, Reason.MISSING_IDENTITY)),
    "jwt": (_Need(_tokens, *_NOT_OFFERED),),
    "client_credentials": (_Need(_client_credentials, *_NOT_OFFERED),),
    "scopes": (_Need(_scoped, *_NOT_OFFERED),),
    "other_tenant": (_Need(_other_tenant, Status.NOT_RUN, Reason.MISSING_IDENTITY),),
    "writes": (_Need(_writes, *_NOT_ALLOWED),),
    "stress": (_Need(_stress, *_NOT_ALLOWED),),
    "limits": (_Need(_limits, *_NOT_OFFERED),),
    "pagination": (_Need(_not_refused("pagination", section=False), *_NOT_OFFERED),),
    "idempotency": (_Need(_not_refused("idempotency", section=True), *_NOT_OFFERED),),
    "audit": (_Need(_not_refused("audit", section=True), *_NOT_OFFERED),),
}


def capabilities(partner: Partner, contract: Contract) -> dict[str, str]:
    """Each need that a check can have, and why it is not met; empty where it is."""
    return {name: _first(need.lacks(partner, contract) for need in needs) for name, needs in NEEDS.items()}


def _first(lacks: Iterable[str]) -> str:
    return next((lack for lack in lacks if lack), "")


def blocked(check: Check, partner: Partner, contract: Contract) -> Blocked | None:
    """Why a check will not run on this partner, or None. What is not there needs no permission: absence comes first."""
    needs = [need for name in check.needs for need in NEEDS[name]]
    for need in sorted(needs, key=lambda need: need.status is not Status.NOT_APPLICABLE):
        if lack := need.lacks(partner, contract):
            return Blocked(need.status, need.reason, lack)
    return None


# — facts for the record —


def _run_id(now: float) -> str:
    return f"{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}"


def _partner_facts(partner: Partner) -> PartnerFacts:
    contacts = tuple(encode(contact) for contact in partner.contacts)
    return PartnerFacts(partner.id, partner.name, partner.base_url, partner.environment, contacts)


def _contract_facts(contract: Contract) -> ContractFacts:
    facts = contract.facts
    return ContractFacts(
        contract.source,
        contract.title,
        contract.version,
        contract.dialect,
        tuple(operation.id for operation in contract.operations),
        set_aside=contract.set_aside,
        mistakes=tuple(_located(mistake) for mistake in contract.problems[:TOLD]),
        mistake_count=len(contract.problems),
        files=tuple(Path(name).name for name in facts.files[:TOLD]),
        seconds=facts.seconds,
        peak_mb=facts.peak_mb,
    )


def _located(mistake: Mistake) -> str:
    """A mistake with its file's name alone: a record is read elsewhere, and is nobody's map of a laptop."""
    return str(replace(mistake.problem, file=Path(mistake.problem.file).name))


def _versions() -> dict[str, str]:
    python = ".".join(str(part) for part in sys.version_info[:3])
    return {"certify": __version__, "python": python, **{tool: version(tool) for tool in TOOLS}}
