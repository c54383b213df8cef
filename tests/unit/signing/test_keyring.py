"""The private key that signs: where it may come from, and every way in which it is not one."""

from __future__ import annotations

import io
import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from certify.errors import KeyMaterialError
from certify.signing.algorithms import PrivateKey
from certify.signing.key_directory import KeyDirectory, Purpose
from certify.signing.key_set import Use
from certify.signing.keyring import MAX_BYTES, SigningKey, load_signing_key

ED25519 = ed25519.Ed25519PrivateKey.generate()
P256 = ec.generate_private_key(ec.SECP256R1())
PURPOSE = Purpose("Ada Byron", (Use.CERTIFICATE,))


def pem(key: object, format: PrivateFormat = PrivateFormat.PKCS8, password: bytes = b"") -> bytes:
    lock = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, format, lock)  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def kept(tmp_path: Path) -> Callable[..., str]:
    def keep(data: bytes, mode: int = 0o600, folder: str = ".") -> str:
        file = tmp_path / folder / "key.pem"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        file.chmod(mode)
        return str(file)

    return keep


def refused(reference: str) -> KeyMaterialError:
    with pytest.raises(KeyMaterialError) as caught:
        load_signing_key(reference)
    assert caught.value.exit_code == 2
    return caught.value


@pytest.mark.parametrize(
    ("key", "format", "alg"),
    [
        (ED25519, PrivateFormat.PKCS8, "EdDSA"),
        (P256, PrivateFormat.PKCS8, "ES256"),
        (P256, PrivateFormat.TraditionalOpenSSL, "ES256"),
    ],
)
def test_a_key_comes_from_a_file_or_a_variable(
    kept: Callable[..., str], monkeypatch: pytest.MonkeyPatch, key: PrivateKey, format: PrivateFormat, alg: str
) -> None:
    monkeypatch.setenv("SIGNING_KEY", "\n" + pem(key, format).decode())
    loaded = [load_signing_key(reference) for reference in (kept(pem(key, format)), "env:SIGNING_KEY")]
    assert [one.alg for one in loaded] == [alg, alg]
    assert loaded[0].kid == loaded[1].kid
    assert loaded[0].owner == ""


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o666, 0o777])
def test_a_file_that_others_may_use_is_refused(kept: Callable[..., str], mode: int) -> None:
    file = kept(pem(ED25519), mode)
    refusal = refused(file)
    assert f"mode {mode:04o}" in refusal.message
    assert refusal.advice[0] == f"chmod 600 {file}"


def test_a_file_that_its_owner_may_only_read_is_fine(kept: Callable[..., str]) -> None:
    assert load_signing_key(kept(pem(ED25519), 0o400)).alg == "EdDSA"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pem(ED25519, password=b"x"), "is encrypted"),
        (pem(P256, PrivateFormat.TraditionalOpenSSL, b"x"), "is encrypted"),
        (ED25519.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), "is a public key"),
        (b"-----BEGIN CERTIFICATE-----\n", "is an X.509 certificate"),
        (pem(ED25519, PrivateFormat.OpenSSH), "in the form of OpenSSH"),
        (b'{"kty": "OKP", "d": "x"}', "is a JWK"),
        (pem(rsa.generate_private_key(65537, 2048)), "of another type (RSA)"),
        (pem(ed448.Ed448PrivateKey.generate()), "of another type (Ed448)"),
        (pem(ec.generate_private_key(ec.SECP384R1())), "of another type (EC, secp384r1)"),
        (pem(ED25519)[:-40], "cannot be read whole"),
        (b"", "has no line -----BEGIN"),
        (bytes(range(256)), "has no line -----BEGIN"),
        (b"a" * (MAX_BYTES + 1), "is larger than 16 KiB"),
    ],
)
def test_what_is_no_private_key_for_signing_is_told_apart(kept: Callable[..., str], data: bytes, said: str) -> None:
    refusal = refused(kept(data))
    assert said in refusal.message
    assert refusal.advice


def test_files_that_are_not_there_or_not_files_are_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "there is no key file" in refused(str(tmp_path / "nothing")).message
    assert "is not a file" in refused(str(tmp_path)).message
    assert "is not a file" in refused(str(tmp_path / "pipe")).message


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "'SIGNING_KEY' is not set"),
        ("  \n", "'SIGNING_KEY' is empty"),
        (pem(ED25519).decode().replace("\n", "\\n"), "a backslash and an n"),
        ("/home/ada/key.pem", "env:SIGNING_KEY is not a private key in PEM"),
    ],
)
def test_a_variable_without_a_key_is_told(monkeypatch: pytest.MonkeyPatch, value: str | None, said: str) -> None:
    monkeypatch.delenv("SIGNING_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("SIGNING_KEY", value)
    assert said in refused("env:SIGNING_KEY").message


def test_a_key_given_as_an_option_is_refused_and_not_repeated() -> None:
    for reference in (pem(ED25519).decode(), "env:" + pem(ED25519).decode(), '{"kty": "OKP", "d": "c2VjcmV0"}'):
        refusal = refused(reference)
        assert "the key itself was given" in refusal.message
        assert not any(line in str(refusal) for line in reference.splitlines() if line)


@pytest.mark.parametrize("folder", ["run", "run/keys", "run/allure-results/deep"])
def test_a_key_in_a_run_directory_is_refused(kept: Callable[..., str], tmp_path: Path, folder: str) -> None:
    file = kept(pem(ED25519), folder=folder)
    (tmp_path / "run" / "run.json").write_text("{}")
    assert "lies in the run directory" in refused(file).message


def test_a_key_behind_a_link_out_of_or_into_a_run_directory_is_refused(
    kept: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text("{}")
    inside = Path(kept(pem(ED25519), folder="run"))
    (tmp_path / "link.pem").symlink_to(inside)
    assert "lies in the run directory" in refused(str(tmp_path / "link.pem")).message


def test_the_key_set_beside_a_key_says_whose_it_is(tmp_path: Path) -> None:
    made = KeyDirectory(tmp_path / "keys").new(PURPOSE, time.time())
    assert load_signing_key(str(made.file)).owner == "Ada Byron"


def test_a_retired_or_revoked_key_is_not_signed_with(tmp_path: Path) -> None:
    keys = KeyDirectory(tmp_path / "keys")
    one, other, third = (keys.new(PURPOSE, time.time()) for _ in range(3))
    keys.retire(one.key.kid, time.time())
    keys.revoke(other.key.kid, time.time())
    keys.rotate(third.key.kid, time.time(), overlap=3600)
    assert "is retired" in refused(str(one.file)).message
    assert "was revoked" in refused(str(other.file)).message
    assert load_signing_key(str(third.file)).kid == third.key.kid, "it signs until its overlap ends"


def test_nothing_of_a_private_key_shows_in_a_traceback(kept: Callable[..., str]) -> None:
    secret = pem(ED25519).splitlines()[1].decode()
    file = kept(pem(ED25519)[:-40])
    out = io.StringIO()
    try:
        load_signing_key(file)
    except KeyMaterialError:
        traceback.print_exc(file=out)
    key = load_signing_key(kept(pem(ED25519)))
    assert "KeyMaterialError" in out.getvalue()
    assert secret not in out.getvalue() + repr(key) + str(key)
    assert isinstance(key, SigningKey)
