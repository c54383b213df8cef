"""Access tokens (JWT): what the sandbox must accept, and what it must refuse.

Standard: RFC 7519, RFC 7515, RFC 8725 (BCP 225), RFC 9068 §4.  Needs: platform_tokens, one secured read.

Each spoiled token differs from a valid one in one property, and a valid one succeeds right before and right after.
"""

from certify.suite import Stop, check, expect, note


@check(
    "auth.valid-token-accepted",
    level="MUST",
    clause="RFC 7519 §4, §4.1.3",
    faults=["jwt-aud-array-unsupported"],
    needs=["secured", "jwt"],
    requests=9,
    seconds=0.2,
)
def test_every_lawful_spelling_of_a_token_is_accepted(target, secured_read, forge):
    """Correct tokens are accepted in every lawful spelling.

    Sends: the secured read with a plain token for each declared algorithm; then with the audience as a list of one,
    with a claim that nobody knows, with the header's members in another order, and, where RFC 9068 is declared, with
    the type in full.
    Decides: each is answered with a success while the plain token is too. When the plain token is refused, trust is
    not set up, and nothing can be concluded.
    Cause: aud is compared as text -> RFC 7519 §4.1.3 allows a string or an array of strings; accept when our audience
    is one of them. Most libraries do so when the expected audience is given to them (PyJWT: audience=…; jose4j:
    setExpectedAudience; Microsoft.IdentityModel: ValidAudience) instead of comparing by hand.
    Cause: unknown claims are refused by a strict parser or a typed record -> claims that are not understood are to be
    ignored (RFC 7519 §4).
    Cause: only one of the declared algorithms is configured -> allow each algorithm that the profile declares.
    Cause: typ must be equal to at+jwt -> application/at+jwt means the same (RFC 9068 §4).
    """
    with target.sandwich(secured_read, token=forge.valid()):
        for algorithm in forge.minter.settings.algorithms:
            reply = target.send(secured_read, token=forge.token(algorithm).compact(), tag=algorithm)
            expect(reply, f"a token signed with {algorithm}").accepted(advice=f"allow {algorithm}, as declared")
        for mutation, token in forge.spoiled("token.lawful"):
            reply = target.send(secured_read, token=token, tag=mutation.name)
            expect(reply, f"a token with {mutation}").accepted(advice="leave comparing claims to the JWT library")


@check(
    "auth.expired-token-rejected",
    level="MUST",
    clause="RFC 7519 §4.1.4",
    faults=["jwt-skip-exp"],
    needs=["secured", "jwt"],
    safety="S1",
    requests=13,
    seconds=0.1,
)
def test_an_expired_token_is_refused(target, secured_read, forge, probes, survey, effects, partner):
    """A token is refused once it has expired.

    Sends: the secured read, and one create, with tokens whose exp is one minute past the declared leeway, one minute
    past five minutes, and a day past. Times are relative to the sandbox's own clock, and each token is a fresh one, so
    that no cache of results answers in the place of a check.
    Decides: 401, and the create leaves nothing behind; a success fails. A leeway of up to five minutes is lawful (RFC
    7519 §4.1.4 says a few), so a token that is let in within them is an advisory: declare the leeway in the profile
    (platform_tokens.leeway_s).
    Cause: the token is decoded without validation -> use the library's validating call (PyJWT: decode with
    verify_exp left on; jsonwebtoken: verify, not decode; Spring Security: keep JwtTimestampValidator).
    Cause: results of validation are cached for longer than the token lives -> bound the cache entry by exp.
    Cause: the allowed clock skew is hours, or in milliseconds where seconds are meant -> set it to a minute at most
    (ASP.NET Core: TokenValidationParameters.ClockSkew, five minutes by default).
    """
    advice = "compare exp with the current time on each request, or declare the leeway"
    refuse_all(target, secured_read, forge, "token.expired", advice=advice, strict=False)
    if not partner.permissions.allow_writes:
        return
    try:
        prepared = survey.working(probes.json_write())
    except Stop as stop:
        note(f"no write was tried: {stop.note}")
        return
    for mutation, token in forge.spoiled("token.expired"):
        prepared = survey.prepare(prepared.operation)  # each on its own, since one that is let in leaves something
        watched = effects.watch(prepared)
        reply = target.send(prepared.call, token=token, tag=mutation.name)
        survey.account(prepared, reply)
        expectation = expect(reply, f"a token with {mutation}")
        (expectation.advisory if mutation.near else expectation).refused(401, advice="guard writes like reads")
        watched.unchanged(reply, f"a token with {mutation}")


@check(
    "auth.bad-signature-rejected",
    level="MUST",
    clause="RFC 7515 §5.2",
    faults=["jwt-skip-signature"],
    needs=["secured", "jwt"],
    requests=7,
    seconds=0.1,
)
def test_a_token_with_a_wrong_signature_is_refused(target, secured_read, forge):
    """A token whose signature does not fit its content is refused.

    Sends: the secured read with one bit of the signature flipped, with another subject under the old signature, and
    with an empty, a halved and an all-zero signature (CVE-2022-21449).
    Decides: 401 for each; a success fails. The bit is flipped in the middle, because the last character of base64url
    has bits that may not count.
    Cause: the claims are decoded without verification -> verify first (PyJWT: never options={"verify_signature":
    False}; jsonwebtoken: verify, not decode; java-jwt: JWT.require(…).build().verify, not JWT.decode).
    Cause: a gateway verified the token once and the service trusts any token -> verify in the service, or accept
    nothing that does not come from the gateway.
    Cause: the failure of the verification is caught and logged -> let it end the request.
    """
    refuse_all(target, secured_read, forge, "token.signature", advice="verify the signature before reading any claim")


