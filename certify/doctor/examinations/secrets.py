"""Every secret that the profile names is there. Commands are not started yet."""

from __future__ import annotations

from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination
from certify.program.partner import load_partner


class Secrets(Examination):
    name, title, step = "secrets", "the secrets", 15
    stands_on = ("profile",)

    def examine(self, case: Case) -> Seen:
        count = sum(len(identity.secrets) for identity in case.known.identities.values())
        if not count:
            return Seen("the profile names none", needed=False)
        load_partner(case.file)
        return Seen("1 is there" if count == 1 else f"all {count} are there")
