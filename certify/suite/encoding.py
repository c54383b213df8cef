"""Bodies that are not JSON, as they go on the wire: forms, multipart forms, plain text and bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from certify.contract import Contract
from certify.contract.operation import FORM, Body
from certify.contract.shape import members
from certify.http.call import Call

BOUNDARY = "certify-7d4448409dc04a52"
_FILES = {"binary", "byte"}


def encoded(call: Call, contract: Contract, body: Body, value: Any) -> Call:
    """The call with a body in its media type."""
    media = body.media_type.split(";")[0].strip().lower()
    if media == FORM and isinstance(value, Mapping):
        return replace(call, body={name: _plain(item) for name, item in value.items()}, media_type=body.media_type)
    if media.startswith("multipart/") and isinstance(value, Mapping):
        content = _multipart(value, members(contract, body.schema))
        return replace(call, body=content, media_type=f"{media}; boundary={BOUNDARY}")
    if media.endswith("json") or media == "*/*":
        return replace(call, body=value, media_type="application/json" if media == "*/*" else body.media_type)
    return replace(call, body=value if isinstance(value, bytes) else str(_plain(value)).encode(), media_type=media)


def _multipart(value: Mapping[str, Any], schemas: Mapping[str, Any]) -> bytes:
    """A form of parts (RFC 7578 §4): files get a name, objects and arrays go as JSON (OpenAPI 3.1 §4.8.15)."""
    parts = [_part(name, item, schemas.get(name, {})) for name, item in value.items()]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def _part(name: str, item: Any, schema: Any) -> bytes:
    file = isinstance(schema, Mapping) and (schema.get("format") in _FILES or "contentMediaType" in schema)
    kind = str(schema.get("contentMediaType", "application/octet-stream")) if file else ""
    kind = "application/json" if isinstance(item, (dict, list)) else kind
    label = f'form-data; name="{name}"' + ('; filename="certify.txt"' if file else "")
    head = f"--{BOUNDARY}\r\nContent-Disposition: {label}\r\n" + (f"Content-Type: {kind}\r\n" if kind else "")
    return f"{head}\r\n{json.dumps(item) if isinstance(item, (dict, list)) else _plain(item)}\r\n".encode()


def _plain(item: Any) -> Any:
    """Booleans and null as forms spell them; lists item by item."""
    match item:
        case bool():
            return "true" if item else "false"
        case None:
            return ""
        case list():
            return [_plain(part) for part in item]
        case _:
            return item
