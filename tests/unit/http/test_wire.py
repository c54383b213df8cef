"""The one way to the wire: bounded, guarded, paced and recorded."""

import gzip
import json
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from certify.budget import Meter
from certify.errors import ProfileError
from certify.http import connections
from certify.http import wire as wire_module
from certify.http.call import Call
from certify.http.credentials import Credentials
from certify.http.decoding import UndecodableError, decoded
from certify.http.guard import Guard
from certify.http.pacing import Pacer
from certify.http.recorder import Recorder
from certify.http.redaction import MARK, Redactor
from certify.http.wire import TransportError, Wire
from certify.model.partner import Partner, SignIn
from tests.unit.http.loopback import Asked, Loopback, Told, loopback


def open_wire(url: str, folder: Path | None = None, **headers: str) -> Wire:
    partner = Partner("p", "P", url, SignIn("none"), {})
    return Wire(
        url,
        Guard(partner),
        Pacer(Meter.alone()),
        Recorder(folder, "s", Redactor()),
        "run-1",
        headers,
        deadline=wire_module.DEADLINE,
    )


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback(Told()) as running:
        yield running


def recorded(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "exchanges.ndjson").read_text().splitlines()]


def test_a_call_goes_out_as_it_was_prepared(server: Loopback) -> None:
    call = Call("POST", "/a%2Fb", query=(("q", "ä b"), ("q", "2")), body={"é": 1}).with_header("X-One", "1")

    reply = open_wire(server.url + "/base").send(call, {"Authorization": "Bearer t"})

    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/base/a%2Fb?q=%C3%A4+b&q=2")
    assert json.loads(asked.body) == {"é": 1}
    assert (asked.headers["x-one"], asked.headers["authorization"]) == ("1", "Bearer t")
    assert reply.ok


def test_each_request_names_its_run_and_the_profiles_headers(server: Loopback) -> None:
    open_wire(server.url, **{"X-Tenant": "acme"}).send(Call("GET", "/"), {})

    assert server.asked[0].headers["certify-run"] == "run-1"
    assert server.asked[0].headers["x-tenant"] == "acme"


def test_an_exchange_is_recorded_without_its_secrets(server: Loopback, tmp_path: Path) -> None:
    open_wire(server.url, tmp_path).send(
        Call("GET", "/", "getThing"), {"Authorization": "Bearer opaque"}, identity="primary"
    )

    (exchange,) = recorded(tmp_path)
    assert exchange["operation"] == "getThing"
    assert ["authorization", f"Bearer {MARK}"] in exchange["request"]["headers"]  # type: ignore[index]
    assert exchange["response"]["status"] == 200  # type: ignore[index]


def test_no_answer_is_recorded_too(tmp_path: Path) -> None:
    with pytest.raises(TransportError) as caught:
        open_wire("http://127.0.0.1:1", tmp_path).send(Call("GET", "/"), {})

    (exchange,) = recorded(tmp_path)
    assert exchange["id"] == caught.value.exchange
    assert "ConnectError" in str(exchange["error"])


def test_a_host_that_the_profile_does_not_name_is_not_contacted(server: Loopback) -> None:
    wire = open_wire("http://127.0.0.1:1")

    with pytest.raises(ProfileError):
        wire.send(Call("GET", server.url + "/elsewhere"), {})

    assert server.asked == []


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with loopback(Told(302, {"Location": "/login"})) as server:
        reply = open_wire(server.url).send(Call("GET", "/"), {})

    assert reply.status == 302
    assert len(server.asked) == 1


def test_a_cookie_that_was_set_does_not_sign_in_the_next_call() -> None:
    with loopback(Told(200, {"Set-Cookie": "session=abc; Path=/"})) as server:
        wire = open_wire(server.url)
        wire.send(Call("GET", "/"), {})
        wire.send(Call("GET", "/"), {})

    assert "cookie" not in server.asked[1].headers


def test_a_body_without_end_is_cut_and_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_module, "BODY_LIMIT", 1_000)
    with loopback(Told(body=b"x" * 100_000)) as server:
        reply = open_wire(server.url, tmp_path).send(Call("GET", "/"), {})

    assert len(reply.content) == 1_000
    assert recorded(tmp_path)[0]["response"]["truncated"] is True  # type: ignore[index]


