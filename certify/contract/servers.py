"""Where operations are called that name servers of their own.

The rule: ``target.base_url`` stands in place of the contract's server URL, path included, and paths are appended to it.
An operation or path with ``servers`` of its own (OpenAPI 3.1 §4.8.5) is called

- at the base URL, where one of them is also a server of the whole contract;
- at the base URL's host, where one is relative or is on the host of the contract's servers: only the path differs;
- where it says, on another host, if the profile names that host; else it is set aside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from certify.contract.document import ASIDE, Contract
from certify.contract.lines import find_lines
from certify.contract.operation import METHODS, SERVER
from certify.contract.problem import Effect, Mistake
from certify.errors import Problem
from certify.program.source import spell

_VARIABLE = re.compile(r"\{([^{}]+)\}")


def server_urls(servers: Any) -> list[str]:
    """The URLs of a list of servers, variables at their defaults (OpenAPI 3.1 §4.8.6)."""
    found = [item for item in servers if isinstance(item, dict)] if isinstance(servers, list) else []
    urls = [_filled(item).rstrip("/") for item in found if isinstance(item.get("url"), str)]
    return [url for url in urls if _is_url(url)]


def _is_url(text: str) -> bool:
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True


def _filled(server: Mapping[str, Any]) -> str:
    variables = server.get("variables")
    known = variables if isinstance(variables, dict) else {}

    def default(match: re.Match[str]) -> str:
        variable = known.get(match[1])
        return str(variable.get("default", "")) if isinstance(variable, dict) else match[0]

    return _VARIABLE.sub(default, str(server["url"]))


def settle_servers(contract: Contract, base_url: str, named: Callable[[str], bool]) -> Contract:
    """The contract with each operation's address settled, in its document; ``named`` tells hosts of the profile."""
    whole = server_urls(contract.document.get("servers"))
    mistakes: list[Mistake] = []
    for path, method, node, own in _elsewhere(contract):
        if set(own) & set(whole):
            continue
        address = next((found for url in own if (found := _address(url, whole, base_url, named))), "")
        if address and address != base_url.rstrip("/"):
            node[SERVER] = address
        elif not address:
            mistakes.append(_unnamed(contract, path, method, own[0]))
            contract.document["paths"][path][method] = {ASIDE: True, "responses": node.get("responses", {})}
    if not mistakes:
        return contract
    facts = contract.facts
    left = facts.operations - len(mistakes)
    facts = replace(facts, operations=left, set_aside=facts.set_aside + len(mistakes))
    return Contract(contract.document, contract.source, (*contract.problems, *mistakes), facts)


def _elsewhere(contract: Contract) -> Iterator[tuple[str, str, dict[str, Any], list[str]]]:
    for path, item in contract.document["paths"].items():
        if not isinstance(item, dict):
            continue
        for method in METHODS:
            node = item.get(method)
            if not isinstance(node, dict) or ASIDE in node:
                continue
            if own := server_urls(node.get("servers") or item.get("servers")):
                yield path, method, node, own


def _address(url: str, whole: list[str], base_url: str, named: Callable[[str], bool]) -> str:
    """Where an operation with this server is called; empty where its host may not be contacted."""
    base, parts = urlsplit(base_url), urlsplit(url)
    home = next((item for item in whole if urlsplit(item).netloc == parts.netloc), whole[0] if whole else "")
    if not parts.netloc or parts.netloc == urlsplit(home).netloc:
        prefix = base.path.rstrip("/").removesuffix(urlsplit(home).path.rstrip("/"))
        return f"{base.scheme}://{base.netloc}{prefix}/{parts.path.strip('/')}".rstrip("/")
    return url if parts.scheme in ("http", "https") and named(url) else ""


def _unnamed(contract: Contract, path: str, method: str, url: str) -> Mistake:
    host = urlsplit(url).hostname or url
    place = ("paths", path, method, "servers")
    problem = Problem(
        contract.source,
        f"{method.upper()} {path} is served at {url[:120]}, a host that the profile does not name",
        _line(contract.source, place),
        spell(place),
        f"add {host[:80]!r} to target.allowed_hosts if it belongs to the sandbox",
    )
    return Mistake(problem, Effect.SET_ASIDE, (f"{method.upper()} {path}",))


def _line(source: str, place: tuple[str, ...]) -> int:
    try:
        return find_lines(Path(source).read_text("utf-8"), [place])[place]
    except (OSError, ValueError):
        return 0
