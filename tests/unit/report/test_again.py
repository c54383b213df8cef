"""How to see it again: lines that a shell runs as written, with secrets left to the reader."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from certify.model.exchange import Exchange, SentRequest
from certify.report.again import again, curl, placed, shell
from tests.unit.facts import a_criterion, a_milestone, a_plan
from tests.unit.formats import samples

PLAN = a_plan(a_milestone("first", a_criterion("works", "a.one")))
SENT = SentRequest(
    "POST",
    "http://127.0.0.1:1/things?q=a b",
    (("authorization", "Bearer [redacted]"), ("content-type", "application/json"), ("user-agent", "certify/1")),
    '{"name": "it\'s $HOME"}',
)
EXCHANGE = Exchange("s-1", "a.one", "createThing", "primary", "probe", SENT, 1.0)


def test_the_check_is_run_alone_as_it_was_run_before() -> None:
    command = ("certify", "run", "--partner", "my file.yaml", "--milestone", "first", "--program", "mine")
    first, line, _ = again("F3", "a.one", replace(PLAN, command=command), EXCHANGE)
    assert first == "certify replay RUN_DIR F3"
    assert line == "certify run --partner 'my file.yaml' --program mine --check a.one --seed 7"


def test_a_demo_is_repeated_with_its_faults() -> None:
    line, *_ = again("F1", "a.one", replace(PLAN, command=("certify", "demo", "--fault", "bola-read")), None)
    assert line == "certify demo --fault bola-read --check a.one --seed 7"


def test_curl_leaves_the_token_as_a_variable_and_what_is_ours_out() -> None:
    line = curl(EXCHANGE)
    assert '-H "authorization: Bearer $TOKEN"' in line
    assert "user-agent" not in line
    assert "[redacted]" not in line


@pytest.mark.parametrize(
    ("method", "path", "shown"),
    [
        ("GET", "/v1/things/2", True),
        ("POST", "/v1/things", True),
        ("POST", "/2024/things", False),
        ("POST", "/v1/things/2/close", False),
        ("POST", "/v1/things/led_01hq3/close", False),
        ("DELETE", "/v1/things/2", False),
        ("PUT", "/v1/settings", False),
        ("PATCH", "/v1/things/abc", False),
    ],
)
def test_no_line_says_to_change_what_may_be_somebody_elses_by_now(method: str, path: str, shown: bool) -> None:
    sent = SentRequest(method, f"http://127.0.0.1:1{path}")
    lines = again("F3", "a.one", PLAN, replace(EXCHANGE, request=sent))

    assert lines[0] == "certify replay RUN_DIR F3"
    assert any(line.startswith("curl") for line in lines) is shown


def seen_by_a_shell(text: str) -> str:
    words = ["sh", "-c", f"printf %s {text}"]
    return subprocess.run(words, capture_output=True, text=True, check=True, env={"TOKEN": "T", "SECRET": "S"}).stdout


@pytest.mark.parametrize("hostile", ["it's", "$(id)", "`id`", 'a"b', "a\\b", "$HOME", "; id", "\n", "!x"])
def test_what_a_partner_sent_is_never_run_by_the_shell(hostile: str) -> None:
    assert seen_by_a_shell(shell(hostile)) == hostile
    assert seen_by_a_shell(shell(f"{hostile}[redacted]{hostile}")) == f"{hostile}S{hostile}"


def test_the_body_comes_through_a_shell_unchanged() -> None:
    assert shlex.split(curl(EXCHANGE))[-1] == SENT.body


def test_a_report_that_is_written_names_its_directory(tmp_path: Path) -> None:
    report = samples.failing()
    report = replace(
        report, findings=(replace(report.findings[0], again=("certify replay RUN_DIR F1", "curl RUN_DIR")),)
    )
    (finding,) = placed(report, Path("reports/a b/run")).findings

    assert finding.again == ("certify replay 'reports/a b/run' F1", "curl RUN_DIR")
