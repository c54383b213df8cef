"""What the sections of a drafted profile are written from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from certify.contract import Contract
from certify.formats.inert import one_line
from certify.onboarding.kinds import Scheme
from certify.onboarding.questions import Ask, Wishes


@dataclass(frozen=True)
class Facts:
    """The contract, and what was said or asked. ``contract_name`` is how the profile names the contract."""

    contract: Contract
    contract_name: str
    base_url: str
    why_base_url: str
    id: str
    name: str
    scheme: Scheme
    wishes: Wishes
    ask: Ask

    def shown(self, text: str) -> str:
        """Text of the contract, harmless and on one line."""
        return one_line(text, 120)

    def variable(self, identity: str, member: str) -> str:
        """The environment variable of an identity's secret: ``ACME_PRIMARY_TOKEN``."""
        return re.sub("[^A-Z0-9]+", "_", f"{self.id}_{identity}_{member}".upper()).strip("_").lstrip("0123456789_")

    def reference(self, identity: str, member: str) -> str:
        """Where a secret is: certificates are files, everything else a variable."""
        if member.startswith("certificate"):
            return f"{{file: {identity}-{member.replace('_', '-')}.pem}}"
        return f"{{env: {self.variable(identity, member)}}}"

    @property
    def exports(self) -> tuple[tuple[str, str], ...]:
        """The variables that ``primary`` needs, and what each holds."""
        named = [(member, what) for member, what in self.scheme.secrets if not member.startswith("certificate")]
        return tuple((self.variable("primary", member), what) for member, what in named)
