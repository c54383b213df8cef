"""There is something to look at: a list with items, or permission to make some."""

from __future__ import annotations

from certify.doctor.ailment import Attribution, Weight
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination
from certify.suite.items import items_of


class Data(Examination):
    name, title, step = "data", "test data", 110
    stands_on = ("probes",)
    quick = False

    def examine(self, case: Case) -> Seen:
        found = {role.role: role for role in case.roles if role.found}
        if "item" in found:
            made = "create" in found and "delete" in found
            return Seen("an item can be read" + ("; certify makes its own and takes them away" if made else ""))
        if "collection" not in found:
            return Seen("the contract has no list to look into", needed=False)
        causes = _why(case, found["collection"].operation)
        message = f"{found['collection'].operation} can be listed, and no item of it can be read"
        ailment = case.ailment(Attribution.PARTNER, message, causes, ("operations",), weight=Weight.MINOR)
        return Seen(message, (ailment,))


def _why(case: Case, name: str) -> list[str]:
    """Why no item can be read: the list is empty, or what it lists is read by something else than it tells."""
    surveyed = next((case.kit.survey.of(op) for op in case.kit.contract.operations if op.id == name), None)
    pointer = case.known.pagination.items_pointer
    reply = surveyed.reply if surveyed is not None else None
    if reply is not None and (items := items_of(reply, pointer)):
        return [
            f"the list has {len(items)} of them: the path wants something else than the id that it tells, or an item "
            "needs more values; name both under operations.item: {operation: …, path: {…}}"
        ]
    causes = ["the list is empty: put one thing of each kind into the sandbox"]
    return causes + (
        [] if case.known.permissions.allow_writes else ["or let certify make some (permissions.allow_writes)"]
    )
