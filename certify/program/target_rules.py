"""Where a profile points: at addresses that are whole, and never at production.

Each rule takes the :class:`Lint` of the document and notes what it finds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from certify.program.lint import Lint
from certify.program.source import Place

URLS: tuple[Place, ...] = (
    ("target", "base_url"),
    *(("sign_in", name) for name in ("token_url", "metadata_url", "authorize_url", "login_url")),
)

_PRODUCTION, _REHEARSAL = {"prod", "production", "live", "prd"}, {"non", "nonprod", "sandbox", "staging", "test", "dev"}
_SANDBOX = "name a sandbox that may be written to and overloaded"


def check_urls(lint: Lint) -> None:
    """URLs are absolute http(s), without user information or query."""
    for place in URLS:
        written = lint.text(*place)
        if re.match("https?://", written):
            problem = _url_problem(written)
            if problem:
                lint.report(place, problem, "write it like https://sandbox.partner.example/api")


def _url_problem(written: str) -> str:
    url = _split(written)
    if "@" in written:
        return "a URL must not carry a user name or password; identities sign in"
    if url is None or not url.hostname or re.search(r"[\s\\]", written):
        return f"{written!r} is not an absolute http(s) URL"
    if url.query or url.fragment:
        return f"{url.scheme}://{url.netloc}{url.path} must not carry a query or fragment"
    return ""


def _split(written: str) -> SplitResult | None:
    try:
        url = urlsplit(written)
        _ = url.port
    except ValueError:
        return None
    return url


def check_production(lint: Lint) -> None:
    """Nothing points at production: not the environment, not the hosts.

    A host is production when ``production_hosts`` lists it, or when its name says so (``api.prod.partner.example``).
    """
    environment = lint.text("target", "environment")
    if _marked(environment):
        lint.report(("target", "environment"), f"{environment!r} is refused: certify attacks what it tests", _SANDBOX)
    named = {host.lower() for _, host in lint.texts("target", "production_hosts")}
    for place, host in _hosts(lint):
        if host in named or host.partition(":")[0] in named or _marked(host.partition(":")[0]):
            lint.report(place, f"host {host!r} is marked as production and is refused", _SANDBOX)


def _hosts(lint: Lint) -> Iterator[tuple[Place, str]]:
    for place in URLS:
        url = _split(lint.text(*place))
        if url and url.hostname:
            yield place, f"{url.hostname}:{url.port}" if url.port else url.hostname
    for place, host in lint.texts("target", "allowed_hosts"):
        yield place, host.lower()


def _marked(name: str) -> bool:
    words = set(re.split("[^a-z0-9]+", name.lower()))
    return bool(words & _PRODUCTION) and not words & _REHEARSAL


def check_hosts(lint: Lint) -> None:
    """Hosts are hosts, not URLs."""
    for list_name in ("allowed_hosts", "production_hosts"):
        for place, host in lint.texts("target", list_name):
            if not re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?", host) or not _split(f"//{host}"):
                lint.report(place, f"{host!r} is not a host", "write host or host:port, without scheme and path")


def check_files(lint: Lint) -> None:
    """The contract and the answers, where the profile names them, are there."""
    base = Path(lint.document.file).parent
    for place in (("target", "contract"), ("answers",)):
        name = lint.text(*place)
        if name and not re.match("https?://", name) and not os.path.isfile(base / name):
            lint.report(place, f"file {name!r} does not exist", "paths start at the profile's folder")


TARGET_RULES = (check_urls, check_production, check_hosts, check_files)
