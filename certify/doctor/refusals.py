"""Why primary is refused though it signed in: what the refusal, the token and the contract tell."""

from __future__ import annotations

from certify.contract import Operation
from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.case import Case
from certify.doctor.evidence import claims, lacks, missing_scope, says_expired, scopes_of, tenant_of
from certify.http.call import Reply


def not_let_in(case: Case, operation: Operation, reply: Reply) -> Ailment:
    """401 though we signed in."""
    message = f"the credential of primary is refused: {operation.method} {operation.path} answers {reply}"
    place = ("identities", "primary")
    if case.known.sign_in.kind == "none":
        return _nobody(case, operation, reply)
    if says_expired(reply):
        message = f"the credential of primary has expired: {operation.method} {operation.path} answers {reply}"
        return case.ailment(Attribution.PROFILE, message, ["get a new one from the partner"], place)
    causes = [
        "it has expired or was revoked: get a new one",
        "it is for another environment or another tenant than target.base_url",
        f"the API wants it in another form than sign_in.kind {case.known.sign_in.kind}",
    ]
    return case.ailment(Attribution.PROFILE, message, causes, place)


def _nobody(case: Case, operation: Operation, reply: Reply) -> Ailment:
    message = f"the API wants a credential, and sign_in.kind is none: {operation.method} {operation.path}: {reply}"
    causes = ["say how to sign in, also where the contract forgets to; `certify init --sign-in KIND` drafts it"]
    return case.ailment(Attribution.PROFILE, message, causes, ("sign_in", "kind"))


def forbidden(case: Case, operation: Operation, reply: Reply) -> Ailment:
    """403 though we signed in: too few scopes, another tenant, or too few rights."""
    if case.known.sign_in.kind == "none":
        return _nobody(case, operation, reply)
    asked, told = missing_scope(reply), claims(case.session.credentials("primary").token)
    granted = scopes_of(told)
    wanting = () if granted is None else lacks(granted, operation.scopes)
    place = ("identities", "primary", "scopes")
    if asked is not None or wanting:
        named = asked or " ".join(wanting)
        message = f"primary has too few scopes: {operation.method} {operation.path} answers {reply}"
        message += f" and needs {named}" if named else ""
        causes = ["the client may not ask for it: let the partner grant it", "the profile does not ask for it"]
        return case.ailment(Attribution.PROFILE, message, causes, place, f"scopes: [{', '.join(named.split())}]")
    if _unheard(case, reply):
        message = (
            f"the credential of primary changes nothing: {operation.method} {operation.path} answers {reply} without"
        )
        causes = ["it is wrong, or has expired", f"the API wants it in another form than {case.known.sign_in.kind}"]
        return case.ailment(Attribution.PROFILE, f"{message} it, too", causes, place[:2])
    tenant = f" (its token says tenant {tenant_of(told)!r})" if tenant_of(told) else ""
    message = f"primary may not call {operation.method} {operation.path}: {reply}{tenant}"
    causes = [
        "its client has too few scopes or rights",
        "it belongs to another tenant than this address",
        "the sandbox lets only known addresses in",
    ]
    return case.ailment(Attribution.PROFILE, message, causes, place[:2], weight=Weight.SERIOUS)


def _unheard(case: Case, reply: Reply) -> bool:
    """Whether the same call without a credential is answered the same."""
    anonymous = case.ask_openly(reply.call)
    return (anonymous.status, anonymous.content) == (reply.status, reply.content)
