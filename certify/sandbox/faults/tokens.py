"""Faults in the validation of access tokens: one statement of it is missing or too generous."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from certify.sandbox.call import Answer, Call, Caller
from certify.sandbox.faults import fault
from certify.sandbox.problems import ProblemError
from certify.sandbox.tokens import RefusedTokenError, Token

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox


@fault("jwt-skip-exp", checks=["auth.expired-token-rejected"], does="The expiry claim is parsed but never compared.")
def skip_exp(sandbox: Sandbox) -> None:
    del sandbox.verifier.passing["expiry"]


@fault(
    "jwt-skip-signature",
    checks=["auth.bad-signature-rejected"],
    does="Claims are decoded without verification.",
    collateral=["auth.wrong-issuer-rejected"],
)
def skip_signature(sandbox: Sandbox) -> None:
    del sandbox.verifier.lasting["signature"]


@fault("jwt-accepts-none", checks=["auth.alg-none-rejected"], does="`none` is treated as a supported algorithm.")
def accepts_none(sandbox: Sandbox) -> None:
    _let_in_unsigned(sandbox, lambda algorithm: algorithm == "none")


@fault(
    "jwt-blocks-only-lowercase-none",
    checks=["auth.alg-none-rejected"],
    does="A deny-list compares exact text: `none` is refused, `None` and `nOnE` are not.",
)
def blocks_only_lowercase_none(sandbox: Sandbox) -> None:
    _let_in_unsigned(sandbox, lambda algorithm: algorithm != "none" and str(algorithm).lower() == "none")


def _let_in_unsigned(sandbox: Sandbox, unsigned: Callable[[Any], bool]) -> None:
    for name in ("algorithm", "signature"):
        honest = sandbox.verifier.lasting[name]

        def generous(token: Token, honest: Callable[[Token], None] = honest) -> None:
            if not unsigned(token.header.get("alg")):
                honest(token)

        sandbox.verifier.lasting[name] = generous


@fault("jwt-skip-aud", checks=["auth.wrong-audience-rejected"], does="The audience is never checked.")
def skip_aud(sandbox: Sandbox) -> None:
    del sandbox.verifier.lasting["audience"]


@fault(
    "jwt-aud-prefix-match",
    checks=["auth.wrong-audience-rejected"],
    does="The audience is compared with startsWith, so a longer one passes.",
)
def aud_prefix_match(sandbox: Sandbox) -> None:
    def starts_alike(token: Token) -> None:
        audience = token.claims.get("aud")
        given = audience if isinstance(audience, list) else [audience]
        if not any(isinstance(one, str) and one.startswith(sandbox.verifier.audience) for one in given):
            raise RefusedTokenError("aud")

    sandbox.verifier.lasting["audience"] = starts_alike


@fault(
    "jwt-aud-array-unsupported",
    checks=["auth.valid-token-accepted"],
    does="The audience is compared as a bare string, so an array is refused.",
)
def aud_array_unsupported(sandbox: Sandbox) -> None:
    def equals(token: Token) -> None:
        if token.claims.get("aud") != sandbox.verifier.audience:
            raise RefusedTokenError("aud")

    sandbox.verifier.lasting["audience"] = equals


@fault("jwt-skip-iss", checks=["auth.wrong-issuer-rejected"], does="Any issuer is accepted if the key is known.")
def skip_iss(sandbox: Sandbox) -> None:
    del sandbox.verifier.lasting["issuer"]
    _pool_keys(sandbox)


@fault(
    "jwt-issuer-keys-pooled",
    checks=["auth.wrong-issuer-rejected"],
    does="The keys of all issuers share one pool, so one issuer can sign in another's name.",
)
def issuer_keys_pooled(sandbox: Sandbox) -> None:
    _pool_keys(sandbox)


def _pool_keys(sandbox: Sandbox) -> None:
    pool = [key for keys in sandbox.verifier.issuers.values() for key in keys]
    sandbox.verifier.keys_for = lambda _token: pool


@fault(
    "401-without-challenge",
    checks=["auth.challenge-present"],
    does="The gateway strips WWW-Authenticate from every answer.",
    collateral=["auth.cc-errors-standard", "contract.headers-and-media-type"],
)
def no_challenge(sandbox: Sandbox) -> None:
    def strip(_sandbox: Sandbox, _call: Call, answer: Answer) -> None:
        answer.headers.pop("WWW-Authenticate", None)

    sandbox.finishers["strip challenge"] = strip


@fault(
    "one-op-unguarded",
    checks=["auth.missing-credentials-rejected"],
    does="createLead was registered without a guard: a call without a token acts for the first tenant.",
)
def one_op_unguarded(sandbox: Sandbox) -> None:
    honest = sandbox.steps["authenticate"]
    client = sandbox.authorization_server.clients["primary"]

    def let_in(whole: Sandbox, call: Call) -> Answer | None:
        try:
            return honest(whole, call)
        except ProblemError as problem:
            if call.served.id != "createLead" or problem.kind != "missing-token":
                raise
            call.caller = Caller(client.id, client.id, client.tenant, client.scopes)
            return None

    sandbox.steps["authenticate"] = let_in