def test_ambient_proxies_are_ignored(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    assert open_wire(server.url).send(Call("GET", "/"), {}).ok


def test_a_fresh_call_has_a_connection_of_its_own(server: Loopback) -> None:
    wire = open_wire(server.url)

    replies = [wire.send(Call("GET", "/"), {}, fresh=True) for _ in range(2)]

    assert all(reply.ok for reply in replies)


def test_text_that_is_no_json_is_still_an_answer() -> None:
    def answer(asked: Asked) -> Told:
        return Told(404, {"Content-Type": "Text/HTML; charset=x"}, b"<h1>\xff</h1>")

    with loopback(answer) as server:
        reply = open_wire(server.url).send(Call("GET", "/"), {})

    assert (reply.media_type, reply.text) == ("text/html", "<h1>�</h1>")


def raw_deflate(text: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(text) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"plain")),
        ("X-GZip", gzip.compress(b"plain")),
        ("deflate", zlib.compress(b"plain")),
        ("deflate", raw_deflate(b"plain")),
        ("identity", b"plain"),
        ("gzip", gzip.compress(b"pl") + gzip.compress(b"ain")),
        ("gzip", gzip.compress(b"plain") + b"\0" * 512),
    ],
)
def test_an_encoding_that_was_asked_for_is_undone(encoding: str, body: bytes) -> None:
    with loopback(Told(200, {"Content-Encoding": encoding}, body)) as server:
        reply = open_wire(server.url).send(Call("GET", "/"), {})

    assert server.asked[0].headers["accept-encoding"] == "gzip, deflate"
    assert reply.text == "plain"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip, gzip", gzip.compress(gzip.compress(b"plain"))), ("br", b"plain"), ("gzip", b"plain")],
)
def test_an_encoding_that_was_not_asked_for_is_a_transport_error(encoding: str, body: bytes, tmp_path: Path) -> None:
    with loopback(Told(200, {"Content-Encoding": encoding}, body)) as server:
        wire = open_wire(server.url, tmp_path)
        with pytest.raises(TransportError, match="Content-Encoding"):
            wire.send(Call("GET", "/"), {})

    assert "Content-Encoding" in str(recorded(tmp_path)[0]["error"])


@pytest.mark.parametrize("step", [1, 2, 7, 10_000])
def test_members_of_gzip_belong_together_however_they_are_cut(step: int) -> None:
    body = b"".join(gzip.compress(part) for part in (b"one ", b"", b"two ", b"three")) + b"\0\0\0"
    chunks = [body[at : at + step] for at in range(0, len(body), step)]

    assert decoded(chunks, "gzip", 1_000) == b"one two three"
    assert decoded(chunks, "gzip", 5) == b"one tw"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"plain" * 9)[:-9]),
        ("gzip", gzip.compress(b"one") + gzip.compress(b"two")[:-1]),
        ("deflate", zlib.compress(b"plain")[:-1]),
    ],
)
def test_a_body_that_ends_in_the_middle_is_no_body(encoding: str, body: bytes) -> None:
    with pytest.raises(UndecodableError, match="ends in the middle"):
        decoded([body], encoding, 1_000)


def test_an_encoding_without_a_body_does_no_harm() -> None:
    with loopback(Told(204, {"Content-Encoding": "br"}, b"")) as server:
        assert open_wire(server.url).send(Call("GET", "/"), {}).status == 204


def test_no_more_is_unpacked_than_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_module, "BODY_LIMIT", 1_000)
    unpacked: list[int] = []
    monkeypatch.setattr(connections, "decoded", lambda *given: unpacked.append(len(body := decoded(*given))) or body)
    with loopback(Told(200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 10_000_000))) as server:
        reply = open_wire(server.url).send(Call("GET", "/"), {})

    assert (len(reply.content), unpacked) == (1_000, [1_001])


@contextmanager
def dripping(start: bytes) -> Iterator[str]:
    """A server that never finishes: a byte every few milliseconds."""
    listener, done = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve() -> None:
        client, _ = listener.accept()
        with client:
            client.recv(65_536)
            client.sendall(start)
            while not done.wait(0.02):
                try:
                    client.sendall(b"a")
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        done.set()
        thread.join(5)
        listener.close()


