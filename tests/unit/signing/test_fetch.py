"""A JWK set behind a URL: real servers that are slow, huge, sly or absent, and never an answer of theirs believed."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from certify.errors import KeyMaterialError, KeySetUnreachableError
from certify.signing.fetch import fetch
from certify.signing.key_set import Use, as_text, load_key_set
from tests.unit.http.certificates import self_signed
from tests.unit.signing.people import person

_, ADA = person("Ada Byron", Use.APPROVAL)
BODY = as_text([ADA]).encode()


@contextmanager
def serving(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does with each connection, its request read, what ``answer`` says."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=handle, args=(connection,), daemon=True).start()

        def handle(connection: socket.socket) -> None:
            with connection:
                try:
                    connection.recv(65536)
                    answer(connection)
                except OSError:
                    pass

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/keys.jwks.json"
        listener.shutdown(socket.SHUT_RDWR)


def reply(body: bytes = b"", status: str = "200 OK", **headers: str) -> Callable[[socket.socket], None]:
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()), "", ""]
    return lambda connection: connection.sendall("\r\n".join(lines).encode() + body)


def dripping(first: bytes, each: bytes) -> Callable[[socket.socket], None]:
    def drip(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            time.sleep(0.05)
            connection.sendall(each)

    return drip


def silent(connection: socket.socket) -> None:
    connection.recv(1)  # until the other side hangs up


def test_a_key_set_is_fetched() -> None:
    with serving(reply(BODY)) as url:
        assert load_key_set(url).keys == (ADA,)


def test_a_chunked_one_is_too() -> None:
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
    with serving(reply(chunked, Transfer_Encoding="chunked")) as url:
        assert load_key_set(url).keys == (ADA,)


@pytest.mark.parametrize(
    "answer",
    [
        silent,
        dripping(b"", b"H"),
        dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["silence", "status", "headers", "body", "chunks", "continue"],
)
def test_a_server_that_drips_gets_no_more_time_than_one_that_is_silent(answer: Callable[[socket.socket], None]) -> None:
    with serving(answer) as url:
        started = time.monotonic()
        with pytest.raises(KeySetUnreachableError) as caught:
            fetch(url, 1000, seconds=0.6)
        assert time.monotonic() - started < 1.5
    assert caught.value.exit_code == 4
    still = [thread for thread in threading.enumerate() if thread.name == "key set"]
    for thread in still:
        thread.join(2)
    assert not any(thread.is_alive() for thread in still), "what was abandoned ends by itself"


@pytest.mark.parametrize("head", ["", "Content-Length: 99999999999\r\n"])
def test_a_huge_answer_is_not_read_to_its_end(head: str) -> None:
    start = f"HTTP/1.1 200 OK\r\n{head}\r\n".encode()
    with (
        serving(dripping(start + b"a" * 300_000, b"a" * 300_000)) as url,
        pytest.raises(KeyMaterialError, match="sends more than 256 KiB"),
    ):
        load_key_set(url)


def test_nothing_compressed_is_accepted_so_that_nothing_can_swell() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    with serving(reply(bomb, Content_Encoding="gzip")) as url, pytest.raises(KeyMaterialError, match="compressed"):
        load_key_set(url)


def test_a_redirect_on_the_same_host_is_followed() -> None:
    first = iter([reply(status="302 Found", Location="/moved"), reply(BODY)])
    with serving(lambda connection: next(first)(connection)) as url:
        assert load_key_set(url).keys == (ADA,)


@pytest.mark.parametrize(
    "place", ["http://127.0.0.1:1/keys", "//127.0.0.2/keys", "https://keys.example/", "file:///etc/passwd"]
)
def test_a_redirect_to_another_host_is_not_followed(place: str) -> None:
    with (
        serving(reply(status="307 Temporary Redirect", Location=place)) as url,
        pytest.raises(KeyMaterialError, match="redirects to another host"),
    ):
        load_key_set(url)


def test_redirects_in_a_circle_end() -> None:
    with (
        serving(reply(status="301 Moved Permanently", Location="/keys.jwks.json")) as url,
        pytest.raises(KeySetUnreachableError, match="in a circle"),
    ):
        load_key_set(url)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reply(status="404 Not Found"), "answers 404"),
        (reply(status="500 Oh"), "answers 500"),
        (reply(status="204 No Content"), "answers 204"),
        (reply(b"<html>", Content_Type="text/html"), "is not a JWK set"),
        (reply(BODY[:-20], Content_Length=str(len(BODY))), "hangs up in the middle"),
        (lambda connection: connection.sendall(b"SSH-2.0-nothing\r\n"), "does not give the key set"),
        (lambda connection: None, "does not give the key set"),
    ],
)
def test_what_is_no_key_set_is_refused(answer: Callable[[socket.socket], None], said: str) -> None:
    with serving(answer) as url, pytest.raises(KeyMaterialError, match=said):
        load_key_set(url)


def test_nobody_there_is_told() -> None:
    with pytest.raises(KeySetUnreachableError, match="Connection refused"):
        load_key_set("http://127.0.0.1:1/keys")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://keys.example/jwks.json", "without TLS"),
        ("http://127.0.0.1.example/jwks.json", "without TLS"),
        ("http://10.0.0.1/jwks.json", "without TLS"),
        ("https:///jwks.json", "names no host"),
        ("https://ada:secret@keys.example/", "has a user name"),
        ("https://keys.example:port/", "is not a URL"),
        ("https://keys.example/a b", "is not a URL"),
        ("https://keys.example/a\r\nX: y", "is not a URL"),
    ],
)
def test_an_address_that_cannot_be_trusted_is_never_contacted(url: str, said: str) -> None:
    with pytest.raises(KeyMaterialError, match=said) as caught:
        load_key_set(url)
    assert "secret" not in caught.value.message


@pytest.fixture
def behind_tls(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A key set behind https://, and the file of the authority that vouches for its server."""
    pair = self_signed("keys", server=True)
    (tmp_path / "ca.pem").write_text(pair.certificate)
    (tmp_path / "both.pem").write_text(pair.certificate + pair.key)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "both.pem")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(BODY)

        def log_message(self, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_address[1]}/keys.jwks.json", tmp_path / "ca.pem"
        server.shutdown()


def test_a_key_set_behind_tls_is_fetched_where_somebody_vouches_for_the_server(
    behind_tls: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, authority = behind_tls
    with pytest.raises(KeySetUnreachableError, match="CERTIFICATE_VERIFY_FAILED"):
        load_key_set(url)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    assert load_key_set(url).keys == (ADA,)


def test_a_handshake_that_never_ends_gets_no_more_time() -> None:
    with serving(dripping(b"\x16\x03\x03\x40\x00", b"\x02")) as url:
        started = time.monotonic()
        with pytest.raises(KeySetUnreachableError):
            fetch(url.replace("http://", "https://"), 1000, seconds=0.6)
        assert time.monotonic() - started < 1.5


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(reply(BODY)) as url:
        assert load_key_set(url).keys == (ADA,)
