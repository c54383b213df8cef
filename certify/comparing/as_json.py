"""A comparison as one JSON object; its published schema is ``program/schemas/comparison.v1.json``."""

from __future__ import annotations

import json
from typing import Any

from certify.comparing.comparison import Comparison
from certify.comparing.telling import headline
from certify.model.codec import encode


def as_object(comparison: Comparison) -> dict[str, Any]:
    """The members of the dataclass, with what a pipeline decides by in front."""
    told = encode(comparison)
    return {
        "schema": told.pop("schema"),
        "exit_code": comparison.exit_code,
        "worse": comparison.worse,
        "summary": headline(comparison),
        **told,
    }


def as_json(comparison: Comparison) -> str:
    """The same as text. ASCII: what a partner sent may be half a character, which UTF-8 cannot hold."""
    return json.dumps(as_object(comparison), indent=1) + "\n"
