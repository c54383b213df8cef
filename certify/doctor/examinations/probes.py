"""Each role has an operation that works here."""

from __future__ import annotations

from certify.cleanup import settle_earlier
from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination
from certify.http.broker import Broker
from certify.model.codec import encode
from certify.model.role import RoleFound
from certify.suite.scouting import scout


class Probes(Examination):
    name, title, step = "probes", "the probes", 90
    stands_on = ("paths",)
    quick = False

    def examine(self, case: Case) -> Seen:
        notes: list[str] = []
        if case.known.permissions.allow_writes:
            settle_earlier(case.known, case.promised, notes.append, Broker(case.session))
        case.roles = scout(case.kit)
        case.kit.clean_up()
        found = [role.role for role in case.roles if role.found]
        ailments = [_missing(case, role) for role in case.roles if not role.found] + _left(case)
        told = "; ".join([f"{len(found)} of {len(case.roles)} work: {', '.join(found) or 'none'}", *notes])
        return Seen(told, tuple(ailments), {"roles": [encode(role) for role in case.roles]})


def _left(case: Case) -> list[Ailment]:
    """What was made to try the probes, and could not be taken away again."""
    ledger = case.kit.ledger
    count = sum(entry.open for entry in ledger.entries()) if ledger is not None else 0
    if not count:
        return []
    objects = "1 object that was" if count == 1 else f"{count} objects that were"
    message = f"{objects} made to try the probes could not be taken away again"
    causes = [f"no delete of the contract works on it: `certify cleanup --partner {case.file} --list` says which"]
    return [case.ailment(Attribution.CONTRACT, message, causes, weight=Weight.MINOR)]


def _missing(case: Case, role: RoleFound) -> Ailment:
    """Without a read nothing can be judged; every other role costs some checks."""
    permitted = not role.entry.startswith("permissions:")
    weight = Weight.SERIOUS if role.role == "read" else Weight.MINOR
    message = f"no operation for {role.role}: {role.reason}"
    place = ("operations", role.role) if permitted else ("permissions",)
    causes = ["the checks that need it will not run; this entry would enable them"]
    return case.ailment(Attribution.PROFILE, message, causes, place, role.entry, weight)
