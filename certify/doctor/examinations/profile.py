"""The profile can be loaded, and nothing in it was left to be filled in."""

from __future__ import annotations

from certify.doctor.ailment import Attribution
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination
from certify.program.partner import load_partner
from certify.program.placeholder import PLACEHOLDER, placeholders
from certify.program.source import spell


class Profile(Examination):
    name, title, step = "profile", "the profile", 10

    def examine(self, case: Case) -> Seen:
        case.partner = case.partner or load_partner(case.file, secrets=False)
        left = [
            case.ailment(
                Attribution.PROFILE,
                f"{spell(place)} still says {PLACEHOLDER}",
                ["it was left to be filled in by somebody who knows the sandbox"],
                [str(step) for step in place],
            )
            for place in placeholders(case.document.value)
        ]
        names = ", ".join(case.partner.identities) or "nobody"
        return Seen(f"sign-in {case.partner.sign_in.kind} for {names}", tuple(left))
