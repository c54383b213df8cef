"""The address that the contract's paths are appended to: said, or taken from the contract's servers.

A server's URL may be relative to the document and hold variables with defaults (OpenAPI 3.1.2 Server Object).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from certify.contract import Contract
from certify.contract.hazards import hazard
from certify.errors import CertifyError, UsageError
from certify.http.call import Call
from certify.http.session import Session, open_session
from certify.http.wire import TransportError
from certify.onboarding.finding import stranger
from certify.onboarding.questions import Ask, Question


def servers(contract: Contract, found_at: str) -> list[str]:
    """The contract's server URLs, absolute where that can be said."""
    found = [item for item in contract.document.get("servers", []) if isinstance(item, dict)]
    urls = [_substituted(item) for item in found]
    return [urljoin(found_at, url).rstrip("/") if "://" in found_at else url.rstrip("/") for url in urls]


def _substituted(server: Mapping[str, Any]) -> str:
    variables = server.get("variables", {})

    def default(match: re.Match[str]) -> str:
        entry = variables.get(match[1], {}) if isinstance(variables, dict) else {}
        return str(entry.get("default", "")) if isinstance(entry, dict) else ""

    return re.sub(r"{([^}]+)}", default, str(server.get("url", "")))


def choose_base_url(contract: Contract, found_at: str, url: str, ask: Ask) -> tuple[str, str]:
    """The base URL, and why it is that one."""
    offered = servers(contract, found_at)
    if url:
        return _completed(contract, url.rstrip("/"), offered)
    absolute = [item for item in offered if re.match("https?://", item)]
    if not absolute:
        raise UsageError("the contract names no server with an address", ["say where the API is with --url"])
    question = Question("Where is the sandbox?", absolute[0], why="the contract's servers are listed")
    return ask(question).rstrip("/"), "one of the contract's servers; " + _others(absolute)


def _others(urls: list[str]) -> str:
    return f"there are also {', '.join(urls[1:5])}" if urls[1:] else "it names no other"


def _completed(contract: Contract, url: str, offered: list[str]) -> tuple[str, str]:
    """A URL without a path gets the one that the contract's servers agree on: its paths stand below it."""
    paths = {urlsplit(item).path.rstrip("/") for item in offered}
    path = next(iter(paths)) if len(paths) == 1 else ""
    if not path or urlsplit(url).path.strip("/"):
        return url, "as given"
    whole = url + (path if path.startswith("/") else f"/{path}")
    if _only_without(contract, url, whole):
        return url, f"as given; the base path of the contract, {path}, is not used there"
    return whole, f"as given, with the base path of the contract: {path}"


def _only_without(contract: Contract, url: str, whole: str) -> bool:
    """Whether a read of the contract is there without the base path, and not with it: mocks and gateways cut it off.

    Two requests at most; where nobody answers, the contract is believed.
    """
    plain = [op for op in contract.operations if op.method == "GET" and not op.path_parameters]
    reads = [op for op in plain if not hazard(op)]
    session = open_session(stranger(url))
    try:
        return bool(reads) and _absent(session, whole + reads[0].path) and not _absent(session, url + reads[0].path)
    except (TransportError, CertifyError):
        return False
    finally:
        session.close()


def _absent(session: Session, url: str) -> bool:
    return session.wire.send(Call("GET", url), {}, purpose="preflight").status == 404
