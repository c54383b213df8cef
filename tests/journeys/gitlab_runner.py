"""Plays a job of a GitLab CI template as GitLab's runner does: inputs filled in, ``extends`` merged, ``sh -e``."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml


class Job(NamedTuple):
    """How a job ended. ``allowed`` says whether its exit code is one that lets the pipeline go on."""

    code: int
    log: str
    allowed: bool


def jobs(template: Path, given: Mapping[str, str | bool]) -> dict[str, Any]:
    """The template's jobs with the inputs filled in; an input that nobody gave and that has no default is an error."""
    header, body = template.read_text(encoding="utf-8").split("\n---\n")
    declared = yaml.safe_load(header)["spec"]["inputs"]
    assert set(given) <= set(declared), "an input that the template does not declare"
    values = {name: (item or {}).get("default") for name, item in declared.items()} | dict(given)
    missing = [name for name, value in values.items() if value is None]
    assert not missing, f"inputs without a value: {missing}"
    for name, item in declared.items():
        boolean = (item or {}).get("type") == "boolean"
        assert isinstance(values[name], bool) == boolean, f"GitLab refuses {name}: {values[name]!r}"
    filled = re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda found: _text(values[found[1]]), body)
    parsed: dict[str, Any] = yaml.safe_load(filled)  # as text, before it is parsed: an empty value needs its quotes
    return parsed


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def play(all_jobs: Mapping[str, Any], name: str, folder: Path, environment: Mapping[str, str]) -> Job:
    job = _merged(all_jobs.get(all_jobs[name].get("extends", ""), {}), all_jobs[name])
    script = "\n".join([*job.get("before_script", []), *job["script"]])
    variables = {key: str(value).replace("$CI_PROJECT_DIR", str(folder)) for key, value in job["variables"].items()}
    ended = subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", "CI": "true", "GITLAB_CI": "true", **variables, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=500,
        check=False,
    )
    allowed = ended.returncode in (0, *job.get("allow_failure", {}).get("exit_codes", ()))
    return Job(ended.returncode, ended.stdout, allowed)


def _merged(base: Mapping[str, Any], job: Mapping[str, Any]) -> dict[str, Any]:
    """``extends`` merges maps key by key, and replaces everything else."""
    both = {key: _merged(base[key], job[key]) for key in base.keys() & job.keys()
            if isinstance(base[key], dict) and isinstance(job[key], dict)}  # fmt: skip
    return {**base, **job, **both}
