"""What a success says of a thing that is not there."""

from typing import Any

import pytest

from certify.suite.absence import marked_as_gone, tells_of_none
from tests.unit.suite.judging import answer

THING = {"id": "7", "name": "a", "status": "active", "deleted_at": None}


@pytest.mark.parametrize(
    "mark",
    [
        {"deleted_at": "2026-01-01T00:00:00Z"},
        {"deletedAt": 1},
        {"removed": True},
        {"is_archived": True},
        {"deleted_on": "2026-01-01"},
        {"delete_time": "2026-01-01T00:00:00Z"},
        {"status": "closed"},
        {"status": "DELETED"},
        {"state": "cancelled_by_customer"},
    ],
)
def test_a_mark_that_is_new_since_the_deletion_says_that_the_thing_is_gone(mark: dict[str, Any]) -> None:
    assert marked_as_gone(answer(200, THING), answer(200, {**THING, **mark}))
    assert not marked_as_gone(answer(200, {**THING, **mark}), answer(200, {**THING, **mark})), "it always was so"


@pytest.mark.parametrize(
    "ordinary",
    [
        {"state": "non-cancellable"},
        {"removed_items": 3},
        {"deleted_by_default_after_days": 30},
        {"updated_at": "2026-01-01T00:00:00Z"},
        {"deleted": False},
        {"archived_versions": ["a"]},
    ],
)
def test_an_ordinary_member_is_no_mark(ordinary: dict[str, Any]) -> None:
    assert not marked_as_gone(answer(200, THING), answer(200, {**THING, **ordinary}))


def test_a_refusal_has_no_mark() -> None:
    assert not marked_as_gone(answer(200, THING), answer(404, {"status": "deleted"}))


REAL = answer(200, {"found": True, "part": {"id": "7", "name": "a"}})


@pytest.mark.parametrize("body", [{"found": False}, {"found": False, "part": None}, {"found": False, "id": "9"}, {}])
def test_a_success_that_lacks_the_thing_says_that_there_is_none(body: dict[str, Any]) -> None:
    assert tells_of_none(answer(200, body), REAL, "9")


@pytest.mark.parametrize(
    ("body", "real"),
    [
        ({"id": "1", "name": "root"}, {"id": "7", "name": "a", "mail": "b"}),
        ({"id": "9", "name": "default"}, {"id": "7", "name": "a"}),
        ({"found": True, "part": {"id": "1", "name": "root"}}, {"found": True, "part": {"id": "7", "name": "a"}}),
        ({"name": "root"}, {"name": "a"}),
    ],
)
def test_a_success_that_may_be_a_thing_says_nothing(body: dict[str, Any], real: dict[str, Any]) -> None:
    assert not tells_of_none(answer(200, body), answer(200, real), "9")
