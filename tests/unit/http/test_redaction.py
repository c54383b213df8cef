"""A secret that never reaches the run directory cannot leak from a report."""

import json
import time
from urllib.parse import quote, quote_plus

import pytest

from certify.http.recorder import CAPTURE_LIMIT, MARGIN, Recorder
from certify.http.redaction import MARK, Redactor
from certify.model.exchange import ReceivedResponse

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


@pytest.mark.parametrize(
    "name", ["accessToken", "refreshToken", "idToken", "clientSecret", "privateKey", "signingSecret", "apiKey"]
)
def test_names_in_camel_case_are_names_too(redactor: Redactor, name: str) -> None:
    assert redactor.text(f'{{"{name}": "opaque", "id": 7}}') == f'{{"{name}": "{MARK}", "id": 7}}'
    assert redactor.text(f"{name}=opaque&id=7") == f"{name}={MARK}&id=7"


def test_json_inside_of_json_is_read_at_every_depth(redactor: Redactor) -> None:
    text = json.dumps({"access_token": 'opa"que\\n', "id": 7})
    for _ in range(3):
        text = json.dumps({"log": text})
        told = redactor.text(text)

        assert "opa" not in told
        assert "que" not in told
        assert MARK in told
        assert "id" in told
        json.loads(told)


def test_what_is_named_a_page_is_no_secret(redactor: Redactor) -> None:
    assert redactor.text('{"next_page_token": "p2"}') == '{"next_page_token": "p2"}'


@pytest.mark.parametrize("text", [f"%22{JWT}", f"\\n{JWT}", f"D{JWT}"])
def test_a_token_is_found_behind_an_escape(redactor: Redactor, text: str) -> None:
    assert "eyJ" not in redactor.text(text)


@pytest.mark.parametrize("piece", ["eyJ", '"token":"', '\\"token\\":\\"', "\\", "&token=", '"token" :', '"\\'])
def test_no_text_takes_long(redactor: Redactor, piece: str) -> None:
    started = time.perf_counter()

    redactor.text(piece * (400_000 // len(piece)))

    assert time.perf_counter() - started < 1


def cut(redactor: Redactor, body: str) -> ReceivedResponse:
    return Recorder(None, "s", redactor)._redact_response(ReceivedResponse(200, (), body, 0.0))


@pytest.mark.parametrize("secret", [JWT, SECRET, '"token": "' + "q" * 9_000 + '"'])
@pytest.mark.parametrize("edge", [CAPTURE_LIMIT, CAPTURE_LIMIT + MARGIN])
@pytest.mark.parametrize("before", [1, 9, 15])
def test_a_secret_across_the_cut_does_not_leak(redactor: Redactor, secret: str, edge: int, before: int) -> None:
    for filler in ("-", f"{SECRET}-", f"{JWT} "):
        start = (filler * edge)[: edge - before] if filler == "-" else filler * ((edge - before) // len(filler))
        told = cut(redactor, start.ljust(edge - before, "-") + secret + "-" * 50_000)

        assert told.truncated
        assert len(told.body) <= CAPTURE_LIMIT
        assert not any(part in told.body for part in ("eyJ", "s3cre", "qqq"))


def test_a_huge_body_is_cut_before_it_is_searched(redactor: Redactor) -> None:
    started = time.perf_counter()

    assert cut(redactor, "eyJ" * 5_000_000).truncated
    assert time.perf_counter() - started < 0.5