@check(
    "auth.alg-none-rejected",
    level="MUST",
    clause="RFC 9068 §4; RFC 8725 §3.1",
    faults=["jwt-accepts-none", "jwt-blocks-only-lowercase-none"],
    needs=["secured", "jwt"],
    requests=14,
    seconds=0.1,
)
def test_an_unsigned_token_is_refused_in_every_disguise(target, secured_read, forge):
    """Unsigned tokens are refused in every disguise.

    Sends: the secured read with tokens whose alg is none, None, NONE, nOnE, null or missing, each with an empty and
    with a junk signature.
    Decides: 401 for each, or another refusal as an advisory; a success fails.
    Cause: the algorithm is taken from the token's own header -> give the library the list of algorithms that you allow
    (PyJWT: algorithms=["RS256"]; jsonwebtoken: {algorithms: […]}; nimbus: JWSVerificationKeySelector with a fixed set).
    Cause: "none" is on a list of what is forbidden, compared letter by letter -> allow what you know instead of
    forbidding what you know.
    Cause: a missing alg falls into a default branch without verification -> refuse a header without alg.
    """
    refuse_all(target, secured_read, forge, "token.none", advice="allow only the algorithms that you use, by name")


@check(
    "auth.wrong-audience-rejected",
    level="MUST",
    clause="RFC 7519 §4.1.3",
    faults=["jwt-skip-aud", "jwt-aud-prefix-match"],
    needs=["secured", "jwt"],
    requests=10,
    seconds=0.1,
)
def test_a_token_for_somebody_else_is_refused(target, secured_read, forge):
    """A token meant for somebody else is refused.

    Sends: the secured read with tokens whose audience is another, missing, empty, or a list without ours; and near
    misses of ours: shortened, lengthened, in other case, with a slash more or less.
    Decides: 401 for each; a success fails. A near miss that is accepted fails where the profile declares RFC 9068,
    whose resource server must find itself in aud, and is an advisory elsewhere.
    Cause: no expected audience is configured, so the library does not look -> configure it (PyJWT: audience=…; Spring
    Security: spring.security.oauth2.resourceserver.jwt.audiences; ASP.NET Core: ValidateAudience = true; express-jwt:
    audience).
    Cause: the audience is compared with startsWith, contains or a pattern -> compare the whole text.
    Cause: a token without aud passes because only a wrong aud is refused -> demand the claim.
    """
    strict = forge.minter.settings.rfc9068
    refuse_all(target, secured_read, forge, "token.audience", advice="demand your own audience in aud", strict=strict)


@check(
    "auth.wrong-issuer-rejected",
    level="MUST",
    clause="RFC 9068 §4; RFC 8725 §3.8",
    faults=["jwt-skip-iss", "jwt-issuer-keys-pooled"],
    needs=["secured", "jwt"],
    requests=10,
    seconds=0.1,
)
def test_a_token_of_another_issuer_is_refused(target, secured_read, forge, issuer):
    """A token naming an issuer that is not trusted, or a trusted issuer whose key did not sign it, is refused.

    Sends: the secured read with tokens whose iss is unknown, missing, or a near miss of the right one; and, where the
    profile names the metadata of the partner's own authorization server (sign_in.metadata_url), with a token that
    claims that server's issuer and is signed with the platform's key.
    Decides: 401 for each; a success fails. A near miss that is accepted fails where RFC 9068 is declared, and is an
    advisory elsewhere.
    Cause: the key is found by kid alone, in one pool for all issuers -> choose the issuer by iss first, then its key
    set, and never look elsewhere (Spring Security: JwtIssuerAuthenticationManagerResolver).
    Cause: the issuer is not validated -> configure it (PyJWT: issuer=…; ASP.NET Core: ValidateIssuer = true with
    ValidIssuer; jsonwebtoken: issuer).
    Cause: the issuer is compared without its case, or after cutting slashes -> compare the whole text.
    """
    strict, advice = forge.minter.settings.rfc9068, "bind each key to its issuer, and compare iss exactly"
    with target.sandwich(secured_read, token=forge.valid()):
        refuse_each(target, secured_read, forge, "token.issuer", advice=advice, strict=strict)
        if issuer in ("", forge.minter.settings.issuer):
            note(
                "the partner's own issuer is not known (sign_in.metadata_url): a key of ours in its name was not tried"
            )
            return
        claimed = forge.token().claim(iss=issuer).compact()
        reply = target.send(secured_read, token=claimed, tag="token.issuer.claimed")
        expect(reply, "a token with the partner's own issuer and the platform's signature").refused(401, advice=advice)


def refuse_all(target, call, forge, family, advice, strict=True):
    """Every token of a family is refused; near misses count where the profile is ``strict`` about them."""
    with target.sandwich(call, token=forge.valid()):
        refuse_each(target, call, forge, family, advice, strict)


def refuse_each(target, call, forge, family, advice, strict=True):
    """The same inside a control that is already there: a check needs no second one."""
    for mutation, token in forge.spoiled(family):
        reply = target.send(call, token=token, tag=mutation.name)
        expectation = expect(reply, f"a token with {mutation}")
        (expectation if strict or not mutation.near else expectation.advisory).refused(401, advice=advice)
