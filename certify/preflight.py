"""What is looked at before a run, so that no hour is burnt on a broken profile: can we write, is anybody there?"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from certify.errors import OutputError, Problem, ProfileError, SandboxUnreachableError
from certify.http.call import Call
from certify.http.guard import Guard
from certify.http.session import open_session
from certify.http.wire import BODY_LIMIT, TransportError, unreachable
from certify.model.partner import Partner

MIN_FREE = 50 * 1024 * 1024
"""Bytes that must be free where a run is recorded."""


def check_output(path: Path) -> None:
    """Raise :class:`OutputError` unless a run can be recorded at ``path``; nothing has been sent yet."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise OutputError(f"{path} exists and is not an empty directory", ["name a new directory with --out"])
    home = next(parent for parent in (path, *path.resolve().parents) if parent.is_dir())
    try:
        with tempfile.TemporaryFile(dir=home):
            free = shutil.disk_usage(home).free
    except OSError as error:
        raise OutputError(
            f"cannot write to {home}: {error.strerror}", ["name a writable directory with --out"]
        ) from None
    if free < MIN_FREE:
        raise OutputError(
            f"{home} has {free // 2**20} MB free; a run needs {MIN_FREE // 2**20} MB", ["free some space, or use --out"]
        )


def check_way(partner: Partner) -> None:
    """Reach the sandbox and sign in once. Raises :class:`SandboxUnreachableError` with ranked causes."""
    session = open_session(partner)
    try:
        session.wire.send(Call("GET", "/"), {}, purpose="preflight")
        session.credentials("primary")
    except TransportError as error:
        raise unreachable(partner.base_url, error) from None
    finally:
        session.close()


def local_contract(partner: Partner, default: Path | None) -> Path:
    """The contract as a file: the profile's, fetched where it is a URL, or the program's."""
    if not partner.contract:
        return _program_contract(partner, default)
    if not urlsplit(partner.contract).scheme.startswith("http"):
        return Path(partner.contract)
    return _fetch(partner)


def _program_contract(partner: Partner, default: Path | None) -> Path:
    if default is None:
        message = "neither the profile nor the program names a contract"
        problem = Problem(partner.file, message, path="target.contract", advice="add target.contract: a file or a URL")
        raise ProfileError(message, problems=[problem])
    return default


def _fetch(partner: Partner) -> Path:
    guard, url = Guard(partner), partner.contract
    guard.check(url)
    session = open_session(partner)
    try:
        reply = session.wire.send(Call("GET", url), {}, purpose="preflight")
    except TransportError as error:
        raise unreachable(url, error) from None
    finally:
        session.close()
    if not reply.ok:
        raise SandboxUnreachableError(
            f"the contract cannot be fetched from {url}: {reply}",
            ["target.contract in the profile points at the wrong place", "it is behind a sign-in: save it as a file"],
        )
    if reply.media_type == "text/html":
        raise ProfileError(
            f"{url} answers with a page, not with an OpenAPI document",
            ["point target.contract at the document itself, often /openapi.json or /openapi.yaml"],
        )
    if len(reply.content) >= BODY_LIMIT:
        raise ProfileError(f"{url} answers with more than {BODY_LIMIT // 2**20} MB", ["save the contract as a file"])
    return _saved(reply.content, "json" if reply.content.lstrip()[:1] == b"{" else "yaml")


def _saved(content: bytes, suffix: str) -> Path:
    # The copy lives as long as the process: children read it too.
    folder = Path(tempfile.mkdtemp(prefix="certify-contract-"))
    file = folder / f"contract.{suffix}"
    file.write_bytes(content)
    return file
