"""Whether the contract's paths are below the base URL, and which other one has them.

What an unknown route is answered is the measure: an answer like that says that nothing is there; another 404 comes from
an operation that is there and has nothing to show (an avatar that nobody has set).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from certify.contract import Operation
from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.case import Case
from certify.http.call import Call, Reply
from certify.http.wire import TransportError

ELSEWHERE = 6
"""Other base paths that are tried at most."""
WRITES = 3
"""Paths without a read that are tried as well, at most, before it is said that nothing is there."""
BASE = ("target", "base_url")
_NOTHING = (404, 405, 501)


def not_there(case: Case, replies: list[tuple[Operation, Reply]]) -> Ailment:
    """None of the reads was found. Fatal where that is certain: another base URL has the first of them, or all that the
    contract has is answered like an unknown route, and in no case as the contract says."""
    silent, meant = _silent(case, replies), [pair for pair in replies if documented(*pair)]
    found = None if meant and not silent else elsewhere(case, replies[0][1].call)
    if found is not None:
        return case.ailment(Attribution.PROFILE, _told(case, replies), _causes(*found), BASE, f"base_url: {found[0]}")
    if not silent:
        return _nothing_to_show(case, replies, all_meant=len(meant) == len(replies))
    certain = not meant and len(replies) > 1 and not _written(case)
    weight = Weight.FATAL if certain else Weight.SERIOUS
    return case.ailment(Attribution.PROFILE, _told(case, replies), _causes(), BASE, weight=weight)


def documented(operation: Operation, reply: Reply) -> bool:
    """Whether the contract names the status for the operation, itself or by its class; ``default`` names none."""
    return any(key in operation.answers for key in (str(reply.status), f"{reply.status // 100}XX"))


def elsewhere(case: Case, call: Call) -> tuple[str, Reply] | None:
    """Another base URL on the same host that has the call's path, and its answer. Nobody signs in for that."""
    for base in list(_bases(case))[:ELSEWHERE]:
        try:
            reply = case.ask_openly(call.with_path(base + call.path))
            if _is_there(reply) and not alike(reply, case.ask_openly(_unknown(case, base))):
                return base, reply
        except TransportError:
            continue
    return None


def alike(reply: Reply, other: Reply) -> bool:
    """Whether two answers differ in nothing but the path that they repeat, and in numbers (times, ids of requests)."""
    return _substance(reply) == _substance(other)


def _substance(reply: Reply) -> tuple[int, str, str]:
    path = urlsplit(reply.call.path).path.strip("/")
    text = re.sub(rf"/?\b{re.escape(path)}\b/?", "", reply.text[:4000]) if path else reply.text[:4000]
    return reply.status, reply.media_type, re.sub(r"\b[0-9A-Fa-f-]{8,}\b|\d+", "", text)


def answer_to_nothing(case: Case) -> Reply:
    """What a route that no API has is answered."""
    return case.ask(_unknown(case))


def _silent(case: Case, replies: list[tuple[Operation, Reply]]) -> bool:
    """Whether every read is answered like a route that no API has."""
    unknown = answer_to_nothing(case)
    return all(alike(reply, unknown) for _, reply in replies)


def _written(case: Case) -> bool:
    """Whether a path that is only written to is there: a GET of it is refused in another way than an unknown route."""
    contract = case.promised
    read = {operation.path for operation in contract.operations if operation.method == "GET"}
    paths = dict.fromkeys(op.path for op in contract.operations if not op.path_parameters and op.path not in read)
    unknown = answer_to_nothing(case)
    return any(not alike(case.ask(Call("GET", path)), unknown) for path in list(paths)[:WRITES])


def _unknown(case: Case, base: str = "") -> Call:
    route = case.kit.probes.unknown_route()
    return route.with_path(base + route.path)


def _told(case: Case, replies: list[tuple[Operation, Reply]]) -> str:
    tried = ", ".join(f"{op.method} {op.path}" for op, _ in replies)
    return f"nothing of the contract is found below {case.known.base_url}: {tried} answered {replies[0][1]}"


def _causes(base: str = "", reply: Reply | None = None) -> list[str]:
    found = [f"{reply.call.path} answers {reply}, so the API lives below {base}"] if reply is not None else []
    return [
        *found,
        "the base path is wrong: base_url has one too many, or lacks one that every path needs",
        "the contract is that of another version or of another API",
        "the API is not deployed there",
    ]


def _nothing_to_show(case: Case, replies: list[tuple[Operation, Reply]], *, all_meant: bool) -> Ailment:
    operation, reply = replies[0]
    message = f"no read has anything to show: {operation.method} {operation.path} answers {reply}"
    message += ", unlike a route that does not exist"
    causes = ["what they are about was never made or set in this sandbox", "name a read that works"]
    weight = Weight.MINOR if all_meant else Weight.SERIOUS
    return case.ailment(Attribution.PROFILE, message, causes, ("operations", "read"), weight=weight)


def _is_there(reply: Reply) -> bool:
    """An answer that an API would give where it has the operation; a refusal for lack of a credential is one."""
    known = reply.status < 500 and reply.status not in _NOTHING
    return known and reply.status // 100 != 3 and reply.media_type != "text/html"


def _bases(case: Case) -> Iterator[str]:
    """Other base URLs on the same origin: with the contract's base paths, without any, with the usual ones."""
    parts = urlsplit(case.known.base_url)
    origin, own = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    servers = [str(item.get("url", "")) for item in case.promised.document.get("servers", []) if isinstance(item, dict)]
    below = [urlsplit(url).path.rstrip("/") for url in servers if "{" not in url]
    candidates = [*below, *(own + path for path in below), "", "/api", "/v1", "/api/v1"]
    shorter = own.rpartition("/")[0]
    seen = {own}
    for path in [*candidates[: len(below) * 2 + 1], shorter, *candidates[len(below) * 2 + 1 :]]:
        if path not in seen:
            seen.add(path)
            yield origin + path
