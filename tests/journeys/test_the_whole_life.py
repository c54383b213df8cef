"""The whole life of a certificate, by command line: the commands of docs/release-engineer.md, in their order.

A laptop, a pipeline, two reviewers and a desk that revokes share one folder here. The sandbox is a real one; each step
is a process of its own, and each refusal has its own exit code. What the page says and what happens cannot drift apart.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from certify.model.gate import EXIT_CODES, Answer
from tests.journeys.console import CERTIFY
from tests.journeys.small_program import TOUCHED, write_program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]  # one story: its first test waits for all of it
PAGE = (Path(__file__).parents[2] / "docs" / "release-engineer.md").read_text("utf-8")
FAULT = "server-clock-skew-120s"
"""What the sandbox does wrong in the pipeline's first run."""
GITHUB = {
    "CI": "true",
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.example",
    "GITHUB_REPOSITORY": "acme/integration",
    "GITHUB_RUN_ID": "4711",
    "GITHUB_RUN_ATTEMPT": "1",
    "GITHUB_WORKFLOW": "certify",
    "GITHUB_JOB": "certify",
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_SHA": "0123456789abcdef0123456789abcdef01234567",
    "GITHUB_EVENT_NAME": "push",
    "GITHUB_ACTOR": "ada",
}
_CODE = re.compile(r"\s+# exit code (\d+)$")


@dataclass(frozen=True)
class Step:
    section: str
    line: str
    code: int


@dataclass(frozen=True)
class Done:
    step: Step
    code: int
    text: str


@dataclass
class Life:
    """Every step of the page that was taken, by the section that it stands in."""

    folder: Path
    done: list[Done] = field(default_factory=list)

    def of(self, section: str, word: str) -> list[Done]:
        return [item for item in self.done if section in item.step.section and item.step.line.startswith(word)]

    def gate(self, section: str) -> Done:
        return self.of(section, "certify gate")[-1]


def steps() -> list[Step]:
    """Every line of the page's console blocks, with its section and the exit code that the page tells."""
    found: list[Step] = []
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        for block in re.findall(r"```console\n(.*?)```", section, re.DOTALL):
            for line in block.strip().splitlines():
                told = _CODE.search(line)
                found.append(Step(section.splitlines()[0], _CODE.sub("", line), int(told[1]) if told else 0))
    return found


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """The page, played once from its first command to its last."""
    folder = tmp_path_factory.mktemp("life")
    write_program(folder)
    port, played = _free_port(), Life(folder)
    with _Sandbox(folder, port) as sandbox:
        for step in steps():
            sandbox.misbehave(FAULT if "that fails" in step.section else "")
            played.done.append(_take(step, folder))
    return played


