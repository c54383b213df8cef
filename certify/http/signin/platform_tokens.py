"""Sign-in with tokens that certify mints itself, as the issuer that the sandbox trusts (RFC 9068)."""

from __future__ import annotations

import time

from certify.errors import ProfileError
from certify.http.signin.interface import Credentials, Flow
from certify.model.partner import Identity


class PlatformMinted(Flow):
    """Access tokens that certify mints, as an issuer that the sandbox trusts (RFC 9068)."""

    kind = "platform_tokens"
    renewable = True

    def sign_in(self, identity: Identity) -> Credentials:
        minter = self.means.minter
        if minter is None:
            raise ProfileError("sign_in.kind is platform_tokens, but the profile has no platform_tokens section")
        token = minter.token(identity).compact()
        return Credentials({"Authorization": f"Bearer {token}"}, token, time.time() + minter.settings.lifetime_s * 0.8)
