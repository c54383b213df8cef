"""A secret that never reaches the run directory cannot leak from a report."""

from urllib.parse import quote, quote_plus

import pytest

from certify.http.redaction import MARK, Redactor

SECRET = "s3cret/with space+and%"
JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"


@pytest.fixture
def redactor() -> Redactor:
    knows = Redactor(frozenset(["X-Shelf-Key"]))
    knows.learn(SECRET)
    return knows


@pytest.mark.parametrize(
    "text",
    [
        f"key={SECRET}!",
        f"https://api.example/?q={quote(SECRET, safe='')}",
        f"https://api.example/?q={quote_plus(SECRET)}",
        f"https://api.example/?q={quote(SECRET, safe='').lower()}",
        f'{{"echo": "{SECRET}"}}',
    ],
)
def test_a_known_secret_is_cut_out_in_every_spelling(redactor: Redactor, text: str) -> None:
    told = redactor.text(text)

    assert MARK in told
    assert "s3cret" not in told


def test_a_secret_with_quotes_is_cut_out_of_json(redactor: Redactor) -> None:
    redactor.learn('pass"word\\é')

    assert "word" not in redactor.text('{"echo": "pass\\"word\\\\\\u00e9"}')
    assert "word" not in redactor.text('{"echo": "pass\\"word\\\\é"}')


@pytest.mark.parametrize(
    "text",
    [
        '{"access_token": "abc.def"}',
        '{"password" : "p\\"q"}',
        '{"client_secret":12345678}',
        "grant_type=x&client_secret=abc.def&scope=y",
        "https://api.example/cb?access_token=abc.def&state=1",
        f"Location: /cb#{JWT}",
        f"an unsigned {JWT.rsplit('.', 1)[0]}. here",
    ],
)
def test_what_is_shaped_or_named_like_a_secret_is_cut_out(redactor: Redactor, text: str) -> None:
    told = redactor.text(text)

    assert MARK in told
    assert not any(part in told for part in ("abc.def", 'p\\"q', "12345678", "eyJ"))


def test_what_stands_around_a_secret_stays(redactor: Redactor) -> None:
    assert redactor.text("grant_type=x&client_secret=abc&scope=y") == f"grant_type=x&client_secret={MARK}&scope=y"
    assert redactor.text('{"token": "abc", "id": 7}') == f'{{"token": "{MARK}", "id": 7}}'


@pytest.mark.parametrize("name", ["Authorization", "cookie", "Set-Cookie", "X-API-Key", "x-shelf-key", "DPoP"])
def test_headers_that_carry_secrets_lose_their_values(redactor: Redactor, name: str) -> None:
    ((_, value),) = redactor.headers(((name, "opaque-value"),))

    assert "opaque" not in value
    assert MARK in value


def test_the_scheme_of_an_authorization_is_evidence_and_stays(redactor: Redactor) -> None:
    assert redactor.headers((("Authorization", "Bearer abcdef"),)) == (("Authorization", f"Bearer {MARK}"),)


def test_a_longer_secret_is_cut_out_before_a_shorter_one_inside_it(redactor: Redactor) -> None:
    redactor.learn("abcdef")
    redactor.learn("abcdef-and-more")

    assert redactor.text("x abcdef-and-more y") == f"x {MARK} y"


def test_a_very_short_value_is_left_to_the_names() -> None:
    redactor = Redactor()
    redactor.learn("abc")

    assert redactor.text("abcabc") == "abcabc"
