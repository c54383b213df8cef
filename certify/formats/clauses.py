"""Where a clause can be read: addresses for the standards that checks cite.

>>> clause_url("RFC 6750 §3.1")
'https://www.rfc-editor.org/rfc/rfc6750#section-3.1'
"""

from __future__ import annotations

import re

_RFC = re.compile(r"RFC (\d{3,5})(?: §(\d[\d.]*\d|\d))?(?![\d.]*\d)")
_OWASP = re.compile(r"OWASP API\d{1,2}:2023")


def clause_url(clause: str) -> str:
    """The address of the first standard that a clause cites, or nothing."""
    if match := _RFC.search(clause):
        section = f"#section-{match[2]}" if match[2] else ""
        return f"https://www.rfc-editor.org/rfc/rfc{match[1]}{section}"
    return "https://owasp.org/API-Security/editions/2023/en/0x11-t10/" if _OWASP.search(clause) else ""
