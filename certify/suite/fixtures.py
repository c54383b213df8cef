"""What a test may ask for. Fixtures that pick an operation pick it from the contract, or take the profile's hint.

target         the sandbox: send calls as somebody      partner    the profile
probes         operations that can be used              contract   the OpenAPI document
secured_read   a valid, secured GET that works          schemas    its validators
things         test data that we make                   bodies     request bodies, spoiled and stretched
survey         every operation, called once             provoked   one error of each class
effects        that a refusal changed nothing           traffic    all exchanges of the run so far
forge          tokens, valid and spoiled                scopes     tokens with chosen scopes
issuer         of the partner's own server              bursts     one burst beyond the limit
other_tenant   the identity of another tenant           tokens     requests to the token endpoint
idempotency    how writes are made repeatable
pages          collections, page by page                lists      collections, as another tenant may try them
conformity     answers against the contract             error_format  errors against the declared format
leaks          what an answer gives away                provocable how many errors were provoked
walkables      collections that can be walked
mistakes       requests that no sound client sends         trail      the audit trail
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from certify.contract import Contract, Operation, Resource
from certify.contract.validation import Schemas
from certify.errors import BudgetSpentError
from certify.http.call import Call
from certify.http.throttling import http_date
from certify.model.outcome import Reason
from certify.model.partner import Idempotency, Partner
from certify.mutations.bodies import Bodies
from certify.mutations.requests import mistakes as client_mistakes
from certify.pytest_plugin import BENCH
from certify.suite.bench import Bench
from certify.suite.bursts import Bursts
from certify.suite.conformity import Conformity
from certify.suite.effects import Effects
from certify.suite.error_format import ErrorFormat
from certify.suite.forge import Forge
from certify.suite.leaks import Leak
from certify.suite.leaks import leaks as find_leaks
from certify.suite.lists import Lists
from certify.suite.paging import Pages
from certify.suite.probes import Probes
from certify.suite.provocation import PURPOSE as PROVOKED
from certify.suite.provocation import Provoked
from certify.suite.scopes import ScopedTokens
from certify.suite.survey import PURPOSE as SURVEYED
from certify.suite.survey import Survey
from certify.suite.target import Target
from certify.suite.things import Things
from certify.suite.token_requests import TokenRequests
from certify.suite.traffic import Seen, Traffic
from certify.suite.trail import Trail
from certify.suite.verdicts import NotApplicable, NotRun
from certify.suite.walkable import walkable

CLOCK_TOLERANCE_S = 2.0
"""The Date header has a resolution of one second: a smaller difference says nothing."""


@pytest.fixture(scope="session")
def bench(request: pytest.FixtureRequest) -> Bench:
    """The work bench of the session; tests rarely need it."""
    return request.config.stash[BENCH]


@pytest.fixture(scope="session")
def target(bench: Bench) -> Target:
    """The sandbox: send prepared calls as somebody."""
    return bench.target


@pytest.fixture(scope="session")
def partner(bench: Bench) -> Partner:
    """The profile."""
    return bench.partner


@pytest.fixture(scope="session")
def contract(bench: Bench) -> Contract:
    """The OpenAPI document."""
    return bench.contract


@pytest.fixture(scope="session")
def schemas(bench: Bench) -> Schemas:
    """Validators for every schema of the contract."""
    return bench.schemas


@pytest.fixture(scope="session")
def things(bench: Bench) -> Things:
    """Test data that the harness makes, lists, and takes away again."""
    return bench.things


@pytest.fixture(scope="session")
def survey(bench: Bench) -> Survey:
    """Every operation of the contract, called once with valid input."""
    return bench.survey


@pytest.fixture(scope="session")
def probes(bench: Bench) -> Probes:
    """Prepared, valid calls by the role that they play."""
    return bench.probes


@pytest.fixture(scope="session")
def bodies(bench: Bench) -> Bodies:
    """Valid bodies, spoiled and stretched ones."""
    return Bodies(bench.contract, bench.schemas)


@pytest.fixture(scope="session")
def pages(bench: Bench) -> Pages:
    """How a collection is walked."""
    return Pages(bench.contract, bench.partner, bench.target)


@pytest.fixture(scope="session")
def lists(bench: Bench, pages: Pages) -> Lists:
    """Collections, walked as an identity."""
    return Lists(bench.contract, bench.partner, bench.things, pages)


@pytest.fixture(scope="session")
def walkables(bench: Bench) -> list[Resource]:
    """Collections that can be walked, the best one to look at first."""
    return walkable(bench.contract, bench.partner, bench.probes)


@pytest.fixture(scope="session")
def mistakes() -> Callable[[Operation, Call], Iterator[tuple[str, Call]]]:
    """Requests that no sound client sends, made from a valid one."""
    return client_mistakes


@pytest.fixture(scope="session")
def idempotency(partner: Partner) -> Idempotency:
    """How writes are made repeatable."""
    if partner.idempotency is None:
        raise NotApplicable(Reason.CAPABILITY_NOT_OFFERED, "the profile has no idempotency section")
    return partner.idempotency


@pytest.fixture
def trail(bench: Bench) -> Trail:
    """The audit trail, as the profile describes it."""
    return Trail(bench.contract, bench.partner, bench.target, bench.things, bench.probes)


@pytest.fixture(scope="session")
def effects(bench: Bench) -> Effects:
    """What a request changed, read back as its rightful owner."""
    return Effects(bench.contract, bench.things, bench.target)


@pytest.fixture(scope="session")
def scopes(bench: Bench, clock_offset: float) -> ScopedTokens:
    """Tokens with exactly the scopes that a check wants."""
    if not bench.probes.scoped_operations():
        raise NotApplicable(Reason.NOTHING_TO_TEST, "no operation of the contract demands a scope")
    return ScopedTokens(bench.target)


@pytest.fixture(scope="session")
def provoked(bench: Bench, clock_offset: float) -> list[Provoked]:
    """One error of each class that the API has a place for."""
    return bench.provocation.results()


@pytest.fixture
def traffic(bench: Bench, request: pytest.FixtureRequest) -> Traffic:
    """All exchanges of the run so far, of every source. Where nobody made them before, each operation is called once
    and each class of error provoked, as far as the run's bounds allow: what was recorded is there all the same."""
    traffic = Traffic(bench.rundir, bench.contract, bench.survey, bench.target)
    purposes, surveyed = set(), {}
    for seen in traffic:
        purposes.add(seen.purpose)
        if seen.purpose == SURVEYED and seen.operation is not None:
            surveyed[seen.operation.id] = seen.reply()
    if surveyed:
        bench.survey.recall(surveyed)
    with suppress(BudgetSpentError):
        if not surveyed:
            bench.survey.results()
        if PROVOKED not in purposes:
            request.getfixturevalue("provoked")
    return traffic


