"""What it takes to ask a sandbox something: put together once, for the suites, the doctor and whoever scouts.

kit = open_kit(partner, contract, session)
kit.target.send(kit.probes.secured_read())
kit.clean_up()
"""

from __future__ import annotations

from dataclasses import dataclass

from certify.contract import Contract
from certify.contract.validation import Schemas
from certify.http.session import Session
from certify.ledger import Ledger
from certify.model.partner import Partner
from certify.suite.guidance import guided
from certify.suite.keeping import Keeper
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
    ledger: Ledger | None

    def clean_up(self) -> None:
        """Delete what was made. A ledger on which nothing is open any more is removed by whoever opened it."""
        self.things.clean_up()


def open_kit(partner: Partner, contract: Contract, session: Session, ledger: Ledger | None = None) -> Kit:
    """Nothing is sent yet. Where the profile allows writing, ``ledger`` says what has to be cleaned up.

    Whoever opens a kit calls :meth:`Kit.clean_up` at the end.
    """
    contract = guided(contract, partner)
    schemas = Schemas(contract, formats=partner.assert_formats)
    target = Target(session, keeper=Keeper(contract, ledger))
    things = Things(contract, schemas, partner, target, ledger)
    survey = Survey(contract, target, things)
    probes = Probes(contract, target, things, survey)
    return Kit(partner, contract, session, schemas, target, things, survey, probes, ledger)
