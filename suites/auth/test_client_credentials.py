"""The token endpoint: OAuth 2.0 client credentials.

Standard: RFC 6749 §3.2, §4.4, §5.1 and §5.2.  Needs: sign_in.kind client_credentials, one secured read.
"""

from certify.suite import ABSENT, advise, check, control, expect, report

REGISTERED = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
}


@check(
    "auth.cc-token-issued",
    level="MUST",
    clause="RFC 6749 §5.1",
    faults=["token-response-cacheable", "cc-issues-refresh-token"],
    needs=["client_credentials"],
    requests=3,
    seconds=0.1,
)
def test_the_token_endpoint_issues_a_working_token(target, secured_read, partner, tokens):
    """The token endpoint issues a working token, marked uncacheable, to a rightful client.

    Sends: one token request of identity primary, and the secured read with the token that comes back.
    Decides: a success with JSON that has access_token and token_type, Cache-Control: no-store, and a token that works.
    A refresh token should not be there (RFC 6749 §4.4.3 says SHOULD NOT, so it is an advisory), unless the profile
    promises that there are none (capabilities.refresh_tokens: not_offered): then it fails. expires_in is recommended.
    Pragma is obsolete and not asked for.
    Cause: a global cache filter or CDN rule overwrites Cache-Control -> exempt the token endpoint from it, and send
    Cache-Control: no-store there.
    Cause: the token service issues refresh tokens for each grant -> turn them off for client credentials (Keycloak:
    client setting "Use refresh tokens for client credentials grant"; authlib: include_refresh_token=False;
    node-oidc-provider: issueRefreshToken).
    Cause: the answer is a wrapper ({"data": {…}}) or uses camel case (accessToken) -> send the members of RFC 6749
    §5.1 at the top level, by their names.
    Cause: the API trusts another issuer or audience than the token service writes -> give both the same configuration.
    """
    reply = control(target.anonymous(tokens.valid()), "the token request")
    token, kind = reply.at("/access_token"), reply.at("/token_type")
    if not isinstance(token, str) or not token:
        report("JSON with access_token", f"{reply} of {reply.media_type or 'no media type'}", replies=[reply])
        return
    target.learn(token)
    if kind is ABSENT:
        report("token_type in the answer", "it is missing", replies=[reply], advice='add "token_type": "Bearer"')
    elif str(kind).lower() not in ("bearer", "dpop"):
        advise("token_type Bearer", repr(kind), replies=[reply], clause="RFC 6749 §7.1")
    if "no-store" not in (reply.header("Cache-Control") or "").lower():
        report(
            "Cache-Control: no-store on the answer that carries the token",
            f"Cache-Control: {reply.header('Cache-Control')}" if reply.header("Cache-Control") else "no Cache-Control",
            replies=[reply],
            advice="send Cache-Control: no-store with every token answer",
        )
    if reply.at("/expires_in") is ABSENT:
        advise("expires_in in the answer", "it is missing", replies=[reply])
    judge_refresh_token(reply, partner)
    expect(target.send(secured_read, token=token), "the token just issued").accepted(
        advice="the API must trust its own token service: compare issuer, audience and keys"
    )


def judge_refresh_token(reply, partner):
    if reply.at("/refresh_token") is ABSENT:
        return
    promised = partner.capabilities.get("refresh_tokens") == "not_offered"
    (report if promised else advise)(
        "no refresh token in an answer to client credentials",
        "refresh_token is there" + (", though the profile says not_offered" if promised else ""),
        replies=[reply],
        clause="RFC 6749 §4.4.3",
        advice="do not issue refresh tokens for this grant: the client can ask again with its own credentials",
    )


@check(
    "auth.cc-errors-standard",
    level="MUST",
    clause="RFC 6749 §5.2",
    faults=["secret-not-checked", "token-endpoint-200-on-error"],
    needs=["client_credentials"],
    requests=10,
    seconds=0.1,
)
def test_bad_token_requests_get_standard_errors_and_never_a_token(target, tokens):
    """Wrong secrets and malformed token requests get the standard OAuth errors and never a token.

    Sends: token requests with a wrong secret, an unknown client, no client, no grant_type, an unknown grant, scope
    twice, as GET, and as JSON. The valid request succeeds before and after.
    Decides: each of the first five is refused with a 4xx and JSON whose error is one of RFC 6749 §5.2; a token, or a
    200 with an error inside, fails. A 401 carries WWW-Authenticate where the client used HTTP Basic. GET must not give
    a token. A repeated parameter or a JSON body that is understood hurts nobody and is an advisory; so is telling an
    unknown client from a wrong secret.
    Cause: the framework answers errors with 200 and a code in the body -> set the status: 400, or 401 for
    invalid_client.
    Cause: errors of the token endpoint go through the API's own error format -> exempt it: clients look for the member
    error (RFC 6749 §5.2), not for a problem detail.
    Cause: the client is looked up by its id and the secret is never compared -> compare it, in constant time.
    Cause: parameters are read from query and form alike (PHP $_REQUEST, servlet getParameter) -> read the form only.
    Cause: a login page or gateway answers in HTML -> let the token endpoint through to the token service.
    """
    control(target.anonymous(tokens.valid(), purpose="control"), "the token request before")
    replies = {name: target.anonymous(call, tag=name) for name, call in tokens.refusable()}
    for name, reply in replies.items():
        judge_error(name, reply)
    for name, call, advice in tokens.lenient():
        reply = target.anonymous(call, tag=name)
        if issued(reply):
            advise("no token", f"{reply} with a token", about=name, replies=[reply], advice=advice)
    by_get = target.anonymous(tokens.by_get(), tag="as GET")
    if issued(by_get):
        report(
            "no token for a GET request",
            f"{by_get} with a token",
            replies=[by_get],
            clause="RFC 6749 §3.2",
            advice="accept POST only: a URL with a secret ends up in logs",
        )
    if gist(replies["a wrong secret"]) != gist(replies["an unknown client"]):
        advise(
            "the same answer to a wrong secret and to an unknown client",
            f"{gist(replies['a wrong secret'])} and {gist(replies['an unknown client'])}",
            replies=[replies["a wrong secret"], replies["an unknown client"]],
            clause="OWASP API2:2023",
        )
    control(target.anonymous(tokens.valid(), purpose="control"), "the token request after")


def judge_error(name, reply):
    code = reply.at("/error")
    if issued(reply):
        report(
            "no token", f"{reply} with a token", about=name, replies=[reply], advice="compare client and secret first"
        )
    elif not 400 <= reply.status < 500:
        report("400 or 401", f"{reply}", about=name, replies=[reply], advice="send errors with an error status")
    elif not isinstance(code, str):
        report(
            "JSON with the member error",
            f"{reply} of {reply.media_type or 'no media type'} without it",
            about=name,
            replies=[reply],
            advice='answer {"error": "invalid_client"} or one of its siblings',
        )
    elif code not in REGISTERED:
        advise("an error code of RFC 6749 §5.2", repr(code), about=name, replies=[reply])
    if reply.status == 401 and reply.call.header("Authorization"):
        expect(reply, name).header("WWW-Authenticate", advice="a client that used HTTP Basic must be told so")


def issued(reply):
    return reply.ok and isinstance(reply.at("/access_token"), str)


def gist(reply):
    return f"{reply.status} {reply.at('/error')}"
