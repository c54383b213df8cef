"""Names resolve, and somebody listens."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Thread
from urllib.parse import urlsplit

from certify.doctor.ailment import Attribution
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination

PATIENCE_S = 3.0
"""Seconds for a name, and for a connection."""


@dataclass(frozen=True)
class Named:
    """An address of the profile, and the member that names it."""

    host: str
    port: int
    secure: bool
    place: tuple[str, ...]


def named(case: Case) -> list[Named]:
    """Every origin that the profile names, the base URL first, each once."""
    found: dict[tuple[str, int], Named] = {}
    for place, url in _urls(case):
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        if parts.hostname:
            found.setdefault((parts.hostname, port), Named(parts.hostname, port, secure, place))
    return list(found.values())


def _urls(case: Case) -> Iterator[tuple[tuple[str, ...], str]]:
    partner = case.known
    yield ("target", "base_url"), partner.base_url
    if "://" in partner.contract:
        yield ("target", "contract"), partner.contract
    yield ("sign_in", "token_url"), partner.sign_in.token_url
    for member in ("login_url", "authorize_url"):
        yield ("sign_in", member), str(partner.sign_in.settings.get(member, ""))


class Names(Examination):
    name, title, step = "name", "the name", 20
    stands_on = ("profile",)

    def examine(self, case: Case) -> Seen:
        ailments = [
            case.ailment(
                Attribution.NETWORK,
                f"the name {item.host} does not resolve: {reason}",
                [
                    f"it is mistyped in {'.'.join(item.place)}",
                    "it is known inside a private network only: is the VPN on?",
                    "this machine's resolver, or the partner's DNS entry, is at fault; try `getent hosts`",
                ],
                item.place,
            )
            for item in named(case)
            if (reason := _unresolved(item))
        ]
        hosts = ", ".join(dict.fromkeys(item.host for item in named(case)))
        return Seen(f"{hosts}: found", tuple(ailments))


def _unresolved(item: Named) -> str:
    """Why a name does not resolve, or nothing. A resolver that hangs is not waited for, nor by the end of the program:
    unlike a pool's, a daemon's thread is not joined."""
    heard: Queue[str] = Queue()
    Thread(target=lambda: heard.put(_refusal(item)), daemon=True).start()
    try:
        return heard.get(timeout=PATIENCE_S)
    except Empty:
        return f"no answer from the resolver in {PATIENCE_S:g} s"


def _refusal(item: Named) -> str:
    """What the resolver says against a name, or nothing."""
    try:
        socket.getaddrinfo(item.host, item.port, 0, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return str(getattr(error, "strerror", None) or error)
    return ""


class Connections(Examination):
    name, title, step = "connection", "the connection", 30
    stands_on = ("name",)

    def examine(self, case: Case) -> Seen:
        ailments = [
            case.ailment(_whose(error), _told(item, error), _causes(item, error), item.place)
            for item in named(case)
            if (error := _unconnected(item))
        ]
        ports = ", ".join(f"{item.host}:{item.port}" for item in named(case))
        return Seen(f"{ports}: open", tuple(ailments))


def _unconnected(item: Named) -> OSError | None:
    try:
        socket.create_connection((item.host, item.port), PATIENCE_S).close()
    except OSError as error:
        return error
    return None


def _whose(error: OSError) -> Attribution:
    return Attribution.PARTNER if isinstance(error, ConnectionRefusedError) else Attribution.NETWORK


def _told(item: Named, error: OSError) -> str:
    where = f"{item.host}:{item.port} gives no answer"
    if isinstance(error, ConnectionRefusedError):
        return f"{where}: the connection is refused, so nobody listens there"
    if isinstance(error, TimeoutError):
        return f"{where} within {PATIENCE_S:g} s: what is sent is dropped on the way"
    return f"{where}: {error.strerror or error}"


def _causes(item: Named, error: OSError) -> list[str]:
    whose = "the sandbox" if item.place[0] == "target" else "what signs in"
    running = f"{whose} is not running, or listens on another port: check {'.'.join(item.place)} in the profile"
    blocked = "a firewall, a proxy or an address allow-list is in the way; try `curl -i` from this machine"
    return [running, blocked] if isinstance(error, ConnectionRefusedError) else [blocked, running]
