"""There is something to look at: a list with items, or permission to make some."""

from __future__ import annotations

from certify.doctor.ailment import Attribution, Weight
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination


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
        causes = ["the sandbox is empty: put one thing of each kind into it"]
        causes += [] if case.known.permissions.allow_writes else ["or let certify make some (permissions.allow_writes)"]
        message = f"{found['collection'].operation} can be listed, and no item of it can be read"
        ailment = case.ailment(Attribution.PARTNER, message, causes, ("operations",), weight=Weight.MINOR)
        return Seen(message, (ailment,))
