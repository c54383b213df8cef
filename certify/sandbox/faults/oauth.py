"""Faults of the token endpoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from certify.sandbox.call import Answer, Call
from certify.sandbox.faults import fault
from certify.sandbox.faults.surgery import replace_method, wrap_handlers

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox


@fault(
    "token-response-cacheable",
    checks=["auth.cc-token-issued"],
    does="Tokens are sent with Cache-Control: max-age=300.",
    collateral=["contract.headers-and-media-type"],
)
def token_response_cacheable(sandbox: Sandbox) -> None:
    def cacheable(_call: Call, act: Callable[[], Answer]) -> Answer:
        answer = act()
        answer.headers["Cache-Control"] = "max-age=300"
        return answer

    wrap_handlers(sandbox, ["issueToken"], cacheable)


@fault(
    "cc-issues-refresh-token",
    checks=["auth.cc-token-issued"],
    does="A refresh token comes with a client-credentials answer.",
    collateral=["contract.schema-valid"],
)
def issues_refresh_token(sandbox: Sandbox) -> None:
    def refreshable(_call: Call, act: Callable[[], Answer]) -> Answer:
        answer = act()
        if answer.status == 200:
            answer.body["refresh_token"] = "TEST-ONLY-refresh-token"
        return answer

    wrap_handlers(sandbox, ["issueToken"], refreshable)


@fault("secret-not-checked", checks=["auth.cc-errors-standard"], does="Any secret works for a known client.")
def secret_not_checked(sandbox: Sandbox) -> None:
    replace_method(sandbox.authorization_server, "secret_matches", lambda _given, _expected: True)


@fault(
    "token-endpoint-200-on-error",
    checks=["auth.cc-errors-standard"],
    does="Errors of the token endpoint are sent with status 200.",
    collateral=["contract.schema-valid", "contract.invalid-input-rejected"],
)
def token_endpoint_200_on_error(sandbox: Sandbox) -> None:
    def always_200(_call: Call, act: Callable[[], Answer]) -> Answer:
        answer = act()
        answer.status = 200
        return answer

    wrap_handlers(sandbox, ["issueToken"], always_200)
