"""A canary is a text that nobody else writes: what carries it is ours, and where it turns up, ours was seen."""

from __future__ import annotations

import re
import uuid
from typing import Any

_CANARY = re.compile(r"certify-[0-9a-f]{12}(?![0-9a-f-])")


def new_canary() -> str:
    """A text that nobody else writes."""
    return f"certify-{uuid.uuid4().hex[:12]}"


def canary_of(body: Any) -> str:
    """The canary inside a body, or nothing."""
    match = _CANARY.search(str(body))
    return match[0] if match else ""
