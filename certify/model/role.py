"""Roles: which operation of a contract serves as what, as it was tried on the live sandbox."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("read", "collection", "item", "create", "update", "delete", "paginated", "privileged")


@dataclass(frozen=True)
class RoleFound:
    """The operation that plays a role, and why it was chosen.

    ``operation`` is its id, empty where none was found; then ``entry`` is the text of the profile that would enable it,
    ready to be pasted. ``exchange`` and ``status`` are those of the request that proved it: 0 where none was sent.
    Where no operation was found, ``status`` is what all that were tried answered alike.
    """

    role: str
    operation: str
    reason: str
    entry: str = ""
    exchange: str = ""
    status: int = 0

    @property
    def found(self) -> bool:
        return bool(self.operation)
