"""What the contract says of an operation, as far as the rules need it: small enough to travel to each job."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from certify.http.secret_names import secret_headers

if TYPE_CHECKING:  # the jobs only carry facts; they need not import what reads contracts
    from certify.contract.document import Contract
    from certify.contract.operation import Operation
    from certify.contract.validation import Schemas
    from certify.model.partner import Partner

KNOWN_FORMATS = frozenset(
    ("date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri",
     "uri-reference", "iri", "iri-reference", "uuid", "uri-template", "json-pointer", "relative-json-pointer", "regex",
     "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float", "double", "decimal", "byte",
     "binary", "password", "base64url", "double-int", "char", "commonmark", "html")
)  # fmt: skip
"""Formats of JSON Schema 2020-12 (Validation §7.3) and of the OpenAPI format registry."""
CONDITIONAL = ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range")


@dataclass(frozen=True)
class OperationFacts:
    """``label`` is how the engine names the operation (``GET /leads/{id}``), ``id`` how we do.

    ``documented`` are the statuses as written (``404``, ``4XX``, ``default``). ``grants`` marks the operation that
    hands out credentials; ``hazard`` says in words how an operation would take away the identity that calls it;
    ``odd_formats`` are parameters and members of the body in a ``format`` that no specification defines;
    ``formats_promised`` is the profile's ``contract.assert_formats``.
    ``elsewhere`` marks one with a server of its own; ``no_uuid`` are headers that may not be a UUID.
    ``credentials`` are the names, in lower case, of headers, query parameters and cookies that sign requests in.
    """

    label: str
    id: str
    documented: tuple[str, ...] = ()
    secured: bool = False
    in_path: tuple[str, ...] = ()
    path_schemas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    in_header: tuple[str, ...] = ()
    no_uuid: tuple[str, ...] = ()
    has_body: bool = False
    parameters: int = 0
    links: int = 0
    grants: bool = False
    hazard: str = ""
    elsewhere: bool = False
    odd_formats: tuple[str, ...] = ()
    formats_promised: bool = False
    credentials: tuple[str, ...] = ("authorization",)

    @property
    def conditional(self) -> bool:
        """Whether it takes a precondition (RFC 9110 §13.1)."""
        return any(name.lower() in CONDITIONAL for name in self.in_header)

    def documents(self, status: int) -> bool:
        """Whether the contract names the status by itself or by its class; ``default`` names nothing in particular."""
        named = {entry.upper() for entry in self.documented}
        return str(status) in named or f"{status // 100}XX" in named


def collection_of(label: str) -> str:
    """The path up to the first parameter that follows a name: ``/v1/leads`` of ``GET /v1/leads/{id}/notes``."""
    kept: list[str] = []
    for segment in label.partition(" ")[2].strip("/").split("/"):
        if segment.startswith("{") and any(not known.startswith("{") for known in kept):
            break
        kept.append(segment)
    return "/" + "/".join(kept)


def _odd_formats(operation: Operation) -> Iterator[str]:
    """Names of inputs whose values nobody can make up, since their ``format`` is the partner's own."""
    properties = operation.body.schema.get("properties", {}) if operation.body else {}
    named = [(item.name, item.schema) for item in operation.parameters]
    named += list(properties.items()) if isinstance(properties, Mapping) else []
    for name, schema in named:
        written = schema.get("format") if isinstance(schema, Mapping) else None
        if isinstance(written, str) and written not in KNOWN_FORMATS:
            yield name


def collect_facts(contract: Contract, partner: Partner) -> dict[str, OperationFacts]:
    """The facts of every operation by its label, in the order of the contract."""
    grants = _grant_paths(contract.document, partner)
    from certify.contract.validation import Schemas

    schemas, formats = Schemas(contract), partner.assert_formats
    found = (_facts(operation, grants, schemas, formats=formats) for operation in contract.operations)
    credentials = _credential_names(contract.document, partner)
    return {facts.label: replace(facts, credentials=credentials) for facts in found}


def _credential_names(document: Mapping[str, object], partner: Partner) -> tuple[str, ...]:
    """Where credentials travel: a security scheme is no parameter (OpenAPI 3.1 §4.8.27), whatever the engine says."""
    schemes = [scheme for scheme in _schemes(document).values() if isinstance(scheme, Mapping)]
    keys = {str(scheme.get("name", "")) for scheme in schemes if scheme.get("type") == "apiKey"}
    named = keys | secret_headers(partner) | {"authorization"}
    return tuple(sorted({name.lower() for name in named} - {""}))


def _no_uuid(operation: Operation, schemas: Schemas) -> Iterator[str]:
    """Headers, in lower case, whose schema refuses a UUID; one that cannot be used refuses nothing."""
    from certify.contract.validation import UNUSABLE

    for item in operation.parameters:
        try:
            if item.place == "header" and not schemas.holds(item.schema, str(uuid.UUID(int=0))):
                yield item.name.lower()
        except UNUSABLE:
            continue


def _facts(operation: Operation, grants: frozenset[str], schemas: Schemas, *, formats: bool) -> OperationFacts:
    from certify.contract.hazards import hazard

    return OperationFacts(
        label=f"{operation.method} {operation.path}",
        id=operation.id,
        documented=tuple(operation.answers),
        secured=operation.secured,
        in_path=tuple(item.name for item in operation.path_parameters),
        path_schemas={item.name: item.schema for item in operation.path_parameters if isinstance(item.schema, Mapping)},
        in_header=tuple(item.name for item in operation.parameters if item.place == "header"),
        no_uuid=tuple(_no_uuid(operation, schemas)),
        has_body=operation.body is not None,
        parameters=len(operation.parameters),
        links=sum(len(answer.links) for answer in operation.answers.values()),
        grants=any(path.endswith(operation.path) for path in grants) and operation.method == "POST",
        hazard=hazard(operation),
        elsewhere=bool(operation.server),
        formats_promised=formats,
        odd_formats=tuple(sorted(_odd_formats(operation))),
    )


def _grant_paths(document: Mapping[str, object], partner: Partner) -> frozenset[str]:
    """Paths of token endpoints: the profile's, and each ``tokenUrl`` of the contract."""
    urls = [partner.sign_in.token_url, *_token_urls(document)]
    # NOTE: a tokenUrl may be relative (OpenAPI 3.1 §4.6): "token" is the path /token.
    return frozenset("/" + path for url in urls if (path := urlsplit(url).path.strip("/")))


def _token_urls(node: object) -> list[str]:
    flows = [flow for scheme in _schemes(node).values() for flow in scheme.get("flows", {}).values()]
    return [str(flow["tokenUrl"]) for flow in flows if "tokenUrl" in flow]


def _schemes(node: object) -> Mapping[str, Any]:
    components = node.get("components", {}) if isinstance(node, Mapping) else {}
    found = components.get("securitySchemes", {}) if isinstance(components, Mapping) else {}
    return found if isinstance(found, Mapping) else {}
