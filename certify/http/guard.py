"""Hosts that the profile does not name are never contacted: not by us, and not because a partner says so."""

from __future__ import annotations

from urllib.parse import urlsplit

from certify.errors import ProfileError
from certify.model.partner import Partner

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Guard:
    """Knows the origins of a profile: base URL, sign-in URLs, ``allowed_hosts`` (``host`` or ``host:port``).

    Names are compared in any case (RFC 9110 §4.2.3). Where the profile itself uses https, a host that it merely allows
    is not contacted without: a link of the partner's would take the credentials there in clear text.
    """

    def __init__(self, partner: Partner) -> None:
        settings = partner.sign_in.settings
        further = [str(settings[name]) for name in ("authorize_url", "login_url") if name in settings]
        named = (partner.base_url, partner.sign_in.token_url, partner.sign_in.metadata_url, *further)
        self._origins = {_origin(url) for url in named if url}
        self._hosts = frozenset(_place(host) for host in partner.allowed_hosts)
        self._tls = any(scheme == "https" for scheme, _, _ in self._origins)

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
            scheme, host, port = _origin(url)
        except ValueError:
            place = url.split("?", 1)[0]  # a query may carry a credential
            raise ProfileError(f"{place[:200]!r} is not a URL, so nothing is sent to it") from None
        if (scheme, host, port) in self._origins:
            return
        spelt = f"[{host}]" if ":" in host else host
        if not self._hosts & {(host, 0), (host, port)}:
            raise ProfileError(
                f"{spelt}:{port} is not a host that the profile names, so it is not contacted",
                [f"add {spelt!r} to target.allowed_hosts if it belongs to the sandbox"],
            )
        if self._tls and scheme != "https":
            raise ProfileError(
                f"{spelt}:{port} would be contacted without TLS, which the sandbox uses, so it is not contacted",
                ["the link or redirect to it should begin with https://"],
            )


def _origin(url: str) -> tuple[str, str, int]:
    """Scheme, host in lower case and without brackets, port (RFC 6454 §4). Raises ``ValueError``."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)


def _place(named: str) -> tuple[str, int]:
    """Host and port of ``host``, ``host:port`` or ``[address]:port``; port 0 stands for any."""
    parts = urlsplit(f"//{named}")
    return parts.hostname or "", parts.port or 0
