"""A profile reaches no key that signs, in whatever form it asks for it, and brings no code where that is forbidden."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certify.errors import ProfileError
from certify.model.partner import SecretRef
from certify.program import withheld
from certify.program.partner import load_partner
from certify.program.secrets import resolve, unavailable
from certify.program.withheld import withhold
from certify.signing.keyring import load_signing_key
from certify.sources.child import sealed_environment
from tests.unit.program.conftest import PROFILE


def a_private_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


SIGNERS = a_private_key()
PARTNERS = a_private_key()


@pytest.fixture
def signer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A key file that signs this process's run, withheld from profiles."""
    monkeypatch.setattr(withheld, "_HELD", [])
    file = tmp_path / "key.pem"
    file.write_text(SIGNERS)
    file.chmod(0o600)
    withhold(str(file), load_signing_key(str(file)).kid)
    return file


def refused(ref: SecretRef, base: Path) -> str:
    """The message of the refusal, which the look before anything is sent and the fetching give alike."""
    with pytest.raises(ProfileError) as caught:
        resolve(ref, base)
    [problem] = caught.value.problems
    assert (problem.file, problem.line) == (ref.file, ref.line)
    assert "PRIVATE KEY-----\n" not in f"{caught.value} {problem}"
    assert ref.kind == "command" or unavailable(ref, base)[0] == problem.message
    return problem.message


def test_the_variable_of_the_signing_key_is_gone_before_a_profile_is_read(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(withheld, "_HELD", [])
    monkeypatch.setenv("THE_KEY", SIGNERS)
    ref = SecretRef("env", "THE_KEY", "partner.yaml", 7)
    withhold("env:THE_KEY", load_signing_key("env:THE_KEY").kid)

    assert "THE_KEY" not in os.environ
    assert "THE_KEY" not in sealed_environment([ref])
    assert "holds the key that signs this run" in refused(ref, tmp_path)


@pytest.mark.parametrize("signs", [True, False])
def test_the_file_of_the_signing_key_is_refused_under_each_of_its_names(signer: Path, tmp_path: Path, signs) -> None:
    (tmp_path / "link").symlink_to(signer)
    (tmp_path / "hard").hardlink_to(signer)

    for name in ("key.pem", "link", "hard", str(signer)):
        assert "is the key that signs" in refused(SecretRef("file", name, "partner.yaml", 7, signs), tmp_path)


def test_nothing_in_a_directory_of_signing_keys_is_a_secret_of_a_partner(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "keys.jwks.json").write_text("{}")
    (keys / "other.pem").write_text(PARTNERS)
    (tmp_path / "link").symlink_to(keys / "other.pem")

    for name in ("keys/other.pem", "link"):
        message = refused(SecretRef("file", name, "partner.yaml", 7, signs=True), tmp_path)
        assert "lies in a directory of signing keys" in message


def test_the_environment_that_the_kernel_remembers_is_no_secret_file(tmp_path: Path) -> None:
    for name in ("/proc/self/environ", f"/proc/{os.getppid()}/environ"):
        assert "what the kernel tells of a process" in refused(SecretRef("file", name, "partner.yaml", 7), tmp_path)


def test_a_private_key_is_never_what_is_sent_and_the_partners_own_may_sign(monkeypatch, signer, tmp_path) -> None:
    monkeypatch.setenv("PARTNERS", PARTNERS)
    (tmp_path / "own.pem").write_text(PARTNERS)
    references = [("env", "PARTNERS"), ("file", "own.pem"), ("command", ("cat", "own.pem"))]

    for kind, value in references:
        assert "is a private key, and this member is sent" in refused(
            SecretRef(kind, value, "partner.yaml", 7), tmp_path
        )
        assert resolve(SecretRef(kind, value, signs=True), tmp_path) == PARTNERS.rstrip("\n")


def test_a_copy_of_the_signing_key_signs_nothing_for_a_partner(monkeypatch, signer, tmp_path) -> None:
    (tmp_path / "copy.pem").write_text(f"harmless text before it\n{SIGNERS}")

    for kind, value in [("file", "copy.pem"), ("command", ("cat", "copy.pem"))]:
        message = refused(SecretRef(kind, value, "partner.yaml", 7, signs=True), tmp_path)
        assert "is the key that signs this run" in message


def test_commands_can_be_forbidden_for_profiles_of_strangers(monkeypatch, tmp_path) -> None:
    ref = SecretRef("command", ("touch", "ran"), "partner.yaml", 7)
    monkeypatch.setenv("CERTIFY_NO_COMMANDS", "1")

    assert "a secret from a command is refused here" in refused(ref, tmp_path)
    assert "refused here" in unavailable(ref, tmp_path)[0]
    assert not (tmp_path / "ran").exists()
    monkeypatch.setenv("CERTIFY_NO_COMMANDS", "0")
    with pytest.raises(ProfileError, match="is empty"):
        resolve(ref, tmp_path)
    assert (tmp_path / "ran").exists()


def test_a_profile_knows_which_of_its_secrets_are_sent_and_which_sign(write) -> None:
    more = "client_secret: {file: acme.secret}\n    private_key: {file: acme.secret}"
    secrets = load_partner(write(PROFILE, "client_secret: {file: acme.secret}", more)).identities["primary"].secrets

    assert {name: ref.signs for name, ref in secrets.items()} == {"client_secret": False, "private_key": True}


def test_a_reference_to_the_signing_key_is_told_with_the_line_of_the_profile(signer: Path, write) -> None:
    with pytest.raises(ProfileError) as caught:
        load_partner(write(PROFILE, "{file: acme.secret}", "{file: key.pem}"))
    [problem] = caught.value.problems

    assert problem.line == 12
    assert "is the key that signs this run" in problem.message
    assert problem.advice == "give the partner secrets and keys of its own"
