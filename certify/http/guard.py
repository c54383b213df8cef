"""Hosts that the profile does not name are never contacted: not by us, and not because a partner says so."""

from __future__ import annotations

from urllib.parse import urlsplit

from certify.errors import ProfileError
from certify.model.partner import Partner

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Guard:
    """Knows the origins of a profile: base URL, sign-in URLs, ``allowed_hosts`` (``host`` or ``host:port``)."""

    def __init__(self, partner: Partner) -> None:
        settings = partner.sign_in.settings
        further = [str(settings[name]) for name in ("authorize_url", "login_url") if name in settings]
        named = (partner.base_url, partner.sign_in.token_url, partner.sign_in.metadata_url, *further)
        self._origins = {_origin(url) for url in named if url}
        self._hosts = frozenset(partner.allowed_hosts)

    def names(self, url: str) -> bool:
        """Whether the URL's host was named."""
        try:
            self.check(url)
        except ProfileError:
            return False
        return True

    def check(self, url: str) -> None:
        """Raise :class:`ProfileError` unless the URL's host was named."""
        try:
            host, port = _origin(url)
        except ValueError:
            raise ProfileError(f"{url} is not a URL, so nothing is sent to it") from None
        if (host, port) in self._origins or host in self._hosts or f"{host}:{port}" in self._hosts:
            return
        raise ProfileError(
            f"{host}:{port} is not a host that the profile names, so it is not contacted",
            [f"add {host!r} to target.allowed_hosts if it belongs to the sandbox"],
        )


def _origin(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
