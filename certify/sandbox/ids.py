"""Ids that look random and are the same in every run: UUIDs drawn from a seeded generator."""

from __future__ import annotations

import random
import uuid


class Ids:
    """One stream of ids. Objects and requests have a stream each, so that reading does not renumber writing."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def next(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))
