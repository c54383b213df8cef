"""What is made ready before anything else: a place to write to, the way, the contract. The doctor looks closer."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from certify.contract import Contract, load_contract
from certify.contract.reading import MAX_BYTES
from certify.contract.servers import settle_servers
from certify.errors import CertifyError, OutputError, Problem, ProfileError, SandboxUnreachableError
from certify.http.call import Call, Reply
from certify.http.guard import Guard
from certify.http.session import Session, open_session
from certify.http.wire import TransportError, unreachable
from certify.model.partner import Partner
from certify.program.source import read_document

FETCH_SECONDS = 120.0
"""Seconds that fetching a contract may take, with everything that it refers to."""
_SAVE_IT = "save the contract as a file, and name that"
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


def check_way(session: Session) -> None:
    """Reach the sandbox and sign in once. Raises :class:`SandboxUnreachableError` with ranked causes."""
    try:
        session.wire.send(Call("GET", "/"), session.connection(), purpose="preflight")
        session.credentials("primary")
    except TransportError as error:
        raise unreachable(session.partner.base_url, error) from None


def contract_of(partner: Partner, default: Path | None) -> Contract:
    """The profile's contract, a file or a URL, or the program's. Raises :class:`certify.errors.ProgramError`.

    What it refers to elsewhere is fetched from hosts that the profile names, and from no others; operations that are
    served elsewhere are called there under the same condition.
    """
    with contextlib.closing(Fetcher(partner)) as fetcher:
        try:
            contract = load_contract(partner.contract or _program_contract(partner, default), fetcher)
        except (SandboxUnreachableError, ProfileError) as error:
            raise _placed(partner, error) from None
    return settle_servers(contract, partner.base_url, Guard(partner).names)


def _placed(partner: Partner, error: SandboxUnreachableError | ProfileError) -> CertifyError:
    """The error with the line of the profile that names the contract."""
    if not partner.file or not partner.contract or (isinstance(error, ProfileError) and error.problems):
        return error
    line = read_document(Path(partner.file)).line_of(("target", "contract"))
    if isinstance(error, ProfileError):
        place = Problem(partner.file, error.message, line, "target.contract")
        return ProfileError(error.message, error.advice, [place])
    return SandboxUnreachableError(error.message, [*error.advice, f"{partner.file}:{line} names it: target.contract"])


def _program_contract(partner: Partner, default: Path | None) -> Path:
    if default is None:
        message = "neither the profile nor the program names a contract"
        problem = Problem(partner.file, message, path="target.contract", advice="add target.contract: a file or a URL")
        raise ProfileError(message, problems=[problem])
    return default


class Fetcher:
    """Gets documents from the hosts that a profile names, signed in as nobody. Opens the way when first needed."""

    def __init__(self, partner: Partner) -> None:
        self._partner = partner
        self._session: Session | None = None
        self._left = FETCH_SECONDS

    def __call__(self, url: str) -> bytes:
        """The bytes at a URL. Raises :class:`ProfileError` or :class:`SandboxUnreachableError`, with advice."""
        Guard(self._partner).check(url)
        if self._left <= 0:
            raise SandboxUnreachableError(f"fetching the contract took longer than {FETCH_SECONDS:.0f} s", [_SAVE_IT])
        started = time.monotonic()
        reply = self._get(url)
        self._left -= time.monotonic() - started
        if not reply.ok:
            raise SandboxUnreachableError(
                f"the contract cannot be fetched from {url}: {reply}",
                [
                    "target.contract in the profile points at the wrong place",
                    "it is behind a sign-in: save it as a file",
                ],
            )
        if reply.media_type == "text/html":
            raise ProfileError(
                f"{url} answers with a page, not with an OpenAPI document",
                ["point target.contract at the document itself, often /openapi.json or /openapi.yaml"],
            )
        if len(reply.content) > MAX_BYTES:
            raise ProfileError(f"{url} answers with more than {MAX_BYTES // 2**20} MB", [_SAVE_IT])
        return reply.content

    def close(self) -> None:
        if self._session is not None:
            self._session.close()

    def _get(self, url: str) -> Reply:
        self._session = self._session or open_session(_nobody(self._partner))
        self._session.wire.limit, self._session.wire.deadline = MAX_BYTES + 1, self._left
        try:
            return self._session.wire.send(Call("GET", url), {}, purpose="preflight")
        except TransportError as error:
            raise self._silent(url, error) from None

    def _silent(self, url: str, error: TransportError) -> SandboxUnreachableError:
        """Only the host of the base URL is the sandbox."""
        if urlsplit(url).netloc == urlsplit(self._partner.base_url).netloc:
            return unreachable(url, error)
        return SandboxUnreachableError(f"{url} gives no answer, so the document cannot be read: {error}", [_SAVE_IT])


def _nobody(partner: Partner) -> Partner:
    """The profile without anybody who signs in: a document that is public needs no secret to be there."""
    return replace(partner, identities={}, tokens=None, sign_in=replace(partner.sign_in, kind="none"))
