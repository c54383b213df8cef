"""What answers say in their headers: challenges, and when to come back."""

import pytest

from certify.http.call import Call, Reply
from certify.http.challenge import challenges, parse_challenges
from certify.http.quota import throttled
from certify.http.throttling import retry_after


def reply(status: int = 401, **headers: str) -> Reply:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(status, pairs, b"", 0.01, "s-1", Call("GET", "/"), received=1_000.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bearer", [("bearer", {})]),
        ('Bearer realm="a, b", error="invalid_token"', [("bearer", {"realm": "a, b", "error": "invalid_token"})]),
        ('Bearer realm="x", Basic realm="y"', [("bearer", {"realm": "x"}), ("basic", {"realm": "y"})]),
        ("Basic, Bearer", [("basic", {}), ("bearer", {})]),
        ("Negotiate YWJj==, Bearer scope=a", [("negotiate", {}), ("bearer", {"scope": "a"})]),
        (r'ApiKey realm="say \"hi\""', [("apikey", {"realm": 'say "hi"'})]),
        ("Bearer error = invalid_token", [("bearer", {"error": "invalid_token"})]),
    ],
)
def test_challenges_are_read_in_every_lawful_form(text: str, expected: list[tuple[str, dict[str, str]]]) -> None:
    assert [(item.scheme, dict(item.parameters)) for item in parse_challenges(text)] == expected


@pytest.mark.parametrize("text", ["", '"quoted"', 'Bearer realm="open', "=x", 'Bearer realm="a" "b"'])
def test_what_is_no_challenge_is_not_taken_for_one(text: str) -> None:
    assert parse_challenges(text) == []


def test_challenges_may_come_in_several_fields() -> None:
    answer = Reply(401, (("WWW-Authenticate", "Basic"), ("www-authenticate", "Bearer")), b"", 0, "s", Call("GET", "/"))

    assert [challenge.scheme for challenge in challenges(answer)] == ["basic", "bearer"]


def test_one_field_that_cannot_be_read_spoils_them_all() -> None:
    fields = (("WWW-Authenticate", "Basic"), ("WWW-Authenticate", 'Bearer realm="open'))

    assert challenges(Reply(401, fields, b"", 0, "s", Call("GET", "/"))) == []


@pytest.mark.parametrize(("value", "seconds"), [("7", 7.0), ("0.5", 0.5), ("-3", -3.0), (" 2 ", 2.0)])
def test_retry_after_is_read_as_seconds(value: str, seconds: float) -> None:
    assert retry_after(reply(429, Retry_After=value)) == seconds


def test_retry_after_as_a_date_is_compared_with_the_answers_own_date() -> None:
    dates = {"Date": "Sun, 22 Nov 2026 09:30:00 GMT", "Retry_After": "Sun, 22 Nov 2026 09:30:09 GMT"}

    assert retry_after(reply(429, **dates)) == 9.0


@pytest.mark.parametrize("value", ["", "soon", "nan", "inf", "1e99"])
def test_a_retry_after_that_cannot_be_read_is_none(value: str) -> None:
    assert retry_after(reply(429, Retry_After=value)) is None


def test_a_503_is_throttling_only_with_retry_after() -> None:
    assert throttled(reply(503, Retry_After="1"))
    assert not throttled(reply(503))
    assert throttled(reply(429))


def test_a_403_is_throttling_where_it_says_when_to_come_back_or_that_nothing_is_left() -> None:
    assert throttled(reply(403, Retry_After="60"))
    assert throttled(reply(403, X_RateLimit_Limit="60", X_RateLimit_Remaining="0"))
    assert not throttled(reply(403, X_RateLimit_Limit="60", X_RateLimit_Remaining="59"))
    assert not throttled(reply(403))
