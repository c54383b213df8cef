"""What it takes to ask a sandbox something: put together once, for the suites, the doctor and whoever scouts.

kit = open_kit(partner, contract, session)
kit.target.send(kit.probes.secured_read())
kit.things.clean_up()
"""

from __future__ import annotations

from dataclasses import dataclass

from certify.contract import Contract
from certify.contract.validation import Schemas
from certify.http.session import Session
from certify.model.partner import Partner
from certify.suite.probes import Probes
from certify.suite.survey import Survey
from certify.suite.target import Target
from certify.suite.things import Things


@dataclass(frozen=True)
class Kit:
    """The parts share what they learn: what one of them asked the sandbox, the others know."""

    partner: Partner
    contract: Contract
    session: Session
    schemas: Schemas
    target: Target
    things: Things
    survey: Survey
    probes: Probes


def open_kit(partner: Partner, contract: Contract, session: Session) -> Kit:
    """Nothing is sent yet. Whoever opens a kit calls ``kit.things.clean_up()`` at the end."""
    schemas = Schemas(contract, formats=partner.assert_formats)
    target = Target(session)
    things = Things(contract, schemas, partner, target)
    survey = Survey(contract, target, things)
    probes = Probes(contract, target, things, survey)
    return Kit(partner, contract, session, schemas, target, things, survey, probes)
