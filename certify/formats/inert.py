"""Text that a partner wrote, made harmless: it is shown, and it does nothing.

Bodies, headers, URLs and names come from the other side. Before any of them enters a page, a comment or a terminal, it
passes through :func:`visible`, which turns whatever acts instead of showing (escape sequences, bidirectional overrides,
zero-width characters, halves of surrogate pairs) into a visible escape; each syntax then has its own quoting.

    >>> visible("\\x1b[31mred")
    '\\\\x1b[31mred'
"""

from __future__ import annotations

import re

# C0 without tab and newline, DEL, C1, soft hyphen, Arabic letter mark, zero-width and bidirectional controls, line and
# paragraph separators, byte order mark, lone surrogates, noncharacters, tags.
_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_MARKDOWN = re.compile(r"([\\`*_\[\]|~$]|^[-+#=]|(?<=^\d)[.)])")
_COMMAND = re.compile(r"(?m)^([^\S\n]*):(?=:)|#(?=#(?:\[|vso\[))")
"""What a runner obeys: ``::`` first on a line (GitHub trims it), ``##[`` and ``##vso[`` anywhere (GitHub, Azure)."""
_GAP = "\u200b"  # splits what a site would link by itself; a backslash does not


def visible(text: str) -> str:
    """Each acting character as its escape: ``\\x1b``, ``\\u202e``. Newlines and tabs stay; CR LF becomes a newline."""
    return _ACTING.sub(_escape, text.replace("\r\n", "\n"))


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def unobeyed(text: str) -> str:
    """Text for a log that a pipeline's runner reads along: a backslash inside of each sign that would be its command.

    >>> unobeyed("::error::x")
    ':\\\\:error::x'
    """
    return _COMMAND.sub(lambda found: "#\\" if found[1] is None else f"{found[1]}:\\", text)


def clip(text: str, limit: int) -> str:
    """At most ``limit`` characters, and a word on how many were left out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def within(text: str, limit: int = 2000) -> str:
    """Visible, so valid in XML 1.0 too, and clipped. Of a text far too long only what can be shown is looked at."""
    return _ending(visible(text[: 2 * limit]), text, limit)  # CR LF becomes one character, nothing becomes fewer


def one_line(text: str, limit: int = 300) -> str:
    """Visible, clipped, and without line breaks."""
    return _ending(" ".join(visible(text[: 4 * limit]).split()), text, limit, 4)


def _ending(shown: str, text: str, limit: int, times: int = 2) -> str:
    """What is shown of a text whose first ``times × limit`` characters were looked at, and how much is left out."""
    if len(text) <= times * limit:
        return clip(shown, limit)
    return f"{shown[:limit]}… ({len(text) - len(shown[:limit]):,} more characters)"


def markdown(text: str, limit: int = 300) -> str:
    """Prose for GitHub-flavoured Markdown: no markup, no link, no mention, no reference survives."""
    quoted = _MARKDOWN.sub(r"\\\1", one_line(text, limit))
    quoted = quoted.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"(@|#|://|www(?=\.))", rf"\1{_GAP}", quoted)


def markdown_code(text: str, limit: int = 300) -> str:
    """A code span that its content cannot leave. Not for table cells, which a pipe would end."""
    inner = one_line(text, limit)
    if not inner:
        return "—"
    fence = "`" * (_longest_run(inner) + 1)
    pad = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{fence}{pad}{inner}{pad}{fence}"


def markdown_block(text: str, language: str = "", limit: int = 2000) -> str:
    """A fenced block that its content cannot leave."""
    inner = within(text, limit)
    fence = "`" * max(3, _longest_run(inner) + 1)
    return f"{fence}{language}\n{inner}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
