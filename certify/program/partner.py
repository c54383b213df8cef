"""The partner profile: loaded whole, or refused with every problem it has.

:func:`load_partner` needs only the file and what it refers to; :func:`check_partner` adds what needs the contract.
Relative paths start at the profile's folder.

    partner.yaml:14 at identities.primary.client_secret.env: environment variable 'ACME_SECRT' is not set
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from certify.errors import ProfileError
from certify.model.codec import decode
from certify.model.partner import (
    Audit,
    Generated,
    Idempotency,
    Identity,
    Limit,
    OperationHint,
    Pagination,
    Partner,
    Permissions,
    PlatformTokens,
    SignIn,
)
from certify.model.playbook import Contact
from certify.program.lint import Lint
from certify.program.partner_rules import RULES, check_secrets
from certify.program.sign_in_rules import SECRETS, reference
from certify.program.source import Place, read_document
from certify.program.target_rules import TARGET_RULES
from certify.program.validate import check_structure


def load_partner(path: Path, *, secrets: bool = True) -> Partner:
    """Read a profile. Raises :class:`certify.errors.ProfileError` with all problems of the file.

    ``secrets=False`` does not ask whether the secrets that it names are there.
    """
    lint = Lint(read_document(path, ProfileError))
    if check_structure(lint, "partner.v1"):
        for rule in (*TARGET_RULES, *RULES):
            if secrets or rule is not check_secrets:
                rule(lint)
    lint.finish(ProfileError, "profile")
    return _partner(lint)


def check_partner(partner: Partner, operations: Collection[str]) -> None:
    """Check the profile's operation hints against the contract's operation ids (and ``METHOD /path`` names).

    Raises :class:`certify.errors.ProfileError` naming file, line and the nearest operation.
    """
    lint = Lint(read_document(Path(partner.file), ProfileError))
    places: list[Place] = [("operations", role, "operation") for role in lint.mapping("operations")]
    for member in ("leave_out", "keep"):
        places += [place for place, _ in lint.texts("generated", member)]
    for place in [*places, ("audit", "operation")]:
        name = lint.text(*place)
        if name and name not in operations:
            lint.unknown(place, "operation", name, operations)
    lint.finish(ProfileError, "profile")


def _partner(lint: Lint) -> Partner:
    value, target = lint.document.value, lint.mapping("target")
    return Partner(
        id=value["id"],
        name=value["name"],
        base_url=target["base_url"].rstrip("/"),
        sign_in=_sign_in(lint.mapping("sign_in")),
        identities={name: _identity(lint, name) for name in lint.mapping("identities")},
        contract=_located(lint, "target", "contract"),
        environment=target.get("environment", "sandbox"),
        allowed_hosts=tuple(target.get("allowed_hosts", ())),
        tokens=_tokens(lint) if "platform_tokens" in value else None,
        operations={role: decode(OperationHint, hint) for role, hint in lint.mapping("operations").items()},
        capabilities=lint.mapping("capabilities"),
        limits=decode(tuple[Limit, ...], value.get("limits", [])),
        permissions=decode(Permissions, lint.mapping("permissions")),
        generated=decode(Generated, lint.mapping("generated")),
        pagination=decode(Pagination, lint.mapping("pagination")),
        idempotency=decode(Idempotency, value["idempotency"]) if "idempotency" in value else None,
        audit=decode(Audit, value["audit"]) if "audit" in value else None,
        error_format=lint.text("errors", "format"),
        consistency_window_s=float(value.get("consistency_window_s", 0)),
        assert_formats=bool(lint.get("contract", "assert_formats")),
        hides_existence=bool(value.get("hides_existence")),
        contacts=decode(tuple[Contact, ...], value.get("contacts", [])),
        headers=lint.mapping("headers"),
        answers=_located(lint, "answers"),
        file=lint.document.file,
        ca_file=_located(lint, "target", "ca_file"),
    )


def _located(lint: Lint, *place: str) -> str:
    """A path of the profile from the profile's folder; a URL as it is."""
    name = lint.text(*place)
    if not name or re.match("https?://", name):
        return name
    return str((Path(lint.document.file).parent / name).resolve())


def _sign_in(written: dict[str, Any]) -> SignIn:
    settings = {name: value for name, value in written.items() if name not in {"kind", "token_url", "metadata_url"}}
    return SignIn(written["kind"], written.get("token_url", ""), written.get("metadata_url", ""), settings)


def _identity(lint: Lint, name: str) -> Identity:
    written = lint.mapping("identities", name)
    refs = {member: reference(lint, ("identities", name, member)) for member in SECRETS}
    return Identity(
        name,
        tenant=written.get("tenant", ""),
        subject=written.get("subject", ""),
        scopes=tuple(written.get("scopes", ())),
        settings={member: written[member] for member in ("client_id", "username", "key_id") if member in written},
        secrets={member: ref for member, ref in refs.items() if ref},
    )


def _tokens(lint: Lint) -> PlatformTokens:
    written = lint.mapping("platform_tokens")
    refs = {name: reference(lint, ("platform_tokens", "keys", name)) for name in written["keys"]}
    return PlatformTokens(
        issuer=written["issuer"],
        audience=written["audience"],
        algorithms=tuple(written["algorithms"]),
        keys={name: ref for name, ref in refs.items() if ref},
        key_ids=written.get("key_ids", {}),
        leeway_s=written.get("leeway_s", 60),
        lifetime_s=written.get("lifetime_s", 300),
        rfc9068=written.get("rfc9068", False),
        serve_jwks=written.get("serve_jwks", ""),
        claims=written.get("claims", {}),
    )
