"""A body is what a partner sends: JSON, or anything else."""

import pytest

from certify.http.call import ABSENT, Call, Reply


def reply(content: bytes) -> Reply:
    return Reply(200, (), content, 0.0, "e-1", Call("GET", "/"))


@pytest.mark.parametrize("content", [b"", b"<h1>", b"\xff", b"[" * 2_000, b'{"a":' * 200_000, b"9" * 5_000])
def test_what_cannot_be_read_as_json_is_absent(content: bytes) -> None:
    assert reply(content).json() is ABSENT
    assert reply(content).at("/a") is ABSENT


def test_null_is_a_json_value() -> None:
    assert reply(b"null").json() is None
