"""What was tested, named by its content: the same bytes under the same names give the same digest anywhere.

>>> digest(Path("suites"))
'sha256:5f1c…'
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

_CACHES = {"__pycache__", ".pytest_cache", ".hypothesis", ".mypy_cache", ".ruff_cache", ".git", ".DS_Store"}


def digest(path: Path) -> str:
    """``sha256:`` and hex: of a file's bytes, or of a folder's relative names and bytes, caches left out.

    Raises ``OSError`` where something cannot be read.
    """
    if path.is_file():
        return f"sha256:{_file(path)}"
    lines = [f"{_file(item)} {item.relative_to(path).as_posix()}" for item in _files(path)]
    return f"sha256:{_hash(lines)}"


def combined(digests: Mapping[str, str]) -> str:
    """One digest over several named ones."""
    return f"sha256:{_hash([f'{name} {digests[name]}' for name in sorted(digests)])}"


def _files(folder: Path) -> Iterator[Path]:
    found = [item for item in folder.rglob("*") if item.is_file() and not _cache(item.relative_to(folder))]
    return iter(sorted(found, key=lambda item: item.relative_to(folder).as_posix()))


def _cache(name: Path) -> bool:
    return bool(_CACHES & set(name.parts)) or name.suffix == ".pyc"


def _file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _hash(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
