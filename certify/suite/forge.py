"""Tokens of ``primary``, valid and spoiled, for the checks that look at how a sandbox reads them."""

from __future__ import annotations

from collections.abc import Iterator

from certify.http.minting import Minter, Token
from certify.model.partner import Identity
from certify.mutations import Mutation, mutations


class Forge:
    """Every token is fresh, so that no cache of results answers in the place of a check."""

    def __init__(self, minter: Minter, identity: Identity) -> None:
        self.minter, self._identity = minter, identity

    @property
    def settings(self) -> object:
        return self.minter.settings

    def token(self, algorithm: str = "") -> Token:
        """A valid token, unsigned."""
        return self.minter.token(self._identity, algorithm)

    def valid(self) -> str:
        """A valid token in its compact form."""
        return self.token().compact()

    def spoiled(self, family: str) -> Iterator[tuple[Mutation, str]]:
        """One token for each mutation of a family that changes something about this partner's tokens."""
        for mutation in mutations(family):
            token = mutation.apply(self.token(), self.minter)
            if token is not None:
                yield mutation, token
