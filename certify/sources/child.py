"""A sealed child process: its own session, an environment of ours alone, and an end that can be relied on."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from certify.lifeline import VARIABLE
from certify.model.partner import Partner, SecretRef

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")


def sealed_environment(secrets: Iterable[SecretRef], extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables that a child gets: a few of the system's, and those that hold the secrets it has to find itself.

    Nothing ambient can change a certificate: no ``PYTEST_ADDOPTS``, no plugin autoload, no proxy, no ``PYTHONPATH``.
    """
    names = {*PASSED_ON, *(str(ref.value) for ref in secrets if ref.kind == "env")}
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **(extra or {})}


def secret_refs(partner: Partner) -> Iterable[SecretRef]:
    """Every reference to a secret in a profile."""
    for identity in partner.identities.values():
        yield from identity.secrets.values()
    if partner.tokens is not None:
        yield from partner.tokens.keys.values()


class Child:
    """One running child. :meth:`wait` returns its exit code; :meth:`stop` ends it and everything that it started."""

    def __init__(
        self, argv: Sequence[str], folder: Path, environment: Mapping[str, str], inherited: Sequence[int] = ()
    ) -> None:
        self._log = folder / "child.log"
        lifeline, self._hold = os.pipe()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                argv,
                cwd=folder,
                env={**environment, VARIABLE: str(lifeline)},
                pass_fds=(lifeline, *inherited),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        os.close(lifeline)

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code, negative for a signal; None where the time ran out."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, grace: float = 5.0) -> None:
        """Ask first, so that test data is cleaned up; then end the whole process group."""
        if self._process.poll() is None:
            self._signal(signal.SIGINT)
            self.wait(grace)
        self._signal(signal.SIGKILL)
        self._process.wait()
        self.close()

    def close(self) -> None:
        """Let go of the lifeline of a child that has ended."""
        hold, self._hold = self._hold, -1
        if hold >= 0:
            os.close(hold)

    def tail(self, lines: int = 12) -> str:
        """The end of what the child printed, for a message about its death."""
        return "\n".join(self._log.read_text("utf-8", "replace").splitlines()[-lines:])

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)
