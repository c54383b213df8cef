"""How a child and its parent talk: one JSON object per line over a socket of their own.

Two conversations use it. Which questions a parent answers for its children's credentials is told in
:mod:`certify.http.broker`; the workers of generated requests have these besides:

    parent → worker   {"settings": {…}, "folder": "…"}    once, first
    parent → worker   {"job": {…}}                        one at a time
    worker → parent   {"ask": "standing", "control": …}   answered {"standing": "stands", "renewed" or "gone"}
    worker → parent   {"control": {…}}                    a read that worked; not answered
    worker → parent   {"report": {…}}                     the end of a job

A socket that closes before the report means that the worker died.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from typing import Any

Message = Mapping[str, Any]


class Link:
    """One end. Not shared between threads: each job asks for one thing at a time."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._reader = end.makefile("rb")

    def say(self, message: Message) -> None:
        """Send one message. Raises ``OSError`` where nobody listens any more."""
        self._socket.sendall(json.dumps(message).encode() + b"\n")

    def hear(self) -> dict[str, Any] | None:
        """The next message, or None where the other end is gone."""
        line = self._reader.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def messages(self) -> Iterator[dict[str, Any]]:
        """Messages until the other end is gone. A reset is an end like any other."""
        while (message := self._hear_quietly()) is not None:
            yield message

    def ask(self, what: str, **details: Any) -> dict[str, Any]:
        """Ask the parent. Raises ``ConnectionError`` where it is gone."""
        self.say({"ask": what, **details})
        answer = self.hear()
        if answer is None:
            raise ConnectionError("the parent is gone")
        return answer

    def close(self) -> None:
        self._reader.close()
        self._socket.close()

    def _hear_quietly(self) -> dict[str, Any] | None:
        try:
            return self.hear()
        except ConnectionError:
            return None
