"""primary's credential is what opens the door: the read that works with it does not work without one."""

from __future__ import annotations

from certify.contract import Operation
from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination
from certify.http.call import Reply
from certify.http.wire import TransportError


class Credential(Examination):
    name, title, step = "credential", "the credential", 85
    stands_on = ("paths",)
    quick = False

    def examine(self, case: Case) -> Seen:
        if case.known.sign_in.kind == "none":
            return Seen("nobody signs in", needed=False)
        operation, reply = case.reads[-1] if case.reads else (None, None)
        if operation is None or reply is None or not reply.ok:
            return Seen("cannot tell: no read has worked yet", needed=False)
        return _compared(case, operation, reply)


def _compared(case: Case, operation: Operation, reply: Reply) -> Seen:
    """The same read without any credential. A public one says nothing of primary's; one that the contract secures and
    the server does not is a hint only, since ``auth.missing-credentials-rejected`` judges it."""
    read = f"{operation.method} {operation.path}"
    try:
        openly = case.ask_openly(reply.call)
    except TransportError:  # without a client certificate some servers do not even shake hands
        return Seen(f"{read}: {reply.status} with primary's, no answer without")
    if not openly.ok:
        return Seen(f"{read}: {reply.status} with primary's, {openly.status} without")
    told = f"cannot tell whether primary's is good: {read} also works without one"
    if not operation.secured:
        return Seen(told, needed=False)
    causes = [
        "the sandbox asks for no credential yet: switch that on",
        "the contract secures what is public: say security: [] there",
    ]
    return Seen(told, (_minor(case, told, causes),))


def _minor(case: Case, message: str, causes: list[str]) -> Ailment:
    return case.ailment(Attribution.PARTNER, message, causes, ("identities", "primary"), weight=Weight.MINOR)
