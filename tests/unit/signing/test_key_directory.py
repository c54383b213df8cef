"""A folder of keys: what is written, for whose eyes, and what becomes of old keys."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from certify.errors import KeyMaterialError, UsageError
from certify.model.certificate import Provenance
from certify.signing.jws import Kind, sign, verify
from certify.signing.key_directory import KeyDirectory, Purpose, default_place, generated, purpose_checked
from certify.signing.key_set import Use, load_key_set
from certify.signing.keyring import load_signing_key
from certify.signing.refusal import Reason, SignatureRefused

NOW = 1_700_000_000.0
PURPOSE = Purpose("CI", (Use.CERTIFICATE,), (), Provenance.GATED)


@pytest.fixture
def keys(tmp_path: Path) -> KeyDirectory:
    return KeyDirectory(tmp_path / "of" / "ada")


@pytest.mark.parametrize("alg", ["EdDSA", "ES256"])
def test_a_new_key_signs_what_its_key_set_verifies(keys: KeyDirectory, alg: str) -> None:
    made = keys.new(Purpose("CI", (Use.CERTIFICATE,), alg=alg), NOW)
    claims = {"aud": "certify", "iat": NOW}
    token = sign(claims, load_signing_key(str(made.file)), Kind.CERTIFICATE).encode()
    trusted = load_key_set(str(keys.key_set))
    assert verify(token, trusted, Kind.CERTIFICATE, Use.CERTIFICATE, now=NOW).key == made.key
    assert (made.key.alg, made.key.created) == (alg, NOW)


def test_only_its_owner_can_read_a_private_key_and_everybody_the_public_ones(keys: KeyDirectory) -> None:
    made = keys.new(PURPOSE, NOW)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (keys.place, made.file, keys.key_set)]
    assert modes == [0o700, 0o600, 0o644]
    assert sorted(path.name for path in keys.place.iterdir()) == [made.file.name, "keys.jwks.json"]
    assert b"PRIVATE" in made.file.read_bytes()
    assert '"d"' not in keys.key_set.read_text()


def test_the_name_of_a_key_never_looks_like_an_option() -> None:
    assert all(generated("EdDSA")[1][0].isalnum() for _ in range(500))


def test_two_at_once_lose_nothing(keys: KeyDirectory) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: KeyDirectory(keys.place).new(PURPOSE, NOW).key.kid, range(24)))
    assert {key.kid for key in keys.all()} == set(made)


def test_a_rotated_key_has_a_successor_for_the_same_purpose(keys: KeyDirectory) -> None:
    first = keys.new(PURPOSE, NOW)
    old, made = keys.rotate("", NOW + 100)
    assert (old.kid, old.status, old.retired) == (first.key.kid, "retired", NOW + 100)
    assert (made.key.owner, made.key.uses, made.key.provenance, made.key.status) == (
        "CI",
        (Use.CERTIFICATE,),
        "gated",
        "active",
    )
    assert keys.all() == (old, made.key)
    assert first.file.exists(), "what becomes of the old private half is its owner's decision"


def test_what_was_signed_before_a_rotation_still_verifies_and_nothing_after(keys: KeyDirectory) -> None:
    made = keys.new(PURPOSE, NOW)
    key = load_signing_key(str(made.file))
    tokens = [sign({"aud": "certify", "iat": at}, key, Kind.CERTIFICATE).encode() for at in (NOW + 10, NOW + 500)]
    keys.rotate("", NOW + 100)
    trusted = load_key_set(str(keys.key_set))
    assert verify(tokens[0], trusted, Kind.CERTIFICATE, Use.CERTIFICATE, now=NOW + 1000)
    with pytest.raises(SignatureRefused) as caught:
        verify(tokens[1], trusted, Kind.CERTIFICATE, Use.CERTIFICATE, now=NOW + 1000)
    assert caught.value.reason is Reason.RETIRED_KEY


def test_which_of_several_keys_is_meant_has_to_be_said(keys: KeyDirectory) -> None:
    one, other = keys.new(PURPOSE, NOW), keys.new(PURPOSE, NOW)
    with pytest.raises(KeyMaterialError, match="has 2 active keys") as caught:
        keys.rotate("", NOW)
    assert one.key.short in caught.value.advice[0]
    assert keys.rotate(other.key.kid[:8], NOW)[0].kid == other.key.kid


@pytest.mark.parametrize("kid", ["nobody", "", "\x1b[31m"])
def test_a_key_that_is_not_there_is_told_with_those_that_are(keys: KeyDirectory, kid: str) -> None:
    made = keys.new(PURPOSE, NOW)
    with pytest.raises(KeyMaterialError, match="no key whose name begins") as caught:
        keys.revoke(kid, NOW)
    assert f"{made.key.short} (CI)" in caught.value.advice[0]


def test_a_key_retires_once_and_can_be_revoked_after(keys: KeyDirectory) -> None:
    made = keys.new(PURPOSE, NOW)
    assert keys.retire(made.key.kid, NOW).status == "retired"
    with pytest.raises(KeyMaterialError, match="is retired already"):
        keys.retire(made.key.kid, NOW)
    assert keys.revoke(made.key.kid, NOW).status == "revoked"
    with pytest.raises(KeyMaterialError, match="has 0 active keys"):
        keys.rotate("", NOW)


def test_no_key_is_written_into_a_run_directory(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(KeyMaterialError, match="lies in the run directory"):
        KeyDirectory(tmp_path / "keys").new(PURPOSE, NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_a_folder_into_which_others_may_write_is_refused(keys: KeyDirectory) -> None:
    keys.place.mkdir(parents=True)
    keys.place.chmod(0o777)
    with pytest.raises(KeyMaterialError, match="others may write") as caught:
        keys.new(PURPOSE, NOW)
    assert caught.value.advice == (f"chmod 700 {keys.place}",)
    assert not list(keys.place.iterdir())


def test_a_place_that_cannot_be_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyMaterialError, match="cannot be used"):
        KeyDirectory(tmp_path / "file").new(PURPOSE, NOW)


def test_a_damaged_key_set_is_not_replaced(keys: KeyDirectory) -> None:
    keys.new(PURPOSE, NOW)
    keys.key_set.write_text("{")
    with pytest.raises(KeyMaterialError, match="is not a JWK set"):
        keys.new(PURPOSE, NOW)
    assert keys.key_set.read_text() == "{"


def test_what_a_killed_command_left_does_not_hinder(keys: KeyDirectory) -> None:
    keys.new(PURPOSE, NOW)
    (keys.place / "keys.jwks.new").write_text("half")
    keys.new(PURPOSE, NOW)
    assert len(keys.all()) == 2


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        (Purpose("", (Use.CERTIFICATE,)), "--owner '' is not a name"),
        (Purpose("a\nb", (Use.CERTIFICATE,)), "--owner 'a\\nb' is not a name"),
        (Purpose("a" * 201, (Use.CERTIFICATE,)), "is not a name"),
        (Purpose("Ada", (Use.APPROVAL,), ("",)), "--role '' is not a name"),
        (Purpose("Ada", (Use.CERTIFICATE,), ("qa",)), "a role is for approving"),
        (Purpose("Ada", (Use.APPROVAL,)), "a key for approving needs the roles"),
        (Purpose("Ada", (Use.APPROVAL,), ("qa",), Provenance.GATED), "--gated is about certificates"),
    ],
)
def test_a_purpose_that_makes_no_sense_is_refused(purpose: Purpose, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        purpose_checked(purpose)
    assert said in caught.value.message


def test_keys_are_kept_where_configuration_belongs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/x")
    assert default_place() == Path("/x/certify/keys")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", "/home/ada")
    assert default_place() == Path("/home/ada/.config/certify/keys")
