"""What gives the house away, and what only looks like it."""

import time

import pytest

from certify.suite.leaks import leaks
from tests.unit.contract.documents import contract
from tests.unit.suite.seen import seen

CONTRACT = contract({"/things": {"post": {"operationId": "make", "responses": {}}}})


def found(body: str, sent: str | None = None, **headers: str) -> list[tuple[str, bool]]:
    return [(leak.what, leak.certain) for leak in leaks(seen(CONTRACT, "make", 500, body, sent, **headers))]


@pytest.mark.parametrize(
    "text",
    [
        'Traceback (most recent call last):\n  File "/srv/app.py", line 3, in main',
        "Error\n    at com.acme.Orders.find(Orders.java:42)\n",
        "   at Acme.Orders.Find(Int32 id) in C:\\src\\Orders.cs:line 42",
        "Error: x\n    at find (/usr/src/app/orders.js:3:14)",
        "goroutine 17 [running]:",
        "<pre>Error: x<br> &nbsp; &nbsp;at parse (/a/json.js:9:1)</pre>",
        "PHP Fatal error: Uncaught Error in /var/www/a.php on line 3",
        "thread 'main' panicked at src/main.rs:3:5",
    ],
)
def test_a_stack_trace_is_certain(text: str) -> None:
    assert ("a stack trace", True) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "SQLSTATE[42S02]: Base table or view not found",
        "ORA-00942: table or view does not exist",
        'psycopg2.errors.UniqueViolation: duplicate key value violates unique constraint "a"',
        "You have an error in your SQL syntax; check the manual",
        "select failed: SELECT id, name FROM users WHERE id = 7",
        "E11000 duplicate key error collection: db.users",
    ],
)
def test_sql_is_certain(text: str) -> None:
    assert ("SQL or a driver's message", True) in found(f'{{"detail": "{text}"}}'.replace('"a"', "a"))


@pytest.mark.parametrize("text", ["in /home/ada/app/main", "at 10.0.3.17:5432", "<Thing object at 0x7f3a2b1c>"])
def test_weaker_signs_need_company(text: str) -> None:
    assert [certain for _, certain in found(text)] == [False]


@pytest.mark.parametrize(
    "body",
    [
        '{"title": "Select a plan from the list where you are"}',
        '{"detail": "The file was not found.", "instance": "/v1/things/7"}',
        '{"version": "1.10.2.3", "status": 500}',
        '{"type": "https://problems.example/etc/not-found"}',
        '{"detail": "Update failed: insert into the basket first"}',
        '{"detail": "line 3 of your CSV"}',
    ],
)
def test_ordinary_words_are_no_leak(body: str) -> None:
    assert found(body) == []


def test_what_we_sent_ourselves_is_no_leak() -> None:
    sent = '{"name": "Traceback (most recent call last)"}'

    assert found('{"detail": "Traceback (most recent call last) is no name"}', sent) == []


def test_escaped_newlines_of_json_are_read() -> None:
    assert found('{"trace": "x\\n    at com.acme.A.b(A.java:1)"}') == [("a stack trace", True)]


def test_a_version_in_a_header_is_only_told() -> None:
    (leak,) = leaks(seen(CONTRACT, "make", 404, Server="nginx/1.18.0"))

    assert leak.harmless
    assert found("{}", Server="nginx") == []


def test_a_stack_trace_far_along_one_line_is_still_found() -> None:
    assert ("a stack trace", True) in found("x" * 5_000 + " Traceback (most recent call last) " + "y" * 5_000)


@pytest.mark.parametrize("text", ["\n" * 64_000, "Warning: " * 40_000, " at " + " in " * 16_000, 'File "' * 10_000])
def test_an_answer_cannot_decide_how_long_reading_it_takes(text: str) -> None:
    started = time.perf_counter()

    assert found(text) == []
    assert time.perf_counter() - started < 1
