"""No credential, no service: what the sandbox must refuse, and how it must say so.

Standard: RFC 9110 §11.6.1 and §15.5.2, RFC 6750 §3.  Needs: an identity that can sign in, one secured read.
"""

from certify.suite import Coverage, Inconclusive, Reason, advise, challenges, check, expect, report

ENOUGH = 0.6


@check(
    "auth.missing-credentials-rejected",
    level="CONTRACT",
    clause="OpenAPI 3.1.2 Security Requirement Object; RFC 9110 §15.5.2",
    faults=["one-op-unguarded"],
    needs=["secured"],
    sources=["suites", "contract"],
    safety="S1",
    requests=42,
    seconds=0.3,
)
def test_every_secured_operation_refuses_a_call_without_a_credential(target, probes, survey, effects, partner):
    """Every operation that the contract marks as secured refuses a call that carries no credential.

    Sends: for each secured operation that works with a credential, the same valid request without one; for writes, the
    item or the list is read before and after.
    Decides: 401. Another refusal is told as an advisory, a redirect too; a success, a crash, or an effect despite the
    refusal fails. Operations with an empty alternative under security are public on purpose and left out. Where the
    credential is a client certificate, a connection that is not let in is the refusal (RFC 8446 §4.4.2.4), with the
    secured read succeeding right after.
    Cause: the route was registered outside the group that has the authentication middleware -> make authentication the
    default and list the public routes (Spring: anyRequest().authenticated() last; Express: app.use(auth) before the
    routers; FastAPI: dependencies=[Depends(auth)] on the application, not on each router; Django REST framework:
    DEFAULT_PERMISSION_CLASSES = [IsAuthenticated]).
    Cause: authentication is optional in the framework and the handler forgot to ask (anonymous principal) -> refuse the
    anonymous principal in one place before the handlers.
    Cause: only the public gateway checks tokens and the sandbox is reached past it -> check in the service too, or
    close the other way in.
    Cause: a mock or a debug switch turns authentication off in the sandbox -> run the sandbox as production is run.
    """
    coverage = Coverage("secured operations")
    for operation in probes.secured_operations():
        with coverage.of(operation.id):
            prepared = survey.working(operation)
            watched = effects.watch(prepared)
            reply = without_credential(target, probes, partner, prepared.call)
            if reply is None:
                continue  # refused before there was a request
            survey.account(prepared, reply)
            expect(reply, "a call without a credential").refused(
                401, advice=f"guard {operation.method} {operation.path} as the contract says"
            )
            watched.unchanged(reply, "a call without a credential")
    coverage.demand(ENOUGH)


def without_credential(target, probes, partner, call):
    """The answer to a call that carries no credential; None where the handshake ended for want of a certificate."""
    try:
        return target.anonymous(call, tag="no credential")
    except Inconclusive as stop:
        if partner.sign_in.kind != "mutual_tls" or stop.reason is not Reason.CANNOT_TELL:
            raise
    target.control_after(probes.secured_read(), "the same with its certificate")
    return None


@check(
    "auth.challenge-present",
    level="MUST",
    clause="RFC 9110 §15.5.2",
    faults=["401-without-challenge"],
    needs=["secured"],
    requests=3,
    seconds=0.1,
)
def test_a_401_says_how_to_authenticate(target, secured_read, partner):
    """Refusals for missing or bad credentials carry a usable challenge.

    Sends: the secured read without a credential, and with one that nobody issued.
    Decides: each 401 has a WWW-Authenticate that can be parsed; where bearer tokens are used, one of its challenges is
    Bearer. For a token that is not valid, error="invalid_token" is demanded where the profile declares RFC 9068, and
    recommended elsewhere (RFC 6750 §3.1). Parameters behind Bearer, and no error code where nothing was sent, are
    recommended. Without any 401 nothing can be said here.
    Cause: the framework answers 401 from an exception handler that sets no header -> add WWW-Authenticate there
    (FastAPI: HTTPException(401, headers={"WWW-Authenticate": "Bearer"}); ASP.NET Core: call ChallengeAsync and do not
    write the 401 by hand; Express: res.set before res.status(401)).
    Cause: Django REST framework lists SessionAuthentication first, which has no challenge -> put the token class first.
    Cause: a gateway or CDN strips the header -> pass WWW-Authenticate through.
    """
    target.control(secured_read)
    bare = target.anonymous(secured_read)
    bad = target.unknown_credential(secured_read)
    refusals = [reply for reply in (bare, bad) if reply.status == 401]
    if not refusals:
        raise Inconclusive(
            Reason.CANNOT_TELL, f"the API never answers 401: {bare} without a credential, {bad} with an unknown one"
        )
    for reply in refusals:
        judge_challenge(reply, partner)
    if bad.status == 401:
        judge_error_code(bad, partner)
    if bare.status == 401 and any("error" in challenge.parameters for challenge in challenges(bare)):
        advise(
            "no error code where no credential was sent",
            f"WWW-Authenticate: {bare.header('WWW-Authenticate')}",
            replies=[bare],
            clause="RFC 6750 §3.1",
        )


def judge_challenge(reply, partner):
    found = challenges(reply)
    said = reply.header("WWW-Authenticate")
    if not found:
        report(
            "a 401 with a WWW-Authenticate header that can be parsed",
            f"WWW-Authenticate: {said}" if said else "no WWW-Authenticate",
            replies=[reply],
            advice='send WWW-Authenticate: Bearer realm="…" with each 401',
        )
        return
    bearer = [challenge for challenge in found if challenge.scheme == "bearer"]
    if not uses_bearer(partner):
        return
    if not bearer:
        report(
            "a challenge of the scheme Bearer",
            f"WWW-Authenticate: {said}",
            replies=[reply],
            clause="RFC 6750 §3",
            advice="name the scheme that the API takes: Bearer",
        )
    elif not bearer[0].parameters:
        advise(
            "at least one parameter behind Bearer", f"WWW-Authenticate: {said}", replies=[reply], clause="RFC 6750 §3"
        )


def judge_error_code(reply, partner):
    """``invalid_token``: a MUST of RFC 9068 §4, a SHOULD of RFC 6750 §3.1."""
    codes = [challenge.parameters.get("error") for challenge in challenges(reply) if challenge.scheme == "bearer"]
    if not uses_bearer(partner) or not codes or "invalid_token" in codes:
        return
    strict = partner.tokens is not None and partner.tokens.rfc9068
    (report if strict else advise)(
        'error="invalid_token" for a token that is not valid',
        f"WWW-Authenticate: {reply.header('WWW-Authenticate')}",
        replies=[reply],
        clause="RFC 9068 §4" if strict else "RFC 6750 §3.1",
        advice='add error="invalid_token" where the token was read and refused',
    )


def uses_bearer(partner):
    by_token = ("bearer", "client_credentials", "platform_tokens", "authorization_code", "refresh_token")
    return partner.sign_in.kind in by_token and not partner.sign_in.settings.get("dpop")
