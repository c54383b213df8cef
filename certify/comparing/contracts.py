"""What changed between the contracts that two runs were held to, by the rules for changes of contracts."""

from __future__ import annotations

from datetime import UTC, datetime

from certify.comparing.recorded import Recorded
from certify.errors import CertifyError
from certify.model.change import Change
from certify.model.plan import Plan


def contract_changes(before: Recorded, after: Recorded) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The changes, and notes on what could not be compared. Nothing is read where both contracts are the same."""
    if before.plan.digests.get("contract", "") == after.plan.digests.get("contract", ""):
        return (), ()
    one, other = before.contract, after.contract
    if one is None or other is None:
        return (), (f"{_operations(before.plan, after.plan)} A run kept no contract to compare.",)
    from certify.contract import load_contract  # heavy, and not needed where nothing changed
    from certify.contract.changes import compare

    try:
        today = datetime.fromtimestamp(after.plan.started, UTC).date()
        return compare(load_contract(str(one)), load_contract(str(other)), today), ()
    except CertifyError as error:
        return (), (f"{_operations(before.plan, after.plan)} The contracts could not be compared: {error.message}.",)


def _operations(before: Plan, after: Plan) -> str:
    """By their names alone."""
    old, new = set(before.contract.operations), set(after.contract.operations)
    came, went = sorted(new - old), sorted(old - new)
    told = [f"{len(came)} operations came ({_few(came)})"] * bool(came)
    told += [f"{len(went)} went ({_few(went)})"] * bool(went)
    return f"The contract is another one: {', '.join(told) or 'with the same operations'}."


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
