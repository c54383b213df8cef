"""The contract as the engine should read it, rewritten in memory before it is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

BEARER_V3 = {"type": "http", "scheme": "bearer"}
BEARER_V2 = {"type": "apiKey", "in": "header", "name": "Authorization"}


def rewrite(document: dict[str, Any]) -> None:
    """Let the engine probe OAuth 2.0 and OpenID Connect, by calling both what they are on the wire: a bearer token.

    NOTE: ``ignored_auth`` knows apiKey and http schemes only; with the others it probes nothing and reports a success.
    """
    for scheme in _schemes(document):
        if scheme.get("type") in ("oauth2", "openIdConnect"):
            scheme.clear()
            scheme.update(BEARER_V2 if "swagger" in document else BEARER_V3)


def _schemes(document: dict[str, Any]) -> Iterable[dict[str, Any]]:
    if "swagger" in document:
        found = document.get("securityDefinitions")
    else:
        components = document.get("components")
        found = components.get("securitySchemes") if isinstance(components, dict) else None
    return [scheme for scheme in found.values() if isinstance(scheme, dict)] if isinstance(found, dict) else []
