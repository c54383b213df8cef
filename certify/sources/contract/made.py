"""What generated requests create is entered in the clean-up ledger: before each is sent and when it is answered.

The engine sends one request after another, so what is on its way is one entry at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from certify.contract.creations import Creation, made_by, ours
from certify.http.call import ABSENT, fill, parse_json
from certify.ledger import NO_PLACE, Ledger
from certify.sources.contract.config import Settings


@dataclass(frozen=True)
class Answered:
    """A generated request and its answer. ``label`` has the method that was sent: ``DELETE /leads/{id}``."""

    label: str
    values: Mapping[str, Any]
    sent: Any
    status: int
    content: bytes
    location: str = ""

    @property
    def method(self) -> str:
        return self.label.partition(" ")[0]

    @property
    def path(self) -> str:
        return fill(self.label.partition(" ")[2], self.values)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def entries_for(settings: Settings) -> Entries | None:
    """The ledger of a run as one process sees it; None where the run keeps none."""
    if not settings.ledger:
        return None
    names = {label: found.id for label, found in settings.facts.items()}
    return Entries(Path(settings.ledger), settings.creations, settings.identity, names)


def path_values(template: str, path: str) -> dict[str, str]:
    """The values of a path, which may stand below a base path; none where it is not of this template."""
    names = re.findall(r"{([^}]+)}", template)
    pattern = "".join(
        "([^/]+)" if part.startswith("{") else re.escape(part) for part in re.split(r"({[^}]+})", template)
    )
    found = re.search(pattern + "$", path)
    return dict(zip(names, map(unquote, found.groups()), strict=True)) if found else {}


class Entries:
    """The ledger as one process of the engine sees it. ``creations`` and ids of operations go by label."""

    def __init__(
        self, ledger: Path, creations: Mapping[str, Creation], identity: str, names: Mapping[str, str] | None = None
    ) -> None:
        self._ledger, self._creations, self._identity = Ledger(ledger, "generated"), creations, identity
        self._names = names or {}
        self._key, self._sent = "", False
        self._open: dict[str, str] = {}

    def before(self, label: str, values: Mapping[str, Any]) -> None:
        """A request is about to be sent; its answer may get lost."""
        creation = self._creations.get(label)
        path = fill(creation.path, values) if creation is not None else ""
        self._key = self._trying(creation.operation, path) if creation is not None and path not in self._open else ""
        self._sent = False

    def sending(self) -> None:
        """What was announced goes out now."""
        self._sent = True

    def not_sent(self) -> None:
        """What was announced does not go out after all; what is sent for the second time did."""
        if self._key and not self._sent:
            self._ledger.gone(self._key, "not sent")
            self._key = ""

    def after(self, answered: Answered, foreign: Callable[[str], bool]) -> None:
        """Its answer is there. ``foreign`` tells an id that was read before and is not ours."""
        key, self._key = self._key, ""
        if answered.method == "DELETE" and (answered.ok or answered.status in (404, 410)):
            self._deleted(answered.path)
        if key and answered.ok:
            self._made(key, self._creations[answered.label], answered, foreign)
        elif key:
            self._ledger.gone(key, f"refused with {answered.status}")
        elif answered.status == 201 and answered.method in ("POST", "PUT") and answered.label not in self._creations:
            name = self._names.get(answered.label, answered.label)
            self._ledger.left(self._trying(name, answered.path), NO_PLACE)

    def _made(self, key: str, creation: Creation, answered: Answered, foreign: Callable[[str], bool]) -> None:
        body = parse_json(answered.content)
        made = made_by(creation, answered.path, None if body is ABSENT else body, answered.location, answered.sent)
        if made is None:
            self._ledger.made(key, "", "", "")
        elif answered.status != 201 and foreign(made.id):
            self._ledger.gone(key, "it was there before")
        else:
            self._ledger.made(key, made.id, made.place, made.remove if ours(answered.status) else "")
            self._open[made.place] = key

    def _trying(self, operation: str, path: str) -> str:
        return self._ledger.trying(operation, self._identity, path)

    def _deleted(self, place: str) -> None:
        if key := self._open.pop(place, ""):
            self._ledger.gone(key, "deleted by a generated request")
