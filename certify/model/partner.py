"""The partner profile: where the sandbox is, who may sign in, what is offered, what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from certify.model.playbook import Contact


@dataclass(frozen=True)
class SecretRef:
    """Where a secret is, never what it is: ``env`` (a variable), ``file`` (a path) or ``command`` (argv).

    ``file`` and ``line`` say where the reference was written, for messages. ``signs`` says that the secret is used
    here and never sent, as the private key of a client certificate is.
    """

    kind: str
    value: str | tuple[str, ...]
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)
    signs: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Identity:
    """Someone who can sign in: ``primary``, ``other_tenant``, ``read_only``, ``burnable``.

    ``settings`` holds the non-secret part of the sign-in (``client_id``, ``username``, ``header`` …), ``secrets`` the
    references. ``scopes`` are what is asked for; ``tenant`` and ``subject`` are put into minted tokens.
    """

    name: str
    tenant: str = ""
    subject: str = ""
    scopes: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, SecretRef] = field(default_factory=dict)


@dataclass(frozen=True)
class SignIn:
    """How identities sign in. ``kind`` is one of the sign-in flows under ``certify/http/signin``."""

    kind: str
    token_url: str = ""
    metadata_url: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PlatformTokens:
    """Tokens that certify mints itself; the sandbox trusts the issuer and its key set.

    ``keys`` and ``key_ids`` go by algorithm (``RS256``): the private key's PEM by reference, and its ``kid``.
    ``claims`` is a template with ``{tenant}``, ``{subject}``, ``{scope}`` and ``{client_id}``; ``leeway_s`` is legal
    lateness after ``exp`` in seconds (RFC 7519 §4.1.4); ``rfc9068`` says that access tokens carry ``typ: at+jwt``;
    ``serve_jwks`` (``host:port``) is where the key set is served during a run, for sandboxes that fetch it.
    """

    issuer: str
    audience: str
    algorithms: tuple[str, ...]
    keys: Mapping[str, SecretRef]
    key_ids: Mapping[str, str] = field(default_factory=dict)
    leeway_s: int = 60
    lifetime_s: int = 300
    rfc9068: bool = False
    claims: Mapping[str, str] = field(default_factory=dict)
    serve_jwks: str = ""


@dataclass(frozen=True)
class Limit:
    """A declared rate limit: at most ``requests`` per ``window_s`` seconds for an identity (``*``: each one).

    ``status`` is what the limiter answers, ``retry_after`` a promise that it says when to come back: no standard
    obliges it to (RFC 6585 §4 says MAY).
    """

    requests: int
    window_s: float
    identity: str = "*"
    status: int = 429
    retry_after: bool = False


@dataclass(frozen=True)
class Permissions:
    """What the harness may do to the sandbox."""

    allow_writes: bool = True
    allow_destructive: bool = True
    allow_stress: bool = False


@dataclass(frozen=True)
class Generated:
    """Which operations generated requests keep off. ``leave_out`` adds some; ``keep`` takes back what a rule left out.

    Each is named by its operationId or as ``METHOD /path``.
    """

    leave_out: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class OperationHint:
    """A better probe than the contract suggests: an operation, and values for its inputs."""

    operation: str
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Pagination:
    """How collections are walked: ``style`` is cursor, page, offset, link or none."""

    style: str = ""
    cursor_param: str = ""
    size_param: str = ""
    items_pointer: str = ""
    next_pointer: str = ""
    max_size: int | None = None


@dataclass(frozen=True)
class Idempotency:
    """``header`` carries the key; ``volatile`` are members that may differ in a replayed answer."""

    header: str = ""
    volatile: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audit:
    """Where changes are recorded. The fields are JSON Pointers into one record of the list ``operation`` answers."""

    operation: str
    items_pointer: str = ""
    actor: str = ""
    action: str = ""
    object_id: str = ""
    time: str = ""
    outcome: str = ""
    correlation: str = ""
    delay_s: float = 2.0


@dataclass(frozen=True)
class Partner:
    """A partner profile, checked against its schema, with secrets by reference only.

    ``contract`` (a path or URL) and ``answers`` (a path) override the program's; ``file`` is the profile itself, and
    relative secret files are found from its folder. ``error_format`` is problem+json, schema or none. ``ca_file`` (a
    path) holds the certificates of a private authority that vouches for the sandbox, in PEM.
    """

    id: str
    name: str
    base_url: str
    sign_in: SignIn
    identities: Mapping[str, Identity]
    contract: str = ""
    environment: str = "sandbox"
    allowed_hosts: tuple[str, ...] = ()
    tokens: PlatformTokens | None = None
    operations: Mapping[str, OperationHint] = field(default_factory=dict)
    capabilities: Mapping[str, str] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    permissions: Permissions = Permissions()
    generated: Generated = Generated()
    pagination: Pagination = Pagination()
    idempotency: Idempotency | None = None
    audit: Audit | None = None
    error_format: str = ""
    consistency_window_s: float = 0.0
    assert_formats: bool = False
    hides_existence: bool = False
    contacts: tuple[Contact, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    answers: str = ""
    file: str = ""
    ca_file: str = ""
