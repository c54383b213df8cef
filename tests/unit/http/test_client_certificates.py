"""Client certificates over real TLS: shown by each identity as its own, and by nobody else."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from certify.errors import ProfileError
from certify.http.call import Call
from certify.http.session import Session, open_session
from certify.http.wire import TransportError
from certify.model.partner import Identity, Partner, SecretRef, SignIn
from certify.preflight import check_way
from tests.unit.http.certificates import self_signed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's pair, and one for each of two clients, that the server knows."""
    place = tmp_path_factory.mktemp("pairs")
    for name in ("server", "ada", "bob"):
        pair = self_signed("127.0.0.1" if name == "server" else name, server=name == "server")
        (place / f"{name}.crt").write_text(pair.certificate)
        (place / f"{name}.key").write_text(pair.key)
    (place / "clients.crt").write_text((place / "ada.crt").read_text() + (place / "bob.crt").read_text())
    return place


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """A server that answers the name in the certificate, and speaks to nobody without one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown: Any = self.connection.getpeercert()  # type: ignore[attr-defined]
            body = dict(item[0] for item in shown["subject"])["commonName"].encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.crt", folder / "server.key")
    context.load_verify_locations(folder / "clients.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=lambda: server.serve_forever(0.01), daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def session(folder: Path, url: str, kind: str = "mutual_tls", **clients: tuple[str, str]) -> Session:
    """A session in which each identity has a certificate and a key from these files."""
    named = clients or {"primary": ("ada.crt", "ada.key"), "other_tenant": ("bob.crt", "bob.key")}
    identities = {}
    for name, (chain, key) in named.items():
        refs = {
            "certificate": SecretRef("file", chain, signs=True),
            "certificate_key": SecretRef("file", key, signs=True),
        }
        identities[name] = Identity(name, secrets={**refs, "token": SecretRef("file", "ada.crt")})
    known = {"file": str(folder / "p.yaml"), "ca_file": str(folder / "server.crt")}
    return open_session(Partner("p", "P", url, SignIn(kind), identities, **known))  # type: ignore[arg-type]


def test_each_identity_shows_its_own_certificate_and_shares_no_connection(folder: Path, url: str) -> None:
    opened = session(folder, url)
    names = ["primary", "other_tenant", "primary", "other_tenant"]
    said = [opened.wire.send(Call("GET", "/"), opened.credentials(name)).text for name in names]

    assert said == ["ada", "bob", "ada", "bob"]


def test_nobody_has_no_certificate_where_it_is_the_sign_in(folder: Path, url: str) -> None:
    opened = session(folder, url)
    opened.wire.send(Call("GET", "/"), opened.credentials("primary"))
    with pytest.raises(TransportError):
        opened.wire.send(Call("GET", "/"), opened.bare())


def test_nobody_gets_through_the_door_where_another_credential_signs_in(folder: Path, url: str) -> None:
    opened = session(folder, url, kind="bearer", primary=("ada.crt", "ada.key"))
    assert opened.wire.send(Call("GET", "/"), opened.bare()).text == "ada"
    assert not opened.bare().headers


def test_the_way_is_looked_at_with_the_certificate(folder: Path, url: str) -> None:
    check_way(session(folder, url))


@pytest.mark.parametrize(
    ("chain", "key", "told"),
    [
        ("ada.crt", "bob.key", "the private key does not belong to the certificate"),
        ("ada.key", "ada.key", "a client certificate cannot be used"),
        ("ada.crt", "locked.key", "the private key is encrypted"),
    ],
)
def test_a_pair_that_does_not_fit_is_told_and_nobody_is_asked_for_a_password(
    folder: Path, url: str, chain: str, key: str, told: str
) -> None:
    (folder / "locked.key").write_text(_locked((folder / "ada.key").read_text()))
    opened = session(folder, url, primary=(chain, key))
    with pytest.raises(ProfileError) as caught:
        opened.wire.send(Call("GET", "/"), opened.credentials("primary"))

    assert told in caught.value.message
    assert "BEGIN" not in str(caught.value)


def _locked(pem: str) -> str:
    from cryptography.hazmat.primitives import serialization as form

    key = form.load_pem_private_key(pem.encode(), None)
    secret = form.BestAvailableEncryption(b"TEST-ONLY")
    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, secret).decode()
