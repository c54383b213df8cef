"""The files that a contract is made of: the one that was named, and those that it refers to.

A file is read only from the folder of the contract or below it, wherever links lead; a remote document only from a host
that may be contacted, through the ``fetch`` that the caller gives. Both are bounded in size and number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from certify.contract.reading import MAX_BYTES, read_value
from certify.errors import CertifyError, Problem, ProgramError
from certify.program.events import Unreadable
from certify.program.source import beside

MAX_FILES = 500
MAX_TOTAL = 2 * MAX_BYTES

Fetch = Callable[[str], bytes]
"""Gets a document from a URL. Raises :class:`CertifyError` where the host may not be contacted, or gives nothing."""


class Unavailable(Exception):
    """Why a document that a contract refers to cannot be had."""


@dataclass(frozen=True)
class Source:
    """A document as written. ``name`` is how messages call it, ``digest`` the SHA-256 of its bytes in hex."""

    uri: str
    name: str
    value: Any
    digest: str
    size: int


@dataclass
class Library:
    """Reads each document once. ``root`` is a file's path or a URL."""

    root: str
    fetch: Fetch | None = None
    sources: dict[str, Source] = field(default_factory=dict)
    _failed: dict[str, str] = field(default_factory=dict)
    _fetched: dict[str, bytes] = field(default_factory=dict)

    @property
    def root_uri(self) -> str:
        return self.root if is_url(self.root) else Path(self.root).absolute().as_uri()

    @property
    def digest(self) -> str:
        """``sha256:`` of what was read: of the only file's bytes, or of all names and bytes."""
        found = list(self.sources.values())
        if len(found) == 1:
            return f"sha256:{found[0].digest}"
        lines = "\n".join(sorted(f"{source.digest} {self._relative(source.uri)}" for source in found))
        return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"

    def first(self) -> Source:
        """The document that was named. Raises :class:`ProgramError` with the one problem that stops reading."""
        try:
            return self._read(self.root_uri)
        except Unreadable as bad:
            problem = Problem(self.root, bad.message, bad.line, advice=bad.advice)
            raise ProgramError(f"{self.root} cannot be read", problems=[problem]) from None

    def get(self, uri: str) -> Source:
        """A document that another one refers to. Raises :class:`Unavailable`."""
        if uri in self.sources:
            return self.sources[uri]
        if uri not in self._failed:
            try:
                return self._read(uri)
            except Unreadable as bad:
                self._failed[uri] = f"{self._relative(uri)}" + (f":{bad.line}" if bad.line else "") + f": {bad.message}"
            except CertifyError as bad:
                self._failed[uri] = "; ".join((bad.message, *bad.advice[:1]))
        raise Unavailable(self._failed[uri])

    def bytes_of(self, source: Source) -> bytes:
        """A document's bytes once more, to look for lines; empty where it has gone."""
        try:
            return self._bytes(source.uri)
        except (Unreadable, CertifyError):
            return b""

    def _read(self, uri: str) -> Source:
        if len(self.sources) >= MAX_FILES:
            raise Unreadable(f"the contract refers to more than {MAX_FILES} files", 0)
        data = self._bytes(uri)
        if sum(source.size for source in self.sources.values()) + len(data) > MAX_TOTAL:
            raise Unreadable(f"the contract is larger than {MAX_TOTAL // 2**20} MB with the files it refers to", 0)
        value = read_value(data)
        source = Source(uri, self._name(uri), value, hashlib.sha256(data).hexdigest(), len(data))
        self.sources[uri] = source
        return source

    def _bytes(self, uri: str) -> bytes:
        if is_url(uri):
            if self.fetch is None:
                raise Unreadable(f"{uri} is not fetched here", 0, "save it beside the contract")
            data = self._fetched[uri] if uri in self._fetched else self.fetch(uri)
            self._fetched[uri] = data
        else:
            data = _file(self._inside(uri))
        if len(data) > MAX_BYTES:
            raise Unreadable(f"the file is larger than {MAX_BYTES // 2**20} MB", 0)
        return data

    def _inside(self, uri: str) -> Path:
        """The path of a file URI, which must not leave the contract's folder, links followed."""
        parts = urlsplit(uri)
        path = Path(unquote(parts.path))
        if uri == self.root_uri:
            return path
        if parts.scheme != "file":
            raise Unreadable(f"{uri[:200]} is neither a file nor a web address", 0)
        try:
            inside = not is_url(self.root) and path.resolve().is_relative_to(Path(self.root).resolve().parent)
        except (OSError, ValueError, RuntimeError) as error:  # a null byte, a link to itself
            raise Unreadable(f"there can be no such file: {getattr(error, 'strerror', None) or error}", 0) from None
        if not inside:
            advice = "keep what a contract refers to in its own folder, or below it"
            raise Unreadable("the file is outside the contract's folder, and is not read", 0, advice)
        return path

    def _name(self, uri: str) -> str:
        if uri == self.root_uri:
            return self.root
        return uri if is_url(uri) else str(Path(self.root).parent / self._relative(uri))

    def _relative(self, uri: str) -> str:
        """A URI below the root's folder, spelt the same on every machine."""
        return uri.removeprefix(urljoin(self.root_uri, "."))


def is_url(text: str) -> bool:
    return urlsplit(text).scheme in ("http", "https")


def split(reference: str, base: str) -> tuple[str, str]:
    """A reference as the document it is in and the fragment there, percent-encoding undone (RFC 3986 §5.2)."""
    uri, fragment = urldefrag(urljoin(base, reference) if not reference.startswith("#") else base + reference)
    return uri, unquote(fragment)


def _file(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise Unreadable("this is not a file", 0)
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Unreadable("there is no such file", 0, beside(path)) from None
    except (OSError, ValueError) as error:
        raise Unreadable(f"the file cannot be opened: {getattr(error, 'strerror', None) or error}", 0) from None