class _Sandbox:
    """``certify sandbox`` at one address, honest or not; started again where it has to change."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port
        self._fault: str | None = None
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> _Sandbox:
        return self

    def __exit__(self, *error: object) -> None:
        self._end()

    def misbehave(self, fault: str) -> None:
        if fault == self._fault:
            return
        self._end()
        words = [CERTIFY, "sandbox", "--port", str(self._port), "--write-profile", "sandbox.yaml"]
        words += ["--fault", fault] if fault else []
        self._process = subprocess.Popen(words, cwd=self._folder, stdout=subprocess.PIPE, text=True)
        self._fault = fault
        assert self._process.stdout is not None
        assert "listens on" in self._process.stdout.readline()
        assert "profile" in self._process.stdout.readline()
        profile = (self._folder / "sandbox.yaml").read_text("utf-8")
        own = re.sub(r"^  contract: .*\n", "", profile, flags=re.MULTILINE).replace("\nid: reference\n", "\nid: acme\n")
        (self._folder / "partner.yaml").write_text(own, "utf-8")

    def _end(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(10)


def _run(line: str, folder: Path) -> Done:
    return _take(Step("", line, 0), folder)


def _take(step: Step, folder: Path) -> Done:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("CI", "GITHUB", "GITLAB"))}
    environment = {**plain, "NO_COLOR": "1", "COLUMNS": "100", "PATH": f"{Path(sys.executable).parent}:{plain['PATH']}"}
    if "In the pipeline" in step.section:
        environment |= {**GITHUB, "CERTIFY_SIGNING_KEY": _newest_key(folder / "keys" / "ci")}
    ended = subprocess.run(
        step.line, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return Done(step, ended.returncode, ended.stdout + ended.stderr)


def _newest_key(folder: Path) -> str:
    return max(folder.glob("key-*.pem"), key=lambda file: file.stat().st_mtime).read_text()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


# — the story —


def test_every_step_ends_as_the_page_says(life: Life) -> None:
    assert len(life.done) > 30
    for item in life.done:
        assert item.code == item.step.code, f"{item.step.section}: {item.step.line}\n{item.text}"


def test_each_refusal_has_its_own_exit_code(life: Life) -> None:
    codes = [item.code for item in life.done if item.step.line.startswith("certify gate")]
    assert set(codes) == set(EXIT_CODES.values())
    assert codes.count(EXIT_CODES[Answer.GRANTED]) == 3


def test_a_practice_run_is_told_and_opens_nothing(life: Life) -> None:
    told = life.gate("practice run").text
    assert "practice certificates open nothing here: reports/acme/practice/certificate.jws" in " ".join(told.split())


def test_between_two_approvals_only_one_role_is_missing(life: Life) -> None:
    told = life.of("Two people approve", "certify gate")[0].text
    assert "--as platform-security" in told
    assert "--as solution-engineer" not in told


def test_upon_a_change_the_gate_names_the_three_checks_to_run_again(life: Life) -> None:
    told = " ".join(life.gate("contract changes").text.split())
    assert "3 checks have to run again" in told
    named = told.partition("Run again what the change touches: ")[2].partition(".  ")[0].partition(" certify run")[0]
    assert sorted(named.rstrip(".").split(", ")) == sorted(TOUCHED)


def test_these_three_run_again_behind_the_gate_check_and_the_others_are_carried(life: Life) -> None:
    report = json.loads((life.folder / "reports/acme/after/certification.json").read_text())
    ran = [check["id"] for check in report["checks"] if not check["carried"]]
    assert sorted(ran) == sorted(["net.control-works", *TOUCHED])
    certified = json.loads((life.folder / "reports/acme/gated/certification.json").read_text())
    assert {check["carried"] for check in report["checks"] if check["carried"]} == {certified["run"]["id"]}


def test_after_it_expired_a_grant_goes_on_for_the_days_of_grace_and_says_until_when(life: Life) -> None:
    """Asked of a list in which nothing is revoked: that of another desk that began only now."""
    line = life.gate("Days pass").step.line.partition(" --at ")[0] + " --revocations other.jws --json"
    assert _run("certify revoke --key keys/desk/key-*.pem --list other.jws", life.folder).code == 0
    until = date.fromisoformat(json.loads(_run(line, life.folder).text)["until"])
    late = json.loads(_run(f"{line} --at {until + timedelta(days=3)}", life.folder).text)
    assert (late["answer"], late["degraded"]) == ("granted", "expired")
    assert date.fromisoformat(late["until"]) == until + timedelta(days=14)
    assert _run(f"{line} --at {until + timedelta(days=3)} --strict", life.folder).code == EXIT_CODES[Answer.EXPIRED]
    assert _run(f"{line} --at {until + timedelta(days=15)}", life.folder).code == EXIT_CODES[Answer.EXPIRED]


def test_a_signed_report_that_was_edited_is_untrusted(life: Life, tmp_path: Path) -> None:
    copy = tmp_path / "life"
    shutil.copytree(life.folder, copy)
    (copy / "reports" / "revocations.jws").unlink()
    line = f"{life.gate('Days pass').step.line.partition(' --at ')[0]} --revocations other.jws"
    assert _run("certify revoke --key keys/desk/key-*.pem --list other.jws", copy).code == 0
    assert _run(line, copy).code == 0
    report = copy / "reports/acme/after/certification.json"
    report.write_text(report.read_text().replace("Small", "small") + " ")
    ended = _run(line, copy)
    assert ended.code == EXIT_CODES[Answer.UNTRUSTED]
    assert "certification.json is not the file that was signed" in " ".join(ended.text.split())


def test_no_private_key_reaches_a_run_directory_or_the_screen(life: Life) -> None:
    texts = [item.text.encode() for item in life.done]
    texts += [file.read_bytes() for file in (life.folder / "reports").rglob("*") if file.is_file()]
    secrets = [b"".join(file.read_bytes().splitlines()[1:-1]) for file in (life.folder / "keys").rglob("*.pem")]
    assert len(secrets) == 6
    for text in texts:
        assert b"PRIVATE KEY" not in text
        assert not any(secret in text for secret in secrets)


def test_the_page_tells_every_exit_code_that_the_gate_has() -> None:
    told = dict(re.findall(r"^\| (\d+) \| ([a-z-]*) ?\|", PAGE, re.MULTILINE))
    assert {int(code): answer for code, answer in told.items() if answer} == {
        code: answer.value for answer, code in EXIT_CODES.items()
    }
    assert {code for code, answer in told.items() if not answer} == {"2", "4"}
