"""The contract can be read, and has the operations that the profile names."""

from __future__ import annotations

from certify.contract.problem import Effect
from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination
from certify.errors import SandboxUnreachableError
from certify.formats.words import counted
from certify.preflight import contract_of
from certify.program.partner import check_partner
from certify.program.program import program_for

MOST = 5
_DONE = {
    Effect.FATAL: "nothing can be tested",
    Effect.SET_ASIDE: "the operations that need it are left out",
    Effect.MENDED: "certify steps around it",
    Effect.NOTED: "it changes nothing",
}
"""What was done about a mistake: never that it is mended, which only the owner of the document can do."""


class TheContract(Examination):
    name, title, step = "contract", "the contract", 60
    stands_on = ("profile",)

    def examine(self, case: Case) -> Seen:
        if case.contract is None:
            program = program_for(case.program, case.known.contract)
            try:
                case.contract = contract_of(case.known, program.contract)
            except SandboxUnreachableError as error:
                return _unfetched(case, error)
        contract = case.contract
        check_partner(case.known, [operation.id for operation in contract.operations])
        told = f"{contract.title or 'untitled'} {contract.version}: {counted(len(contract.operations), 'operation')}"
        return Seen(told, tuple(_mistakes(case)), {"operations": len(contract.operations)})


def _unfetched(case: Case, error: SandboxUnreachableError) -> Seen:
    causes = [advice for advice in error.advice if "target.contract" not in advice or "wrong place" in advice]
    ailment = case.ailment(Attribution.PARTNER, error.message, causes, ("target", "contract"))
    return Seen(error.message, (ailment,))


def _mistakes(case: Case) -> list[Ailment]:
    """What was stepped around when the document was read."""
    found = case.promised.problems
    told = [
        Ailment(
            Attribution.CONTRACT,
            f"{item.problem.message} ({_DONE[item.effect]})",
            (),
            item.problem.file,
            item.problem.line,
            item.problem.path,
            item.problem.advice,
            Weight.MINOR,
        )
        for item in found[:MOST]
    ]
    if len(found) > MOST:
        told.append(Ailment(Attribution.CONTRACT, f"and {len(found) - MOST} more mistakes in it", weight=Weight.MINOR))
    return told
