"""What answers say of quotas, in each dialect. The headers are as real servers write them."""

from __future__ import annotations

import pytest

from certify.http.call import Call, Reply
from certify.http.quota import Dialect, Quota, quotas, reset_after

DATE = "Sun, 22 Nov 2026 09:30:00 GMT"
NOW = 1795339800


def reply(*headers: tuple[str, str]) -> Reply:
    return Reply(200, (("Date", DATE), *headers), b"", 0.01, "s-1", Call("GET", "/"), received=NOW + 5.0)


def test_the_vendors_reset_is_read_as_a_moment_or_as_seconds() -> None:
    for reset in (str(NOW + 30), str((NOW + 30) * 1000), "30", "2026-11-22T09:30:30Z", "Sun, 22 Nov 2026 09:30:30 GMT"):
        said = reply(("X-RateLimit-Limit", "5"), ("X-RateLimit-Remaining", "4"), ("X-RateLimit-Reset", reset))
        assert quotas(said) == (Quota(Dialect.VENDOR, 5, 4, 30.0),), reset


def test_three_fields_with_a_policy_are_the_draft_to_06() -> None:
    said = reply(
        ("RateLimit-Policy", "5;w=60"), ("RateLimit-Limit", "5"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "9")
    )

    assert quotas(said) == (Quota(Dialect.DRAFT_06, 5, 0, 9.0, 60.0),)
    assert reset_after(said) == 9.0


def test_the_limit_of_the_draft_to_06_may_carry_its_policies() -> None:
    said = reply(("RateLimit-Limit", "10, 10;w=1, 1000;w=3600"), ("RateLimit-Remaining", "9"), ("RateLimit-Reset", "1"))

    assert quotas(said) == (Quota(Dialect.DRAFT_06, 10, 9, 1.0, 1.0),)


def test_one_field_of_pairs_is_the_draft_07() -> None:
    said = reply(("RateLimit-Policy", "5;w=60"), ("RateLimit", "limit=5, remaining=4, reset=60"))

    assert quotas(said) == (Quota(Dialect.DRAFT_07, 5, 4, 60.0, 60.0),)


def test_structured_fields_are_the_draft_from_08_and_the_scarcest_quota_comes_first() -> None:
    said = reply(
        ("RateLimit-Policy", '"burst";q=5;w=1;pk=:YWJj:, "a;day, or so";q=1000;w=86400'),
        ("RateLimit", '"a;day, or so";r=900;t=4000, "burst";r=0;t=1'),
    )

    assert quotas(said) == (
        Quota(Dialect.DRAFT_08, 5, 0, 1.0, 1.0, "burst"),
        Quota(Dialect.DRAFT_08, 1000, 900, 4000.0, 86400.0, "a;day, or so"),
    )


def test_two_dialects_in_one_answer_are_both_told() -> None:
    said = reply(("X-RateLimit-Limit", "5"), ("RateLimit", '"p";r=4;t=2'))

    assert {quota.dialect for quota in quotas(said)} == {Dialect.VENDOR, Dialect.DRAFT_08}


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("RateLimit", "soon"),),
        (("RateLimit", ';;;,,,="'),),
        (("RateLimit", '"open'),),
        (("X-RateLimit-Limit", "many"), ("X-RateLimit-Remaining", "-1"), ("X-RateLimit-Reset", "nan")),
        (("X-RateLimit-Reset", "30"),),
    ],
)
def test_what_cannot_be_read_is_no_quota(headers: tuple[tuple[str, str], ...]) -> None:
    assert quotas(reply(*headers)) == ()


def test_only_a_quota_that_is_used_up_says_when_to_come_back() -> None:
    assert reset_after(reply(("RateLimit", "limit=5, remaining=4, reset=60"))) is None


def test_a_long_hostile_field_is_read_in_no_time() -> None:
    assert quotas(reply(("RateLimit", '"' * 1_000_000))) == ()
