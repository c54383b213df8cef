"""Whatever stands in a file, a loader answers with data or with problems, and never with a traceback."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from certify.errors import ConfigurationError
from certify.program.lint import LONGEST

Loaders = Sequence[tuple[str, Callable[[Path], object]]]
Spoil = Callable[..., Sequence[Any]]

JUNK: list[Any] = [
    *(None, True, 0, -1, 1.5, 10**200, "", "x", "*", "\u0000", "\u001b[2J", "a" * 5_000, "{", "{0.a!r:>{x}}"),
    *("http://[", "http://h:99999", [], {}, [[]], [{}], [None], ["x", "x"], {"a": 1}),
    *({"env": "A", "file": "B"}, {"command": [1]}, {"file": "\u0000"}, {"file": "a" * 5_000}),
]


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in items:
        yield (*place, step)
        yield from _places(child, (*place, step))


def _spoilt(document: Any, rng: random.Random) -> Any:
    """The document with one to three members replaced, removed, renamed or repeated."""
    document = copy.deepcopy(document)
    for _ in range(rng.randrange(1, 4)):
        places = list(_places(document))
        if not places:
            return document
        *way, last = rng.choice(places)
        parent = document
        for step in way:
            parent = parent[step]
        match rng.randrange(3), parent:
            case 0, _:
                parent[last] = copy.deepcopy(rng.choice(JUNK))
            case 1, _:
                del parent[last]
            case _, dict():
                parent[f"{last}x"] = parent.pop(last)
            case _, list():
                parent.append(copy.deepcopy(parent[0]))
    return document


@pytest.mark.parametrize("seed", range(40))
def test_a_spoilt_document_is_loaded_or_refused_with_problems(write: Any, loaders: Loaders, seed: int) -> None:
    rng = random.Random(seed)
    for text, load in loaders:
        for _ in range(5):
            path = write(json.dumps(_spoilt(yaml.safe_load(text), rng), default=str))
            _load(load, path)


def _load(load: Callable[[Path], object], path: Path) -> None:
    try:
        load(path)
    except ConfigurationError as error:
        if not error.problems:
            pytest.fail("refused without saying why")


def test_a_message_repeats_no_novel(spoil_playbook: Spoil) -> None:
    [problem] = spoil_playbook("kind: attested", f"kind: {'a' * 5_000}")
    assert len(problem.message) <= LONGEST


def test_a_message_carries_no_control_characters(spoil_playbook: Spoil) -> None:
    for old in ("kind: attested", "role: lawyer", "after: [connectivity]"):
        name = old.partition(":")[0]
        found = spoil_playbook(old, f'{name}: "\\e[2J"')
        assert all(str(problem).isprintable() for problem in found)


def test_a_members_name_is_shown_without_its_control_characters(spoil_playbook: Spoil) -> None:
    [problem] = spoil_playbook("roles:", '"\\e[2J": 1\nroles:')
    assert str(problem).isprintable()
    assert problem.path == "'\\x1b[2J'"
