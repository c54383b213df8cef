"""Operations that would take away the identity that calls them, told from the contract alone.

Three kinds are left out, by the words of path, operationId, summary and tags:

- *ends a session*: ``POST /logout``, ``DELETE /session``, ``POST /oauth/revoke`` (RFC 7009), ``end_session``.
- *changes how the identity signs in*: a password, a second factor, a key of one's own (``PUT /me/password``).
- *deletes or closes the identity's own account*: ``DELETE /me``, ``POST /account/deactivate``.

The rule is coarse on purpose, since an operation that is left out is told and costs coverage only. The profile has the
last word: for generated requests ``generated.keep`` takes an operation back, and ``generated.leave_out`` adds one; the
suites call what stands under ``operations``.
"""

from __future__ import annotations

import re

from certify.contract.operation import Operation

_ENDS = re.compile(r"\b(log ?out|log ?off|sign ?out|sign ?off|end session|invalidate (token|session)s?)\b")
_REVOKES = re.compile(r"\b(revoke|revocation)\b")
_SESSION = re.compile(r"\b(sessions?|login|token)\b")
_SIGNS_IN = re.compile(r"\b(passwords?|passwd|passphrase|mfa|2fa|totp|otp|two factor|second factor)\b")
_OWN_KEY = re.compile(
    r"\b(rotate|regenerate|reset|roll)\b.*\b(keys?|secrets?|tokens?)\b"
    r"|\b(keys?|secrets?|tokens?) (rotate|regenerate|roll)\b"
)
_CLOSES = re.compile(r"\b(deactivate|close|cancel|terminate|suspend|disable|delete|remove|unregister)\b")
_SELF = frozenset({"me", "self", "myself", "whoami", "account", "my account", "profile", "current user", "user"})


def hazard(operation: Operation) -> str:
    """What the operation would do to the identity, in words; empty where it is harmless."""
    words = _words(operation.path) + " " + _words(operation.id if " " not in operation.id else "")
    changes = operation.method not in ("GET", "HEAD", "OPTIONS")
    if _ENDS.search(words) or ("{" not in words and _REVOKES.search(words)):
        return "it ends a session"
    if operation.method == "DELETE" and _SESSION.search(_words(_last(operation.path))):
        return "it ends a session"
    if changes and (_SIGNS_IN.search(words) or (_own(operation) and _OWN_KEY.search(words))):
        return "it changes how an identity signs in"
    if changes and _own(operation) and (operation.method == "DELETE" or _CLOSES.search(words)):
        return "it closes the identity's own account"
    return ""


def _own(operation: Operation) -> bool:
    """Whether it is about the caller: the path goes through ``me``, ``account`` …, and has no parameter."""
    segments = [segment for segment in operation.path.strip("/").split("/") if segment]
    places = [number for number, segment in enumerate(segments) if _words(segment) in _SELF]
    if not places:
        return False
    last = places[-1]
    beyond = segments[last + 1 :]
    return not any(segment.startswith("{") for segment in segments) and (
        not beyond or operation.method != "DELETE" or bool(_CLOSES.search(_words(" ".join(beyond))))
    )


def _last(path: str) -> str:
    """The last segment, unless it is a parameter: deleting a named session may not be about one's own."""
    segment = path.rstrip("/").rpartition("/")[2]
    return "" if segment.startswith("{") else segment


def _words(text: str) -> str:
    """``changeMyPassword``, ``change-my_password`` and ``/change/my/password`` as ``change my password``."""
    parted = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    return re.sub(r"[^a-z0-9{}]+", " ", parted.lower()).strip()
