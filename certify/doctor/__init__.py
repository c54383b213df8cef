"""Before any certification, in seconds: is the profile right, is the sandbox there, does it let us in, will it do?

with Visit(Case(Path("partner.yaml"))) as visit:
    diagnosis = visit.whole()          # `certify doctor`: every examination
    visit.refuse_broken()              # `certify run`: the quick ones; raises where a run would be worthless

Each examination stands on former ones; what stands on a failed one is *not looked at*, and never green.
"""

from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.case import Case
from certify.doctor.diagnosis import Diagnosis, State
from certify.doctor.visit import Visit

__all__ = ["Ailment", "Attribution", "Case", "Diagnosis", "State", "Visit", "Weight"]
