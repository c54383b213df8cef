"""An https sandbox behind a private authority is trusted when the profile names that authority, and not before."""

import datetime
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from certify.errors import ProfileError
from certify.http.call import Call
from certify.http.session import open_session
from certify.http.wire import TransportError
from certify.model.partner import Partner, SignIn
from certify.program.partner import load_partner


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """A certificate that vouches for itself, and its key, in files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sandbox authority")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    unsigned = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    unsigned = unsigned.not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(1))
    unsigned = unsigned.add_extension(address, False).add_extension(x509.BasicConstraints(True, None), True)
    (tmp_path / "ca.pem").write_bytes(unsigned.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "key.pem").write_bytes(written)
    return tmp_path / "ca.pem"


@pytest.fixture
def url(authority: Path) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, authority.with_name("key.pem"))
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=lambda: server.serve_forever(0.01), daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def partner(url: str, ca_file: str = "") -> Partner:
    return Partner("p", "P", url, SignIn("none"), {}, ca_file=ca_file)


@pytest.mark.parametrize("fresh", [True, False])
def test_a_named_authority_is_trusted(url: str, authority: Path, fresh: bool) -> None:
    session = open_session(partner(url, str(authority)))

    assert session.wire.send(Call("GET", "/"), {}, fresh=fresh).status == 204


def test_an_unknown_authority_is_not_trusted(url: str) -> None:
    with pytest.raises(TransportError, match="CERTIFICATE_VERIFY_FAILED"):
        open_session(partner(url)).wire.send(Call("GET", "/"), {})


@pytest.mark.parametrize(("name", "why"), [("key.pem", "no certificate"), ("none.pem", "No such file")])
def test_a_file_without_certificates_is_a_fault_of_the_profile(authority: Path, name: str, why: str) -> None:
    with pytest.raises(ProfileError, match=why):
        open_session(partner("https://127.0.0.1:1", str(authority.with_name(name))))


def test_the_profile_names_it_from_its_own_folder(url: str, authority: Path) -> None:
    profile = authority.with_name("partner.yaml")
    profile.write_text(
        f"schema: certify/partner/1\nid: p\nname: P\ntarget: {{base_url: '{url}', ca_file: ca.pem}}\n"
        "sign_in: {kind: none}\nidentities: {primary: {}}\n"
    )

    assert open_session(load_partner(profile)).wire.send(Call("GET", "/"), {}).ok
