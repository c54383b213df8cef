"""Each role has an operation that works here."""

from __future__ import annotations

from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination
from certify.model.codec import encode
from certify.model.role import RoleFound
from certify.suite.scouting import scout


class Probes(Examination):
    name, title, step = "probes", "the probes", 90
    stands_on = ("paths",)
    quick = False

    def examine(self, case: Case) -> Seen:
        case.roles = scout(case.kit)
        found = [role for role in case.roles if role.found]
        ailments = tuple(_missing(case, role) for role in case.roles if not role.found)
        told = f"{len(found)} of {len(case.roles)} work: {', '.join(role.role for role in found)}"
        return Seen(told, ailments, {"roles": [encode(role) for role in case.roles]})


def _missing(case: Case, role: RoleFound) -> Ailment:
    """Without a read nothing can be judged; every other role costs some checks."""
    permitted = not role.entry.startswith("permissions:")
    weight = Weight.SERIOUS if role.role == "read" else Weight.MINOR
    message = f"no operation for {role.role}: {role.reason}"
    place = ("operations", role.role) if permitted else ("permissions",)
    causes = ["the checks that need it will not run; this entry would enable them"]
    return case.ailment(Attribution.PROFILE, message, causes, place, role.entry, weight)
