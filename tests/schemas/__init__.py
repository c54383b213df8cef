"""Published schemas that our output is held against; README.md says where each is from.

problems(document, "sarif-2.1.0") == []
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import FormatChecker
from jsonschema.validators import validator_for

HERE = Path(__file__).parent


def problems(document: Any, schema: str) -> list[str]:
    """Every place where a document leaves its schema, as ``path: what``."""
    found = _validator(schema).iter_errors(document)
    return [f"{'/'.join(map(str, item.absolute_path))}: {item.message[:300]}" for item in found]


@cache
def _validator(name: str) -> Any:
    schema = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return validator_for(schema)(schema, format_checker=FormatChecker())