@pytest.fixture
def conformity(bench: Bench) -> Conformity:
    """Holds answers against the contract."""
    return Conformity(bench.contract, bench.schemas)


@pytest.fixture
def error_format(bench: Bench) -> ErrorFormat:
    """The one format of errors that the profile or the contract declares."""
    return ErrorFormat(bench.contract, bench.schemas, bench.partner)


@pytest.fixture(scope="session")
def leaks() -> Callable[[Seen], Iterator[Leak]]:
    """What an answer gives away."""
    return find_leaks


@pytest.fixture
def provocable(bench: Bench, traffic: Traffic) -> int:
    """How many requests of the run were meant to be refused: an upper bound for what can be demanded of errors. Where
    nothing may be written, half of them meet the same refusal as another. Where a bound of the run kept requests from
    being made, nothing less is demanded for that."""
    if bench.session.wire.budget.lack():
        return sys.maxsize
    made = sum(seen.purpose == PROVOKED for seen in traffic)
    return made if bench.partner.permissions.allow_writes else made // 2


@pytest.fixture(scope="session")
def secured_read(bench: Bench) -> Call:
    """A valid, secured GET: the profile's ``operations.read``, else a list, else an item, whichever works first."""
    return bench.probes.secured_read()


@pytest.fixture(scope="session")
def clock_offset(bench: Bench) -> float:
    """Seconds that the server's clock is ahead of ours, once it is more than the Date header can resolve; minted tokens
    keep to the server's clock."""
    reply = bench.target.send(bench.probes.control(), purpose="setup")
    date = http_date(reply.header("Date") or "")
    offset = 0.0 if date is None else date + 0.5 - (reply.received - reply.seconds / 2)
    offset = offset if abs(offset) > CLOCK_TOLERANCE_S else 0.0
    if bench.session.minter is not None:
        bench.session.minter.offset = offset
        bench.session.forget()
    return offset


@pytest.fixture(scope="session")
def forge(bench: Bench, clock_offset: float) -> Forge:
    """Tokens of ``primary``, valid and spoiled, by the server's clock."""
    session = bench.session
    if session.minter is None:
        raise NotApplicable(
            Reason.CAPABILITY_NOT_OFFERED, "certify cannot mint tokens: the profile has no platform_tokens"
        )
    return Forge(session.minter, session.identity("primary"))


@pytest.fixture(scope="session")
def tokens(bench: Bench) -> TokenRequests:
    """Requests to the token endpoint, valid and spoiled."""
    if bench.partner.sign_in.kind != "client_credentials":
        raise NotApplicable(Reason.CAPABILITY_NOT_OFFERED, "sign_in.kind is not client_credentials")
    return TokenRequests(bench.session)


@pytest.fixture(scope="session")
def issuer(bench: Bench) -> str:
    """The issuer of the partner's own authorization server, from its metadata (RFC 8414 §2); empty where unknown."""
    url = bench.partner.sign_in.metadata_url
    reply = bench.target.anonymous(Call("GET", url), purpose="setup") if url else None
    found = reply.at("/issuer") if reply is not None and reply.ok else ""
    return found if isinstance(found, str) else ""


@pytest.fixture(scope="session")
def other_tenant(partner: Partner) -> str:
    """The name of the identity that belongs to another tenant."""
    if "other_tenant" not in partner.identities:
        raise NotRun(Reason.MISSING_IDENTITY, "add identities.other_tenant, a client of another tenant, to the profile")
    return "other_tenant"


@pytest.fixture(scope="session")
def bursts(bench: Bench) -> Bursts:
    """Bursts beyond the declared limit; the checks of one attempt share one."""
    return bench.bursts
