"""Plays a composite action as GitHub's runner does, step by step: conditions, outputs, summaries, workflow commands.

Only what our action uses is understood; anything else is an error, so that a step cannot be skipped by a mistake here.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_TERM = re.compile(r"(inputs|steps)\.([\w.\-]+)(?:\s*(==|!=)\s*'([^']*)')?")
_COMMAND = re.compile(r"::([\w-]+)(?: ([^:]*))?::(.*)")


@dataclass
class Played:
    """How a job's step with the action ended: its exit code, its outputs, and what the runner made of its output."""

    code: int = 0
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    log: str = ""
    commands: list[tuple[str, str, str]] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)


def play(
    action: Path, given: Mapping[str, str], folder: Path, environment: Mapping[str, str], cancel: str = ""
) -> Played:
    """The whole action, in ``folder`` as the workspace. ``environment`` is the calling step's ``env``.

    With ``cancel``, a glob, the job is cancelled as soon as such a file is there: SIGINT, and a kill soon after.
    """
    return _Runner(action, folder, environment, cancel).play(given)


class _Runner:
    def __init__(self, action: Path, folder: Path, environment: Mapping[str, str], cancel: str) -> None:
        self.cancel, self.cancelled = cancel, False
        self.action, self.folder = yaml.safe_load(action.read_text(encoding="utf-8")), folder
        self.played = Played()
        self.steps: dict[str, dict[str, str]] = {}
        self.environment = {**os.environ, **environment, "GITHUB_ACTION_PATH": str(action.parent), "NO_COLOR": "1"}
        self.stopped = ""

    def play(self, given: Mapping[str, str]) -> Played:
        declared = self.action["inputs"]
        assert set(given) <= set(declared), "an input that the action does not declare"
        assert {name for name, item in declared.items() if item.get("required")} <= set(given)
        self.inputs = {name: item.get("default", "") for name, item in declared.items()} | dict(given)
        for step in self.action["runs"]["steps"]:
            assert step["shell"] == "bash", "only bash is played"
            if self._wanted(step.get("if", "")):
                self._run(step)
        values = {name: self._filled(item["value"]) for name, item in self.action["outputs"].items()}
        self.played.outputs = values
        return self.played

    def _wanted(self, condition: str) -> bool:
        inner = condition.removeprefix("${{").removesuffix("}}").strip()
        terms = [term.strip() for term in inner.split("&&")] if inner else []
        told = [self._value(term) for term in terms if term not in ("always()", "!cancelled()")]
        if "always()" in terms:
            return all(told)
        return all(told) and not self.cancelled and ("!cancelled()" in terms or self.played.code == 0)

    def _value(self, term: str) -> str | bool:
        match = _TERM.fullmatch(term)
        assert match, f"not understood: {term}"
        kind, name, operator, other = match.groups()
        if kind == "inputs":
            value = self.inputs[name]
        else:
            step, _, output = name.partition(".outputs.")
            value = self.steps.get(step, {}).get(output, "")
        if operator:  # GitHub compares texts without regard to case
            return (value.lower() == other.lower()) is (operator == "==")
        return value

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{\{\s*(.+?)\s*\}\}", lambda match: str(self._value(match[1])), text)

    def _run(self, step: Mapping[str, Any]) -> None:
        assert "${{" not in step["run"], "an expression inside a script is an injection"
        files = {
            name: self.folder / f".{name.lower()}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV")
        }
        for file in files.values():
            file.write_text("", encoding="utf-8")
        variables = {name: self._filled(str(value)) for name, value in step.get("env", {}).items()}
        process = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder,
            env={**self.environment, **variables, **{name: str(file) for name, file in files.items()}},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        output = self._finished(process)
        self.played.ran.append(step.get("id", step["name"]))
        self.played.log += output
        self.played.commands += self._commands(output)
        self.played.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        assert files["GITHUB_STEP_SUMMARY"].stat().st_size <= 1024 * 1024, "GitHub drops a summary of more than 1 MiB"
        assert files["GITHUB_ENV"].read_text() == "", "the action sets no variables of the job"
        lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        self.steps[step.get("id", step["name"])] = dict(line.split("=", 1) for line in lines)
        self.played.code = self.played.code or process.returncode

    def _finished(self, process: subprocess.Popen[str]) -> str:
        """What it printed. A runner that cancels sends SIGINT, and kills what is still there after 7.5 s."""
        while self.cancel and not self.cancelled and process.poll() is None:
            time.sleep(0.05)
            if any(self.folder.glob(self.cancel)):
                self.cancelled = True
                os.killpg(process.pid, signal.SIGINT)
        try:
            return process.communicate(timeout=7.5 if self.cancelled and self.cancel else 500)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return process.communicate()[0]

    def _commands(self, output: str) -> Iterator[tuple[str, str, str]]:
        """Workflow commands, as the runner finds them: indented ones too, and none from stop-commands to its token."""
        for line in output.splitlines():
            match = _COMMAND.match(line.strip())
            if match is None:
                continue
            name, properties, message = match[1], match[2] or "", match[3]
            if self.stopped:
                self.stopped = "" if name == self.stopped else self.stopped
            elif name == "stop-commands":
                self.stopped = message
            else:
                yield name, properties, message
