"""What a test may ask for. Each fixture that picks an operation picks it from the contract, or takes the profile's hint.

target        the sandbox: send calls as somebody
partner       the profile                 contract   the OpenAPI document           schemas   its validators
things        test data that we make      survey     every operation, called once   traffic   all exchanges so far
minter        mints platform tokens       resource   the most complete collection   secured_read   a valid GET
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from certify.contract import Contract, Operation, Resource
from certify.contract.validation import Schemas
from certify.http.call import Call
from certify.http.minting import Minter
from certify.model.outcome import Reason
from certify.model.partner import Partner
from certify.pytest_plugin import BENCH
from certify.suite.bench import Bench
from certify.suite.survey import Survey
from certify.suite.target import Target
from certify.suite.things import Things
from certify.suite.traffic import Traffic
from certify.suite.verdicts import NotApplicable, NotRun, Stop


@pytest.fixture(scope="session")
def bench(request: pytest.FixtureRequest) -> Bench:
    return request.config.stash[BENCH]


@pytest.fixture(scope="session")
def target(bench: Bench) -> Target:
    return bench.target


@pytest.fixture(scope="session")
def partner(bench: Bench) -> Partner:
    return bench.partner


@pytest.fixture(scope="session")
def contract(bench: Bench) -> Contract:
    return bench.contract


@pytest.fixture(scope="session")
def schemas(bench: Bench) -> Schemas:
    return bench.schemas


@pytest.fixture(scope="session")
def things(bench: Bench) -> Things:
    return bench.things


@pytest.fixture(scope="session")
def survey(bench: Bench) -> Survey:
    return bench.survey


@pytest.fixture
def traffic(bench: Bench) -> Traffic:
    """All exchanges of the run so far, of every source."""
    return Traffic(bench.rundir, bench.contract, bench.partner.base_url)


@pytest.fixture(scope="session")
def minter(bench: Bench) -> Minter:
    """Mints tokens by the server's clock, which is measured first."""
    if bench.session.minter is None:
        raise NotApplicable(
            Reason.CAPABILITY_NOT_OFFERED, "the profile has no platform_tokens: certify cannot mint tokens"
        )
    return bench.session.minter


@pytest.fixture
def resource(contract: Contract) -> Resource:
    """The most complete collection that can be created, read and listed."""
    return find_resource(contract, "create", "read", "list")


def find_resource(contract: Contract, *operations: str) -> Resource:
    """The most complete collection with all of those operations. Raises :class:`NotRun` where there is none."""
    for resource in contract.resources:
        if all(getattr(resource, name) is not None for name in operations):
            return resource
    raise NotRun(Reason.MISSING_PROBE, f"the contract has no collection with {', '.join(operations)}")


@pytest.fixture(scope="session")
def secured_read(bench: Bench) -> Call:
    """A valid, secured GET: the profile's ``operations.read``, else a list, else an item, whichever works first."""
    tried = []
    for operation in read_candidates(bench):
        try:
            call = replace(bench.things.call(operation), expects=operation.successes)
            reply = bench.target.send(call, purpose="setup")
        except Stop as stop:
            tried.append(f"{operation.id}: {stop.note}")
            continue
        if reply.success:
            return call
        tried.append(f"{operation.id}: {reply}")
    raise NotRun(
        Reason.MISSING_PROBE,
        "no secured read answers with a success; name one under operations.read in the profile. Tried: "
        + ("; ".join(tried[:5]) or "nothing, the contract has no secured GET"),
    )


def read_candidates(bench: Bench) -> list[Operation]:
    """Secured reads: the hinted one, then those that need the fewest values."""
    hint = bench.partner.operations.get("read")
    hinted = bench.contract.operation(hint.operation) if hint else None
    found = [op for op in bench.contract.operations if op.method == "GET" and op.secured]
    required = {op.id: sum(parameter.required for parameter in op.parameters) for op in found}
    ordered = sorted(found, key=lambda op: (required[op.id], not _lists(bench, op)))
    return [hinted, *ordered] if hinted else list(ordered)


def _lists(bench: Bench, operation: Operation) -> bool:
    return any(resource.list == operation for resource in bench.contract.resources)
