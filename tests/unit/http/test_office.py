"""One sign-in for everybody: kept until it ends, renewed when it is refused, lent to other processes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from certify.errors import BudgetSpentError, CertifyError, HarnessError, ProfileError, SandboxUnreachableError
from certify.http.broker import VARIABLE, Broker, parent
from certify.http.call import Call
from certify.http.credentials import ClientCertificate, Credentials
from certify.http.session import Session, open_session
from certify.link import Link
from certify.model.partner import Identity, Partner, SecretRef, SignIn
from certify.program.secrets import resolve
from certify.suite.target import Target
from tests.unit.http.loopback import Asked, Told, loopback


class Sandbox:
    """Issues tokens, and takes those that it has not revoked."""

    def __init__(self) -> None:
        self.issued: list[str] = []
        self.revoked: set[str] = set()
        self.lifetime_s = 100.0

    def __call__(self, asked: Asked) -> Told:
        if asked.path == "/token":
            self.issued.append(f"opaque-token-{len(self.issued)}")
            told = {"access_token": self.issued[-1], "token_type": "bearer", "expires_in": self.lifetime_s}
            return Told(body=json.dumps(told).encode())
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        known = token in self.issued and token not in self.revoked and asked.path != "/forbidden"
        return Told(200 if known else 401)


def a_partner(folder: Path, url: str) -> Partner:
    (folder / "secret").write_text("TEST-ONLY-secret")
    identities = {
        name: Identity(name, secrets={"client_secret": SecretRef("file", str(folder / "secret"))})
        for name in ("primary", "other_tenant")
    }
    sign_in = SignIn("client_credentials", token_url=f"{url}/token")
    return Partner("p", "P", url, sign_in, identities, file=str(folder / "p.yaml"))


@contextmanager
def sandbox(folder: Path) -> Iterator[tuple[Sandbox, Session]]:
    answers = Sandbox()
    with loopback(answers) as server:
        yield answers, open_session(a_partner(folder, server.url))


def test_a_token_that_is_revoked_in_the_middle_leads_to_one_more_sign_in_and_is_told_once(tmp_path: Path) -> None:
    told: list[str] = []
    with sandbox(tmp_path) as (server, session):
        session.on_renewal(told.append)
        target = Target(session)
        statuses = [target.send(Call("GET", "/a")).status]
        for _ in range(2):
            server.revoked.update(server.issued)
            statuses.append(target.send(Call("GET", "/a")).status)

    assert statuses == [200, 200, 200]
    assert len(server.issued) == 3
    assert told == ["identity 'primary' was refused before its credentials expired, and signed in again"]


def test_an_operation_that_always_says_401_costs_one_sign_in_and_no_more(tmp_path: Path) -> None:
    with sandbox(tmp_path) as (server, session):
        target = Target(session)
        target.send(Call("GET", "/a"))
        statuses = [target.send(Call("GET", "/forbidden")).status for _ in range(5)]

    assert (statuses, len(server.issued)) == ([401] * 5, 2)


def test_a_credential_that_never_worked_is_not_tried_again(tmp_path: Path) -> None:
    with sandbox(tmp_path) as (server, session):
        Target(session).send(Call("GET", "/forbidden"))

    assert len(server.issued) == 1


def test_a_replaced_token_never_signs_anybody_in_again(tmp_path: Path) -> None:
    with sandbox(tmp_path) as (server, session):
        target = Target(session)
        target.send(Call("GET", "/a"))
        assert target.send(Call("GET", "/a"), token="revoked").status == 401

    assert len(server.issued) == 1


def test_renewing_ends_after_five_times(tmp_path: Path) -> None:
    with sandbox(tmp_path) as (server, session):
        for _ in range(9):
            session.credentials("primary", session.credentials("primary").fingerprint)

    assert len(server.issued) == 6


def test_two_threads_that_are_refused_together_sign_in_once(tmp_path: Path) -> None:
    with sandbox(tmp_path) as (server, session):
        refused = session.credentials("primary").fingerprint
        threads = [threading.Thread(target=session.credentials, args=("primary", refused)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(server.issued) == 2


CHILD = """
import sys
from pathlib import Path
from certify.http.broker import parent
from certify.http.call import Call
from certify.http.session import open_session
from tests.unit.http.test_office import a_partner
session = open_session(a_partner(Path(sys.argv[1]), sys.argv[2]), parent=parent())
print(session.wire.send(Call("GET", "/a"), session.credentials("primary")).status, session.secrets["primary"])
"""


def test_a_child_process_borrows_what_the_parent_holds(tmp_path: Path) -> None:
    with sandbox(tmp_path) as (server, session):
        session.credentials("primary")
        ours, theirs = socket.socketpair()
        Broker(session).serve(ours)
        words = [sys.executable, "-c", CHILD, str(tmp_path), session.partner.base_url]
        with theirs:
            done = subprocess.run(
                words,
                env={"PATH": os.defpath, VARIABLE: str(theirs.fileno()), "PYTHONPATH": str(Path.cwd())},
                pass_fds=[theirs.fileno()],
                capture_output=True,
                text=True,
                check=False,
            )

    assert done.stdout == "200 {'client_secret': 'TEST-ONLY-secret'}\n", done.stderr
    assert len(server.issued) == 1


@contextmanager
def lent(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """The same partner in another session, which asks the first over a socket."""
    ours, theirs = socket.socketpair()
    Broker(session).serve(ours)
    monkeypatch.setenv(VARIABLE, str(theirs.detach()))
    yield open_session(session.partner, parent=parent())
    ours.close()


def test_a_borrower_renews_through_the_parent_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sandbox(tmp_path) as (server, session), lent(session, monkeypatch) as borrower:
        server.lifetime_s = 0.5
        tokens = set()
        for _ in range(4):
            tokens.add(borrower.credentials("primary").token)
            tokens.add(session.credentials("primary").token)
            time.sleep(0.25)

    assert tokens == set(server.issued)
    assert len(tokens) in (2, 3)


def test_what_the_parent_could_not_do_is_told_in_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback(Told(401, body=b'{"error": "invalid_client"}')) as server:
        session = open_session(a_partner(tmp_path, server.url))
        with lent(session, monkeypatch) as borrower, pytest.raises(SandboxUnreachableError) as caught:
            borrower.credentials("primary")

    assert "invalid_client" in caught.value.message
    assert "secret is wrong" in caught.value.advice[0]


def test_everything_of_credentials_reaches_the_borrower(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = Credentials(
        {"A": "b"},
        "t",
        None,
        (("q", "1"),),
        {"c": "2"},
        lambda method, url, headers, body: {"S": f"{method} {url} {headers['H']} {body!r}"},
        lambda url, status, headers, body: (url, status, headers, body) == ("u", 401, (("N", "1"),), b"x"),
        ClientCertificate("chain", "key"),
    )
    with sandbox(tmp_path) as (_, session):
        monkeypatch.setattr(session.provider, "credentials", lambda identity, refused="": given)
        with lent(session, monkeypatch) as borrower:
            held = borrower.credentials("primary")
            assert held.sign is not None
            assert held.heard is not None
            assert held.sign("GET", "/u", {"H": "h"}, b"\xff") == {"S": "GET /u h b'\\xff'"}
            assert held.heard("u", 401, (("N", "1"),), b"x")
            assert not held.heard("u", 200, (), b"")

    assert replace(held, sign=None, heard=None) == replace(given, sign=None, heard=None, whose="primary")


def test_a_borrower_whose_parent_is_gone_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    monkeypatch.setenv(VARIABLE, str(theirs.detach()))
    ask = parent()
    assert ask is not None
    assert VARIABLE not in os.environ
    ours.close()
    assert ask({"ask": "secrets"}) == {"error": "the process that signs in is gone"}


def test_a_question_that_nobody_knows_is_answered(tmp_path: Path) -> None:
    with sandbox(tmp_path) as (_, session):
        ours, theirs = socket.socketpair()
        Broker(session).serve(ours)
        assert "error" in Link(theirs).ask("the weather")


def test_a_command_is_started_once_however_often_its_secret_is_needed(tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("#!/bin/sh\necho x >> asked\necho TEST-ONLY-secret\n")
    (tmp_path / "vault").chmod(0o755)
    ref = SecretRef("command", (str(tmp_path / "vault"),))

    assert [resolve(ref, tmp_path) for _ in range(3)] == ["TEST-ONLY-secret"] * 3
    assert (tmp_path / "asked").read_text() == "x\n"


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (BudgetSpentError("0 of 9 requests are left"), BudgetSpentError, "0 of 9"),
        (ProfileError("no such identity"), ProfileError, "no such identity"),
        (SandboxUnreachableError("no answer"), SandboxUnreachableError, "no answer"),
        (OverflowError("too long for TEST-ONLY-secret"), HarnessError, r"OverflowError: too long for \[redacted\]"),
    ],
)
def test_an_error_of_the_parent_arrives_as_what_it_is_and_the_next_question_is_answered(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    kind: type[CertifyError],
    message: str,
) -> None:
    with sandbox(tmp_path) as (_, session), lent(session, monkeypatch) as borrower:
        with monkeypatch.context() as patched:
            patched.setattr(session.provider, "credentials", raising(error))
            with pytest.raises(kind, match=message) as caught:
                borrower.credentials("primary")
        assert type(caught.value) is kind
        assert borrower.credentials("primary").token == "opaque-token-0"


def raising(error: Exception) -> Callable[..., Credentials]:
    def credentials(*_: object) -> Credentials:
        raise error

    return credentials
