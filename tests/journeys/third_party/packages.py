"""Packages of others in a cache folder: ``$XDG_CACHE_HOME/certify-tests``, else ``~/.cache/certify-tests``.

An installation is made beside its place and moved there when it is whole, so a killed one leaves nothing that looks
installed. The versions are part of the folder's name: another pin is another installation.

Installing waits for the network most of the time, so :func:`begin` starts all of them at once, and each test waits for
its own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

PATIENCE_S = 120
_POOL = ThreadPoolExecutor(8, thread_name_prefix="install")


class NotInstallableError(Exception):
    """Why a package cannot be had here, in one line."""


@dataclass(frozen=True)
class Package:
    """What to install: ``kind`` is pip, npm or deb; ``wanted`` are the pinned requirements, in that kind's spelling."""

    name: str
    kind: str
    wanted: tuple[str, ...]

    @property
    def place(self) -> Path:
        told = "\n".join((sys.version, self.kind, *self.wanted))
        return _cache() / f"{self.name}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"

    def installed(self) -> Path:
        """The folder of the installation; the test is skipped where there can be none."""
        try:
            return _installing(self).result(PATIENCE_S)
        except (NotInstallableError, TimeoutError) as error:
            pytest.skip(f"{self.name} cannot be installed here ({self.kind}): {error or 'it takes too long'}")


def begin(packages: Iterable[Package]) -> None:
    """Start installing what is not there yet."""
    for package in packages:
        _installing(package)


@cache
def _installing(package: Package) -> Future[Path]:
    return _POOL.submit(_install, package)


def _install(package: Package) -> Path:
    if package.place.is_dir():
        return package.place
    package.place.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{package.name}-", dir=package.place.parent))
    try:
        _WAYS[package.kind](folder, package.wanted)
        folder.rename(package.place)
    except OSError as error:
        if not package.place.is_dir():  # another process was quicker
            raise NotInstallableError(str(error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return package.place


def _pip(folder: Path, wanted: tuple[str, ...]) -> None:
    """Into one folder for PYTHONPATH: a virtual environment could not be moved."""
    _run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-input",
            "--retries",
            "2",
            "--target",
            str(folder),
            *wanted,
        ]
    )


def _npm(folder: Path, wanted: tuple[str, ...]) -> None:
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    _run(
        [
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--fetch-retries=1",
            "--prefix",
            str(folder),
            *wanted,
        ]
    )


def _deb(folder: Path, wanted: tuple[str, ...]) -> None:
    """Fetched and unpacked, not installed: nothing of the machine is changed, and nobody has to be root."""
    _run(["apt-get", "download", "--quiet", *wanted], cwd=folder)
    for archive in folder.glob("*.deb"):
        _run(["dpkg", "-x", str(archive), str(folder)])
        archive.unlink()


_WAYS: dict[str, Callable[[Path, tuple[str, ...]], None]] = {"pip": _pip, "npm": _npm, "deb": _deb}


def _run(words: list[str], cwd: Path | None = None) -> None:
    try:
        ended = subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstallableError(f"{words[0]}: {error}") from None
    if ended.returncode:
        lines = [line for line in (ended.stderr or ended.stdout).splitlines() if line.strip() and "log of" not in line]
        reason = lines[-1].strip()[:200] if lines else "no reason given"
        raise NotInstallableError(f"{Path(words[0]).name} ended with {ended.returncode}: {reason}")


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "certify-tests"
