"""The partner profile of Depot, as its makers would write it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.second_api.depot import HEADER
from tests.second_api.keys import KEYS

CONTRACT = Path(__file__).with_name("contract.yaml")


def profile(url: str) -> dict[str, Any]:
    """The profile as a document; :func:`write_profile` puts the secrets beside it."""
    return {
        "schema": "certify/partner/1",
        "id": "depot",
        "name": "Depot",
        "target": {"base_url": url, "contract": str(CONTRACT)},
        "sign_in": {"kind": "api_key", "header": HEADER},
        "identities": {
            name: {"tenant": KEYS[name].company, "subject": name, "api_key": {"file": f"{name}.key"}}
            for name in ("primary", "other_tenant", "read_only", "burnable")
        },
        "capabilities": {"audit": "offered", "idempotency": "offered", "pagination": "offered"},
        "limits": [
            {"requests": 100_000, "window_s": 10},
            {"requests": 20, "window_s": 2, "identity": "burnable"},
        ],
        "permissions": {"allow_writes": True, "allow_destructive": True, "allow_stress": True},
        "hides_existence": True,
        "pagination": {
            "style": "offset",
            "cursor_param": "offset",
            "size_param": "limit",
            "items_pointer": "/parts",
            "max_size": 100,
        },
        "idempotency": {"header": "X-Request-Token", "volatile": []},
        "audit": {
            "operation": "readJournal",
            "actor": "/who",
            "action": "/what",
            "object_id": "/subject",
            "time": "/at",
            "outcome": "/outcome",
            "delay_s": 1,
        },
        "errors": {"format": "schema"},
    }


def write_profile(folder: Path, document: dict[str, Any]) -> Path:
    """Write a profile and the keys that it refers to; the file's path."""
    for name, key in KEYS.items():
        (folder / f"{name}.key").write_text(key.text)
    file = folder / "depot.yaml"
    file.write_text(yaml.safe_dump(document, sort_keys=False))
    return file
