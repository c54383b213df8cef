"""Around a run: a ledger for it, first a sandbox without what earlier runs left, at last without what this one made."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from certify.contract import Contract
from certify.contract.validation import Schemas
from certify.errors import CertifyError
from certify.http.broker import Ask, Broker
from certify.http.pacing import polite_rate
from certify.http.session import open_session
from certify.ledger import Entry, Ledger, Owner, abandoned, kept, open_ledger, owner_of, read_entries
from certify.model.cleanup import CleanUp, Leftover
from certify.model.codec import encode
from certify.model.partner import Partner
from certify.preflight import check_way, contract_of
from certify.program.program import find_program
from certify.rundir import CLEANUP, RunDirectory
from certify.suite.inputs import Inputs
from certify.suite.settling import PATIENCE_S, Accounts, Settled, Settler
from certify.suite.target import Target

INTERRUPTED_S = 15.0
"""Seconds that cleaning up may take when somebody is waiting for an interrupted run to end."""
MOST_PLACES = 20
"""Paths of things of one kind that are told."""


@contextmanager
def ledger_for(partner: Partner, contract: Contract, run: str) -> Iterator[Ledger | None]:
    """The ledger of a run, kept afterwards only where something on it can still be deleted. None where nothing may be
    written. Raises :class:`certify.errors.OutputError` where it cannot be kept: then nothing is sent."""
    if not partner.permissions.allow_writes:
        yield None
        return
    ledger = open_ledger(partner.base_url, run, partner.id)
    try:
        yield ledger
    finally:
        ledger.close(discard=Accounts(contract, partner.permissions).account(ledger).hopeless)


def settle_earlier(
    partner: Partner, contract: Contract, tell: Callable[[str], None], parent: Ask | None = None
) -> list[tuple[Owner, Settled]]:
    """Delete what interrupted runs against this base URL left behind, and say so. Living runs are left alone.

    ``parent`` signs in, where somebody has a session already.
    """
    settled, accounts = [], Accounts(contract, partner.permissions)
    for owner, ledger in abandoned(partner.base_url, tell):
        waiting, found = sum(map(accounts.waiting, ledger.entries())), accounts.account(ledger)
        if waiting:  # what cannot be deleted was told by the run that made it
            tell(f"run {owner.run or 'unknown'} left {_things(waiting)} in the sandbox: cleaning up first")
            found = settle(partner, contract, ledger, parent=parent)
            tell(sentence(found))
        if waiting or found.left:
            settled.append((owner, found))
        ledger.close(discard=found.hopeless)
    return settled


@dataclass(frozen=True)
class Standing:
    """How a ledger stands. ``done``: nothing on it could still be deleted, so it is not kept."""

    run: str
    time: float
    living: bool
    cleanup: CleanUp
    done: bool = False


def standing(partner: Partner) -> list[Standing]:
    """Every ledger for the profile's base URL, without sending anything."""
    free = []
    for owner, ledger in abandoned(partner.base_url):
        free.append(owner.run)
        ledger.close()
    accounts = Accounts(None, partner.permissions)
    owners = [(owner_of(path), accounts.account_for(read_entries(path).values())) for path in kept(partner.base_url)]
    return [Standing(o.run, o.time, o.run not in free, summed_up(found), found.hopeless) for o, found in owners]


def clean_up(partner: Partner, tell: Callable[[str], None]) -> list[Standing]:
    """Settle every ledger for the profile's base URL whose run has ended."""
    contract = contract_of(partner, find_program(None).contract)
    with closing(open_session(partner)) as session:
        check_way(session)
        settled = settle_earlier(partner, contract, tell, Broker(session))
    return [Standing(owner.run, owner.time, False, summed_up(found), found.hopeless) for owner, found in settled]


def settle(
    partner: Partner,
    contract: Contract,
    ledger: Ledger,
    *,
    record: Path | None = None,
    seconds: float = PATIENCE_S,
    parent: Ask | None = None,
    meter: Path | None = None,
) -> Settled:
    """Settle a ledger in a session of its own; nothing is sent where nothing is open. ``record`` is a run directory,
    and ``meter`` the run's: what is looked up counts, and what was created may be deleted in any case."""
    if not any(entry.open for entry in ledger.entries()):
        return Accounts(contract, partner.permissions).account(ledger)
    rate, run = polite_rate(partner), owner_of(ledger.path).run
    with closing(
        open_session(
            partner, directory=record, writer="cleanup", rate=rate, run_id=f"{run}/cleanup", meter=meter, parent=parent
        )
    ) as session:
        inputs = Inputs(contract, Schemas(contract), partner)
        return Settler(contract, inputs, Target(session)).settle(ledger, seconds=seconds)


def settle_run(
    partner: Partner,
    contract: Contract,
    ledger: Ledger | None,
    parent: Ask | None,
    rundir: RunDirectory,
    interrupted: bool,
    meter: Path,
) -> None:
    """Settle the ledger of a run that is ending, and write into its record what came of it."""
    if ledger is None:
        return
    seconds = INTERRUPTED_S if interrupted else PATIENCE_S
    try:
        found = settle(partner, contract, ledger, record=rundir.path, seconds=seconds, parent=parent, meter=meter)
    except (KeyboardInterrupt, CertifyError):  # the next run goes on with the ledger
        found = Accounts(contract, partner.permissions).account(ledger)
    except Exception as error:  # a run that is finished is sealed, whatever its clean-up meets
        found = _given_up(Accounts(contract, partner.permissions).account(ledger), error)
    rundir.write(CLEANUP, json.dumps(encode(summed_up(found)), indent=1, ensure_ascii=False).encode())


def _given_up(found: Settled, error: Exception) -> Settled:
    """What is left says that cleaning up failed, unless it has a reason of its own."""
    why = f"cleaning up failed ({type(error).__name__}); `certify cleanup` tries again"
    return replace(found, left=tuple(replace(entry, how=entry.how or why) for entry in found.left))


def summed_up(settled: Settled) -> CleanUp:
    """What came of a ledger, by kind and reason."""
    kinds: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in settled.left:
        kinds[entry.operation, entry.identity, entry.how].append(entry)
    left = tuple(
        Leftover(operation, identity, why, len(entries), _places(entries))
        for (operation, identity, why), entries in kinds.items()
    )
    return CleanUp(settled.created, settled.deleted, left)


def sentence(settled: Settled) -> str:
    """What came of a ledger, in words."""
    kept = f", {_things(len(settled.left))} could not be: {settled.left[0].how}" if settled.left else ""
    return f"{_things(settled.deleted)} deleted or gone{kept}"


def _places(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Their paths; of those without one, where they were made and the text in them that nobody else writes."""
    marked = (entry.place or (f"{entry.path} with {entry.canary}" if entry.canary else "") for entry in entries)
    return tuple(place for place in marked if place)[:MOST_PLACES]


def _things(count: int) -> str:
    return "1 object" if count == 1 else f"{count} objects"
