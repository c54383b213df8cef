"""Who signs in the tests of certificates: a pipeline, two reviewers, and a stranger."""

from __future__ import annotations

from certify.model.certificate import Provenance
from certify.signing.key_set import Use
from tests.unit.signing.people import person

CI = person("Release pipeline", Use.CERTIFICATE, provenance=Provenance.GATED)
ADA = person("Ada Byron", Use.APPROVAL, roles=("solution-engineer",))
BOB = person("Bob Kahn", Use.APPROVAL, roles=("platform-security",))
STRANGER = person("Mallory", Use.CERTIFICATE, Use.APPROVAL, roles=("solution-engineer",))
