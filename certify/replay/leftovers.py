"""What sending a create again has made is taken away again at once."""

from __future__ import annotations

from urllib.parse import urlsplit

from certify.contract import Contract
from certify.contract.creations import Made, creations, made_by, ours
from certify.http.call import ABSENT, Call, Reply, parse_json
from certify.http.session import Session
from certify.http.wire import TransportError
from certify.replay.rebuild import Rebuilt
from certify.suite.canary import canary_of


def take_away(again: Rebuilt, reply: Reply, session: Session, contract: Contract) -> str:
    """Delete what an answer certainly created, and say what is left in the sandbox; empty where nothing is."""
    path = urlsplit(again.call.path).path.removeprefix(urlsplit(session.partner.base_url).path.rstrip("/"))
    creation = next((item for item in creations(contract).values() if item.operation == again.call.operation), None)
    if creation is None:
        return ""
    made = made_by(creation, path, _json(reply.content), reply.header("Location") or "")
    sent = _json(again.call.body)
    mark = canary_of(sent)
    marked = bool(mark) and mark in reply.text
    sure = made is not None and made.remove and ours(reply.status, marked=marked)
    if made is None or not sure or not session.partner.permissions.allow_destructive:
        return f"{again.call.method} {made.place if made else path} may have made something, which was not deleted"
    return _delete(made, again, session)


def _delete(made: Made, again: Rebuilt, session: Session) -> str:
    method, _, place = made.remove.partition(" ")
    try:
        gone = session.wire.send(Call(method, place), again.credentials, identity=again.identity, purpose="cleanup")
    except TransportError as error:
        return f"{made.place} was created, and could not be deleted again: {error}"
    return "" if gone.ok or gone.status in (404, 410) else f"{made.place} was created, and {made.remove} answers {gone}"


def _json(body: object) -> object:
    found = parse_json(body) if isinstance(body, bytes) else ABSENT
    return None if found is ABSENT else found
