"""What happens to a call, in order. Each step lets it go on, or ends it by raising a problem.

Sign-in comes first and validation late: someone without a token learns nothing about inputs, and a throttled call has
no effect.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from certify.sandbox.call import Answer, Call
from certify.sandbox.inputs import read_inputs
from certify.sandbox.problems import ProblemError
from certify.sandbox.tokens import RefusedTokenError

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox

Step = Callable[["Sandbox", Call], Answer | None]

TOKEN_PATH = "/oauth/token"
REALM = 'Bearer realm="partner-api"'
BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)


def find_operation(_sandbox: Sandbox, call: Call) -> None:
    """404 for an unknown route, 405 with ``Allow`` for an unsupported method (RFC 9110 §15.5.6).

    At the token endpoint the 405 also carries ``error``, so that an OAuth client understands it (RFC 6749 §5.2).
    """
    if call.operation is None and call.allowed:
        headers = {"Allow": ", ".join(call.allowed)}
        extensions = {"error": "invalid_request"} if call.path == TOKEN_PATH else {}
        raise ProblemError("method-not-allowed", "See the Allow header.", headers=headers, extensions=extensions)
    if call.operation is None:
        raise ProblemError("unknown-route")


def authenticate(sandbox: Sandbox, call: Call) -> None:
    """401 with a challenge; an error code only where a credential was sent (RFC 6750 §3.1)."""
    if call.served.scopes is None:
        return
    credential = call.headers.get("authorization", "")
    if not credential.lower().startswith("bearer"):
        raise ProblemError("missing-token", headers={"WWW-Authenticate": REALM})
    match = BEARER.fullmatch(credential.strip())
    try:
        call.caller = sandbox.verifier.verify(match[1] if match else "")
    except RefusedTokenError as refusal:
        challenge = {"WWW-Authenticate": f'{REALM}, error="invalid_token"'}
        raise ProblemError("invalid-token", headers=challenge) from refusal


def throttle(sandbox: Sandbox, call: Call) -> None:
    """429 and ``Retry-After`` when the client's window is used up (RFC 6585 §4)."""
    if call.served.scopes is None:
        return
    call.allowance = allowance = sandbox.limiter.take(call.caller.client_id)
    if not allowance.granted:
        wait = sandbox.retry_after(allowance)
        told = f"The limit is {allowance.plan.requests} requests in {allowance.plan.window_s:g} seconds."
        raise ProblemError("quota-exceeded", f"{told} Come back in {wait} seconds.", headers={"Retry-After": str(wait)})


def authorize(sandbox: Sandbox, call: Call) -> None:
    """403 when the token lacks a scope that the contract asks for (RFC 6750 §3.1)."""
    for scope in sorted(call.served.scopes or ()):
        if not sandbox.has_scope(call.caller, scope):
            challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
            headers = {"WWW-Authenticate": challenge}
            raise ProblemError("insufficient-scope", f"The scope {scope} is needed.", headers=headers)


def perform(sandbox: Sandbox, call: Call) -> Answer:
    """Run the handler, once per idempotency key, and write down what it changed."""
    handler = sandbox.handlers[call.served.id]
    return sandbox.idempotency.once(call, lambda: sandbox.audit.recorded(call, lambda: handler(sandbox, call)))


STEPS: dict[str, Step] = {
    "find operation": find_operation,
    "authenticate": authenticate,
    "throttle": throttle,
    "authorize": authorize,
    "read inputs": read_inputs,
    "perform": perform,
}
