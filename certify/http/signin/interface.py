"""A sign-in flow gives an identity the credentials that prove who is calling."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from certify.http.credentials import ClientCertificate
from certify.http.credentials import Credentials as Credentials
from certify.http.minting import Minter
from certify.http.wire import Wire
from certify.model.partner import Identity, Partner


@dataclass(frozen=True)
class Means:
    """What a flow may use: the profile, each identity's resolved secrets, the wire, and the minter if there is one."""

    partner: Partner
    secrets: Mapping[str, Mapping[str, str]]
    wire: Wire
    minter: Minter | None = None

    def certificate(self, identity: Identity) -> ClientCertificate | None:
        """What the identity shows in TLS, where its profile names a certificate."""
        secrets = self.secrets.get(identity.name, {})
        chain = secrets.get("certificate", "")
        return ClientCertificate(chain, secrets.get("certificate_key", "")) if chain else None


class Flow(ABC):
    """One kind of sign-in."""

    kind: ClassVar[str]
    converses: ClassVar[bool] = False
    """Whether signing in is a conversation with the partner; then one process of a run has it, for all."""
    renewable: ClassVar[bool] = False
    """Whether signing in again can give other credentials than before."""

    def __init__(self, means: Means) -> None:
        self.means = means

    @abstractmethod
    def sign_in(self, identity: Identity) -> Credentials:
        """Fresh credentials. Raises :class:`certify.errors.SandboxUnreachableError` where the partner refuses."""

    def renew(self, identity: Identity) -> Credentials:
        """Credentials in the place of those that end: by signing in again, unless the flow knows a shorter way."""
        return self.sign_in(identity)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The members of the profile's ``sign_in`` besides kind and endpoints."""
        return self.means.partner.sign_in.settings

    def secret(self, identity: Identity, name: str) -> str:
        """A resolved secret of an identity; empty where the profile names none."""
        return self.means.secrets.get(identity.name, {}).get(name, "")
