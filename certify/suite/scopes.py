"""Access tokens with chosen scopes: minted, or asked of the partner's own token endpoint."""

from __future__ import annotations

from collections.abc import Sequence

from certify.http.session import Session
from certify.http.token_request import client_proof, token_request
from certify.model.outcome import Reason
from certify.suite.target import Target
from certify.suite.verdicts import NotApplicable, NotRun


class ScopedTokens:
    """Gives tokens of ``primary`` that carry exactly the scopes asked for."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._issued: dict[tuple[str, ...], str] = {}

    @property
    def session(self) -> Session:
        return self._target.session

    @property
    def minted(self) -> bool:
        """Whether any scope can be put into a token, also one that no authorization server would grant."""
        return self.session.minter is not None

    def token(self, scopes: Sequence[str]) -> str:
        """A token with those scopes. Raises a :class:`Stop` where none can be had."""
        wanted = tuple(scopes)
        if self.session.minter is not None:
            return self.session.minter.token(self.session.identity("primary"), scopes=wanted).compact()
        sign_in = self.session.partner.sign_in
        if sign_in.kind != "client_credentials" or sign_in.settings.get("dpop"):  # bound tokens are not for lending
            raise NotApplicable(
                Reason.CAPABILITY_NOT_OFFERED,
                "tokens with chosen scopes cannot be had: add platform_tokens to the profile, or sign in with "
                "client_credentials",
            )
        if wanted not in self._issued:
            self._issued[wanted] = self._ask(wanted)
        return self._issued[wanted]

    def _ask(self, scopes: tuple[str, ...]) -> str:
        if not scopes:
            raise NotRun(Reason.CANNOT_TELL, "a token without scopes cannot be asked for (RFC 6749 §3.3)")
        session = self.session
        secret = client_proof(session.partner, session.secrets.get("primary", {}))
        call = token_request(session.partner, session.identity("primary"), secret, scopes)
        reply = self._target.anonymous(call, purpose="setup")
        token, granted = reply.at("/access_token"), reply.at("/scope")
        # RFC 6749 §5.1: where scope is left out of the answer, what was asked for was granted.
        if not isinstance(token, str) or (isinstance(granted, str) and set(granted.split()) != set(scopes)):
            raise NotRun(Reason.CANNOT_TELL, f"the token endpoint gives no token with just {' '.join(scopes)!r}")
        session.recorder.redactor.learn(token)
        return token
