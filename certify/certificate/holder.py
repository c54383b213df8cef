"""Whose certificate it is: that of the partner who shows it, with the profile that was certified.

With the profile at hand, what the partner offers is derived again from it and the contract, by the rules by which the
run was planned. So a certificate cannot say that a capability was not offered which the profile offers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from certify.certificate.case import Case
from certify.certificate.problem import Flaw, Problem
from certify.errors import CertifyError, ProfileError
from certify.model.certificate import DIGESTED
from certify.program.digest import digest
from certify.program.source import read_document
from certify.rundir import file_digest

if TYPE_CHECKING:
    from certify.contract import Contract
    from certify.model.partner import Partner

_OTHERS = "a certificate speaks for one partner only: name the one of this partner"
_AGAIN = "run with the profile as it is now, and have that run signed"


def holder(case: Case) -> Iterator[Problem]:
    """Hold a certificate against the partner that it is shown for."""
    wanted, whose = case.against.expect_partner, case.certificate.partner.id
    if wanted and wanted != whose:
        yield Problem(Flaw.OTHER_PARTNER, f"it is of partner {whose}, not of {wanted}", wanted, whose, _OTHERS)
    if case.against.partner is not None:
        yield from _profile(case, case.against.partner)


def _profile(case: Case, file: Path) -> Iterator[Problem]:
    shown, said = read_document(file, ProfileError).value.get("id"), case.certificate
    if shown != said.partner.id:
        message = f"it is of partner {said.partner.id}, and {file} is the profile of {shown}"
        yield Problem(Flaw.OTHER_PARTNER, message, str(shown), said.partner.id, _OTHERS)
    elif (found := digest(file)) != (signed := said.digests.get("profile", "none")):
        yield Problem(Flaw.PROFILE, f"{file} is not the profile that was certified", signed, found, _AGAIN)
    else:
        yield from _capabilities(case, file)


def _capabilities(case: Case, file: Path) -> Iterator[Problem]:
    """What the profile offers, by the planner's own rules. Where it refers to what is gone by now, a note says so."""
    from certify.planning import capabilities
    from certify.program.partner import load_partner

    try:
        partner = load_partner(file, secrets=False)
    except ProfileError as error:
        case.notes.append(f"what the profile offers was not derived: {error.message}")
        return
    contract = _contract(case, partner)
    if contract is None:
        case.notes.append("what the profile offers was not derived: the contract that was certified is not at hand")
        return
    claimed = case.certificate.capabilities
    for name, lack in capabilities(partner, contract).items():
        if bool(lack) != bool(claimed.get(name)):
            message = f"it says otherwise than profile and contract whether {name} can be tested"
            advice = "do not rely on it; run again, and have that run signed"
            yield Problem(Flaw.CAPABILITIES, message, lack or "it can", claimed.get(name) or "it can", advice)


def _contract(case: Case, partner: Partner) -> Contract | None:
    """The contract that was certified: the one in the run directory, the profile's, or the program's."""
    from certify.contract import load_contract
    from certify.contract.prepared import load_prepared

    digests, program = case.certificate.digests, case.against.program
    own = Path(partner.contract) if partner.contract and "://" not in partner.contract else None
    brought = own if partner.contract else program.contract if program is not None else None
    try:
        document = case.folder / DIGESTED["document"]
        if document.is_file() and file_digest(document) == digests.get("document"):
            return load_prepared(str(document))
        if brought is not None and digest(brought) == digests.get("contract"):
            return load_contract(brought)
    except (CertifyError, OSError, ValueError):
        return None
    return None