@pytest.mark.parametrize(
    "start", [b"", b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"]
)
@pytest.mark.parametrize("fresh", [True, False])
def test_an_answer_that_drips_ends_at_the_deadline(
    start: bytes, fresh: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire_module, "DEADLINE", 0.3)
    started = time.perf_counter()

    with dripping(start) as url, pytest.raises(TransportError, match=r"not complete after 0\.3 seconds"):
        open_wire(url, tmp_path).send(Call("GET", "/"), {}, fresh=fresh)

    assert time.perf_counter() - started < 2
    assert "ReadTimeout" in str(recorded(tmp_path)[0]["error"])


def test_a_deadline_ends_with_its_exchange(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_module, "DEADLINE", 0.2)
    wire = open_wire(server.url)

    for _ in range(3):
        assert wire.send(Call("GET", "/"), {}).ok
        time.sleep(0.1)


@pytest.mark.parametrize("value", ["TEST-ONLY-key ", " TEST-ONLY-key", "TEST-ONLY\r\nX-Evil: 1", "TEST-ONLY\0"])
def test_a_credential_of_the_profile_that_no_header_may_hold_is_refused_and_never_quoted(
    server: Loopback, value: str, tmp_path: Path
) -> None:
    with pytest.raises(ProfileError, match="header 'X-Key' cannot be sent") as caught:
        open_wire(server.url, tmp_path).send(Call("GET", "/"), Credentials({"X-Key": value}, whose="primary"))

    assert "TEST-ONLY" not in caught.value.message + " ".join(caught.value.advice)
    assert "'primary'" in caught.value.advice[0]
    assert server.asked == []


def test_a_header_that_a_check_spoiled_is_an_exchange_without_an_answer(server: Loopback, tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="header 'x-key' holds what no header may hold") as caught:
        open_wire(server.url, tmp_path).send(Call("GET", "/"), {"X-Key": "TEST-ONLY "})

    assert "TEST-ONLY" not in str(caught.value)
    assert recorded(tmp_path)[0]["id"] == caught.value.exchange


def test_a_header_beyond_ascii_goes_out_as_utf_8(server: Loopback) -> None:
    open_wire(server.url).send(Call("GET", "/").with_header("X-Name", "Zoë"), {})

    assert server.asked[0].headers["x-name"].encode("iso-8859-1").decode() == "Zoë"


@pytest.mark.parametrize(("method", "host"), [("PÖST", "127.0.0.1"), ("GET", f"{'a' * 64}.example")])
def test_what_cannot_be_written_as_http_is_a_transport_error(tmp_path: Path, method: str, host: str) -> None:
    with pytest.raises(TransportError, match="cannot be written as HTTP"):
        open_wire(f"http://{host}:9", tmp_path).send(Call(method, "/"), {})


def test_an_error_that_quotes_what_the_partner_answered_is_redacted(tmp_path: Path) -> None:
    broken = b"HTTP/1.1 200 OK\r\nX-Echo: TEST-ONLY-echoed\x00\r\n\r\n"
    with saying(broken) as url:
        wire = open_wire(url, tmp_path)
        wire.redactor.learn("TEST-ONLY-echoed")
        with pytest.raises(TransportError) as caught:
            wire.send(Call("GET", "/"), {})

    assert MARK in str(caught.value)
    assert "TEST-ONLY" not in str(caught.value)


@contextmanager
def saying(answer: bytes) -> Iterator[str]:
    """A server that says this once, whatever it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answers() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        threading.Thread(target=answers, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    "path",
    ["http://127.0.0.1:99999/next", "http://[/next", "http://127.0.0.1:9x/next", "/a\0b", "http://a.\u00ad/next"],
)
def test_an_address_that_is_none_is_told_without_the_credential_in_its_query(server: Loopback, path: str) -> None:
    signed = Credentials({}, query=(("key", "TEST-ONLY-key"),))
    with pytest.raises((ProfileError, TransportError)) as caught:
        open_wire(server.url).send(Call("GET", path), signed)

    assert "TEST-ONLY" not in str(caught.value)
    assert server.asked == []
