"""Operations that would take the calling identity away are recognised, and their neighbours are not."""

from __future__ import annotations

import pytest

from certify.contract.hazards import hazard
from certify.contract.operation import Operation

SESSION, SIGN_IN, ACCOUNT = (
    "it ends a session",
    "it changes how an identity signs in",
    "it closes the identity's own account",
)


@pytest.mark.parametrize(
    ("method", "path", "name", "reason"),
    [
        ("POST", "/auth/logout", "", SESSION),
        ("GET", "/user/logout", "logoutUser", SESSION),
        ("DELETE", "/session", "", SESSION),
        ("DELETE", "/api/v2/login", "", SESSION),
        ("POST", "/oauth/revoke", "", SESSION),
        ("POST", "/v1/x", "signOut", SESSION),
        ("POST", "/connect/end_session", "", SESSION),
        ("PUT", "/me/password", "", SIGN_IN),
        ("POST", "/users/change-password", "", SIGN_IN),
        ("PATCH", "/users/{id}", "resetPassword", SIGN_IN),
        ("POST", "/me/2fa", "", SIGN_IN),
        ("POST", "/account/api-key/rotate", "", SIGN_IN),
        ("DELETE", "/me", "", ACCOUNT),
        ("DELETE", "/v1/users/me", "", ACCOUNT),
        ("DELETE", "/user", "", ACCOUNT),
        ("POST", "/account/deactivate", "", ACCOUNT),
    ],
)
def test_what_takes_the_identity_away_is_recognised(method: str, path: str, name: str, reason: str) -> None:
    assert hazard(Operation(name or f"{method} {path}", method, path)) == reason


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/me", "getMe"),
        ("PATCH", "/me", "updateMe"),
        ("DELETE", "/me/notes", "clearNotes"),
        ("DELETE", "/users/{id}", "deleteUser"),
        ("DELETE", "/accounts/{id}", "closeAccount"),
        ("DELETE", "/sessions/{id}", "deleteSession"),
        ("POST", "/login", "login"),
        ("POST", "/users", "createUser"),
        ("GET", "/password-policy", "getPasswordPolicy"),
        ("POST", "/orders/{id}/cancel", "cancelOrder"),
        ("DELETE", "/blog/{id}", "deletePost"),
        ("POST", "/passwordless-things", "createPasswordless"),
        ("POST", "/tokens", "createToken"),
        ("POST", "/consents/{id}/revoke", "revokeConsent"),
    ],
)
def test_its_neighbours_are_not(method: str, path: str, name: str) -> None:
    assert hazard(Operation(name, method, path)) == ""
