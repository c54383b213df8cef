"""One document out of several: what other files hold moves below ``x-bundled``, and every reference follows it there.

``schemas/pet.yaml#/Pet`` becomes ``#/x-bundled/pet/Pet``. Recursive schemas stay references. ``$id``, ``$anchor`` and
``$dynamicRef`` (JSON Schema 2020-12 §8.2) become plain references too, so that nothing downstream has to know them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from certify.contract.library import Library, Source, Unavailable, split
from certify.contract.walking import nodes

HOME = "x-bundled"


@dataclass
class Bundle:
    """The document, and why references that still leave it could not be followed."""

    document: dict[str, Any]
    failures: dict[str, str] = field(default_factory=dict)


def bundle(library: Library, root: Source) -> Bundle:
    """Make one document of a contract's files, changing the values of ``library`` in place."""
    return _Bundler(library, root).run()


class _Bundler:
    def __init__(self, library: Library, root: Source) -> None:
        self._library, self._root = library, root
        self._result = Bundle(root.value)
        self._names: dict[str, str] = {}
        self._waiting = [root]
        self._seen = {root.uri}
        self._known: dict[tuple[str, str], str] = {}
        self._bases: dict[int, str] = {}
        self._ids: dict[str, Any] = {}

    def run(self) -> Bundle:
        while self._waiting:
            source = self._waiting.pop()
            found = list(nodes(source.value))
            self._identify(source, found)
            for node in found:
                self._rewrite(source, node)
        return self._result

    # — identities —

    def _identify(self, source: Source, found: list[dict[str, Any]]) -> None:
        """Learn every ``$id`` and anchor of a document, and take the ``$id`` away: references no longer need it."""
        own = self._root.value.get("$self") if source is self._root else None
        if isinstance(own, str) and (named := _base(own, source.uri)):
            self._ids[named] = source.value
        for node in found:
            if isinstance(node.get("$id"), str):
                around = self._bases.get(id(node), source.uri)
                base = _base(node.pop("$id"), around) or around
                self._ids.setdefault(base, node)
                for inner in nodes(node):
                    self._bases[id(inner)] = base
        for node in found:
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(node.get(keyword), str):
                    self._ids.setdefault(f"{self._bases.get(id(node), source.uri)}#{node[keyword]}", node)

    # — references —

    def _rewrite(self, source: Source, node: dict[str, Any]) -> None:
        dynamic = node.pop("$dynamicRef", None)
        if isinstance(dynamic, str):
            node.setdefault("$ref", dynamic)
        reference = node.get("$ref")
        if isinstance(reference, str):
            node["$ref"] = self._moved(source, self._bases.get(id(node), source.uri), reference)
        discriminator = node.get("discriminator")
        mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
        if not isinstance(mapping, dict):
            return
        for name, target in mapping.items():
            if isinstance(target, str) and re.search(r"[#/]|\.(ya?ml|json)$", target):
                mapping[name] = self._moved(source, source.uri, target)

    def _moved(self, source: Source, base: str, reference: str) -> str:
        if source is self._root and base == source.uri and reference.startswith("#/"):
            return reference
        key = (base, reference)
        if key not in self._known:
            try:
                self._known[key] = self._resolved(base, reference)
            except Unavailable as error:
                self._result.failures[reference] = str(error)
                self._known[key] = reference
        return self._known[key]

    def _resolved(self, base: str, reference: str) -> str:
        try:
            uri, fragment = split(reference, base)
        except ValueError:
            raise Unavailable("this is not a URI reference") from None
        if fragment and not fragment.startswith("/"):
            return self._anchored(uri, fragment)
        if uri in self._ids:
            return self._spelt(self._hoisted(uri, self._ids[uri]), fragment)
        return self._spelt(self._home_of(uri), fragment)

    def _anchored(self, uri: str, name: str) -> str:
        target = self._ids.get(f"{uri}#{name}")
        if target is None:
            self._home_of(uri)
            self._identify(self._library.get(uri), list(nodes(self._library.get(uri).value)))
            target = self._ids.get(f"{uri}#{name}")
        if target is None:
            raise Unavailable(f"no schema has the anchor {name!r}")
        return self._spelt(self._hoisted(f"{uri}#{name}", target), "")

    def _home_of(self, uri: str) -> str:
        """The pointer at which a document stands in the bundle; reads the document where it is not there yet."""
        if uri == self._root.uri:
            return ""
        source = self._library.get(uri)
        if uri not in self._seen:
            self._seen.add(uri)
            self._waiting.append(source)
        return self._hoisted(uri, source.value)

    def _hoisted(self, uri: str, target: Any) -> str:
        if target is self._root.value:
            return ""
        if uri not in self._names:
            self._names[uri] = self._name(uri)
            self._root.value.setdefault(HOME, {})[self._names[uri]] = target
        return f"/{HOME}/{self._names[uri]}"

    def _name(self, uri: str) -> str:
        """A name of its own, after the file or the anchor: the engine reads meaning out of the names of schemas."""
        parts = urlsplit(uri)
        stem = re.sub(r"[^A-Za-z0-9_-]", "_", unquote(parts.fragment or PurePosixPath(parts.path).stem)) or "document"
        taken, number, name = set(self._names.values()), 2, stem
        while name in taken:
            name, number = f"{stem}-{number}", number + 1
        return name

    def _spelt(self, home: str, fragment: str) -> str:
        return "#" + quote(home + fragment, safe="/~$&+,:;=@!*'()-._")


def _base(reference: str, around: str) -> str:
    """The address that ``$id`` or ``$self`` gives to a document; empty where it is not a URI reference."""
    try:
        return split(reference, around)[0]
    except ValueError:
        return ""
