"""How Python reads a pattern: the tree of its own parser, which ``re`` keeps to itself since Python 3.11.

Whoever walks the tree (texts that a pattern matches, patterns that explode) knows its codes as words: ``MAX_REPEAT``.
"""

from __future__ import annotations

import re
from typing import Any


def parsed(pattern: str) -> Any | None:
    """The parser's ``SubPattern``, pairs of a code and its argument; None where Python cannot say the pattern."""
    parser: Any = re._parser  # type: ignore[attr-defined]
    try:
        return parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return None
