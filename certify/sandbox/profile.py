"""The partner profile of the reference sandbox: what ``certify demo`` uses, and an example for everybody else's.

Operations are not named in it: what is needed is found in the contract, and a profile only has to help where that
fails.
"""

from __future__ import annotations

from typing import Any

from certify.sandbox.clients import PLANS, TENANTS, scopes_of
from certify.sandbox.keys import AUDIENCE, PLATFORM_ISSUER, platform_keys
from certify.sandbox.limiter import NORMAL
from certify.sandbox.places import CONTRACT, KEYS

COMMENTS = {
    "target": "Where the sandbox is, and which document it promises to implement. Other hosts are never contacted.",
    "sign_in": "How identities get their access tokens.",
    "identities": "Who can sign in. Secrets are references: a file, an environment variable or a command.",
    "platform_tokens": "Tokens that certify mints itself. The sandbox trusts this issuer and knows its public keys.",
    "operations": "Better probes than the contract suggests; empty when the contract is enough.",
    "capabilities": "What is offered, and what is not; what is not offered is checked to be absent.",
    "limits": "What the sandbox promises to enforce. Checks stay below it, except those that measure it.",
    "permissions": "What certify may do here.",
    "pagination": "How lists are walked.",
    "idempotency": "The header that makes writes repeatable, and what may differ in a repeated answer.",
    "audit": "Where changes are recorded; the fields are JSON Pointers into one record.",
    "errors": "The one format of errors.",
    "contacts": "Whom to ask.",
}


def reference_profile(base_url: str) -> dict[str, Any]:
    """The profile as a document, for a sandbox at that address. Files are named absolutely."""
    return {
        "schema": "certify/partner/1",
        "id": "reference",
        "name": "Reference Sandbox",
        "target": {
            "base_url": base_url,
            "contract": str(CONTRACT),
            "environment": "sandbox",
            "allowed_hosts": [],
        },
        "sign_in": {
            "kind": "client_credentials",
            "token_url": f"{base_url}/oauth/token",
            "metadata_url": f"{base_url}/.well-known/oauth-authorization-server",
            "client_auth": "basic",
        },
        "identities": {name: _identity(name) for name in TENANTS},
        "platform_tokens": _platform_tokens(),
        "operations": {},
        "capabilities": {
            "refresh_tokens": "not_offered",
            "webhooks": "offered",
            "audit": "offered",
            "idempotency": "offered",
            "pagination": "offered",
        },
        "limits": _limits(),
        "permissions": {"allow_writes": True, "allow_destructive": True, "allow_stress": True},
        "pagination": {
            "style": "cursor",
            "cursor_param": "cursor",
            "size_param": "limit",
            "items_pointer": "/items",
            "next_pointer": "/next_cursor",
            "max_size": 100,
        },
        "idempotency": {"header": "Idempotency-Key", "volatile": []},
        "audit": {
            "operation": "listAuditEvents",
            "items_pointer": "/items",
            "actor": "/actor",
            "action": "/action",
            "object_id": "/object_id",
            "time": "/occurred_at",
            "outcome": "/outcome",
            "correlation": "/request_id",
            "delay_s": 1,
        },
        "errors": {"format": "problem+json"},
        "contacts": [
            {"name": "Partner Engineering", "email": "partner-engineering@platform.example", "topic": "technical"}
        ],
    }


def _identity(name: str) -> dict[str, Any]:
    return {
        "tenant": TENANTS[name],
        "client_id": name,
        "client_secret": {"file": str(KEYS / f"TEST-ONLY-{name}.secret")},
        "subject": name,
        "scopes": list(scopes_of(name)),
    }


def _platform_tokens() -> dict[str, Any]:
    keys = platform_keys()
    return {
        "issuer": PLATFORM_ISSUER,
        "audience": AUDIENCE,
        "algorithms": [key.algorithm for key in keys],
        "keys": {
            key.algorithm: {"file": str(KEYS / f"TEST-ONLY-platform-{key.algorithm.lower()}.pem")} for key in keys
        },
        "key_ids": {key.algorithm: key.key_id for key in keys},
        "leeway_s": 30,
        "lifetime_s": 300,
        "rfc9068": True,
        "claims": {"sub": "{subject}", "tenant": "{tenant}", "scope": "{scope}", "client_id": "{client_id}"},
    }


def _limits() -> list[dict[str, Any]]:
    plans = {"*": NORMAL, **PLANS}
    return [
        {"requests": plan.requests, "window_s": plan.window_s, "identity": name, "retry_after": True}
        for name, plan in plans.items()
    ]


def render_profile(base_url: str) -> str:
    """The profile as a YAML file that explains itself."""
    import yaml

    lines = ["# The partner profile of the reference sandbox. Its keys and secrets are public: TEST ONLY."]
    for section, content in reference_profile(base_url).items():
        if section in COMMENTS:
            lines += ["", f"# {COMMENTS[section]}"]
        lines.append(yaml.safe_dump({section: content}, sort_keys=False, allow_unicode=True, width=120).rstrip())
    return "\n".join(lines) + "\n"
