"""Whether ``other_tenant`` is another tenant: two clients of one tenant make an honest API look as if it leaked."""

from __future__ import annotations

from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.case import Case
from certify.http.wire import TransportError

OTHER = "other_tenant"


def same_tenant(case: Case) -> list[Ailment]:
    """An ailment where ``other_tenant`` reads what ``primary`` has just made, while it is still there."""
    made = {role.role: role for role in case.roles}
    if OTHER not in case.known.identities or not (made["create"].found and made["item"].found):
        return []
    operation = case.promised.operation(made["item"].operation)
    known = case.kit.survey.known(operation) if operation is not None and operation.secured else None
    if known is None or known.reply is None:
        return []
    try:
        theirs = case.session.wire.send(known.reply.call, case.session.credentials(OTHER), identity=OTHER)
    except TransportError:
        return []
    if not theirs.ok or theirs.content != known.reply.content:
        return []
    message = f"{OTHER} can read what primary has made: {theirs.call.method} {theirs.call.path} answered {theirs}"
    causes = [
        f"{OTHER} is a client of the same tenant: give it a credential of another one",
        "or the sandbox does not keep tenants apart, and the checks of tenants will say so",
    ]
    return [case.ailment(Attribution.PROFILE, message, causes, ("identities", OTHER), weight=Weight.SERIOUS)]
