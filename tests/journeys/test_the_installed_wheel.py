"""The wheel, installed in an empty environment, works outside the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that holds the wheel and the pinned dependencies, and nothing else."""
    folder = tmp_path_factory.mktemp("env")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "constraints.txt")], check=True, capture_output=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True, capture_output=True)
    return folder / "bin"


def test_the_wheel_carries_suites_contract_and_fixtures(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for shipped in ("suites/", "openapi/partner-api.v1.yaml", "fixtures/playbook.yaml"):
        assert any(name.startswith(f"certify/_shipped/{shipped}") for name in names), shipped
    assert any(name.endswith("schemas/report.v1.json") for name in names)


@pytest.mark.slow
def test_an_installed_certify_runs_the_demo_from_another_folder(installed: Path, tmp_path: Path) -> None:
    words = [str(installed / "certify"), "demo", "--out", "run", "--json"]
    ended = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=150, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert json.loads(ended.stdout)["verdict"] == "certified"
    assert (tmp_path / "run" / "report.html").is_file()
