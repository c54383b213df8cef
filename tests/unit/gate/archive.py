"""A folder of certificates that are really signed, and the key set of whoever asks the gate."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from certify.certificate.claims import to_claims
from certify.gate.ask import Request, ask
from certify.model.certificate import CERTIFICATE, Certificate, CertifiedCheck, Provenance
from certify.model.gate import Decision
from certify.program.program import find_program
from certify.signing.jws import Kind, sign
from certify.signing.key_set import TrustedKey, Use, as_jwks
from certify.signing.keyring import SigningKey
from tests.unit.gate.facts import NOW, a_certificate, milestones
from tests.unit.signing.people import person

PLAYBOOK = """\
schema: certify/playbook/1
id: playbook
title: A playbook
version: "1"
roles: [engineer]
certification:
  environments:
    - {id: staging, provenance: practice}
    - {id: production}
    - {id: guarded, revocation_list: true}
milestones:
  - id: launch
    title: Launch
    owner: engineer
    business_days: 1
    criteria:
      - {id: works, statement: It works., kind: automated, checks: [net.control-works]}
"""
CONTRACT = {"openapi": "3.1.0", "info": {"title": "API", "version": "1"}, "paths": {}}
CI, TRUSTED_CI = person("ci", Use.CERTIFICATE, provenance=Provenance.GATED)
LAPTOP, TRUSTED_LAPTOP = person("laptop", Use.CERTIFICATE)
DESK, TRUSTED_DESK = person("desk", Use.REVOCATION)
STRANGER, _ = person("stranger", Use.CERTIFICATE)


@dataclass(frozen=True)
class Archive:
    """``<folder>/reports`` with certificates, ``<folder>/program`` with today's playbook, ``<folder>/jwks.json``."""

    folder: Path

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    def trust(self, *keys: TrustedKey) -> None:
        (self.folder / "jwks.json").write_text(json.dumps(as_jwks(keys)))

    def keep(self, said: Certificate, key: SigningKey = CI) -> Path:
        """Sign a certificate, and put it where its run would be."""
        path = self.reports / said.partner.id / said.run / CERTIFICATE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sign(to_claims(said), key, Kind.CERTIFICATE))
        return path

    def run(self, name: str = "r1", days_ago: float = 1, verdict: str = "certified", **changes: Any) -> Certificate:
        """A certificate of the playbook of today, so that nothing of it is stale."""
        return a_certificate(
            name,
            days_ago,
            verdict,
            **{**self._of_today(verdict), **changes},
        )

    def _of_today(self, verdict: str) -> dict[str, Any]:
        checks = (CertifiedCheck("net.control-works", "passed", attempts=("passed",)),)
        return {
            "milestones": milestones(launch=verdict),
            "digests": digests(self.folder / "program"),
            "checks": checks,
        }

    def ask(self, environment: str = "production", **changes: Any) -> Decision:
        asked = Request(
            "acme",
            "launch",
            environment,
            str(self.folder / "jwks.json"),
            reports=self.reports,
            program=self.folder / "program",
        )
        return ask(replace(asked, **changes), now=NOW)


def digests(program: Path) -> dict[str, str]:
    return dict(find_program(program).digests)


def an_archive(folder: Path) -> Archive:
    """An empty one."""
    (folder / "program").mkdir(parents=True)
    (folder / "reports").mkdir()
    (folder / "program" / "playbook.yaml").write_text(PLAYBOOK)
    (folder / "program" / "openapi").mkdir()
    (folder / "program" / "openapi" / "api.json").write_text(json.dumps(CONTRACT))
    archive = Archive(folder)
    archive.trust(TRUSTED_CI, TRUSTED_LAPTOP, TRUSTED_DESK)
    return archive
