"""Who may sign: a key is refused when it is used, not months later at a gate."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certify.certificate.signatory import Signatory, signatory
from certify.errors import KeyMaterialError
from certify.model.certificate import Provenance
from certify.signing.key_set import TrustedKey, Use, as_jwks
from certify.signing.keyring import SigningKey
from tests.unit.signing.people import person


def kept(folder: Path, key: SigningKey, *known: TrustedKey) -> str:
    """The key in a file of its owner, and the key set beside it."""
    file = folder / "key.pem"
    file.write_bytes(key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    file.chmod(0o600)
    if known:
        (folder / "keys.jwks.json").write_text(json.dumps(as_jwks(known)))
    return str(file)


def test_it_signs_under_its_owners_name_or_the_one_that_is_given(tmp_path: Path) -> None:
    place = kept(tmp_path, *person("Ada Byron", Use.CERTIFICATE))
    assert signatory(place, Use.CERTIFICATE).name == "Ada Byron"
    assert signatory(place, Use.CERTIFICATE, issuer="Integration desk").name == "Integration desk"


def test_a_key_of_which_nothing_is_known_signs_under_its_own_name(tmp_path: Path) -> None:
    key, _ = person("Ada Byron", Use.CERTIFICATE)
    found = signatory(kept(tmp_path, key), Use.CERTIFICATE)
    assert (found.name, found.known, found.gated) == (f"key {key.kid[:12]}", None, False)


@pytest.mark.parametrize("provenance", Provenance)
def test_a_key_that_is_named_for_gated_runs_is_known_as_that(tmp_path: Path, provenance: Provenance) -> None:
    place = kept(tmp_path, *person("ci", Use.CERTIFICATE, provenance=provenance))
    assert signatory(place, Use.CERTIFICATE).gated is (provenance is Provenance.GATED)


def test_a_key_from_the_environment_is_known_by_the_set_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = kept(tmp_path, *person("ci", Use.CERTIFICATE))
    monkeypatch.setenv("CI_KEY", Path(place).read_text())
    assert signatory("env:CI_KEY", Use.CERTIFICATE).known is None
    assert signatory("env:CI_KEY", Use.CERTIFICATE, jwks=str(tmp_path / "keys.jwks.json")).name == "ci"


def test_a_key_that_may_not_sign_this_is_refused(tmp_path: Path) -> None:
    place = kept(tmp_path, *person("Ada Byron", Use.APPROVAL))
    with pytest.raises(KeyMaterialError, match="may sign approvals, and no certificate"):
        signatory(place, Use.CERTIFICATE)
    assert isinstance(signatory(place, Use.APPROVAL), Signatory)


@pytest.mark.parametrize("status", ["retired", "revoked"])
def test_a_key_that_the_named_set_holds_no_longer_for_active_is_refused(tmp_path: Path, status: str) -> None:
    key, trusted = person("ci", Use.CERTIFICATE)
    place, published = kept(tmp_path, key, trusted), tmp_path / "published.json"
    published.write_text(json.dumps(as_jwks([replace(trusted, status=status, retired=time.time() - 60)])))  # type: ignore[arg-type]
    with pytest.raises(KeyMaterialError, match=f"is {status} in"):
        signatory(place, Use.CERTIFICATE, jwks=str(published))


def test_a_key_that_retires_tomorrow_signs_today(tmp_path: Path) -> None:
    key, trusted = person("ci", Use.CERTIFICATE, status="retired", retired=time.time() + 86_400)
    assert signatory(kept(tmp_path, key, trusted), Use.CERTIFICATE).name == "ci"


def test_a_key_that_the_named_set_does_not_hold_is_refused(tmp_path: Path) -> None:
    key, trusted = person("ci", Use.CERTIFICATE)
    published = tmp_path / "published.json"
    published.write_text(json.dumps(as_jwks([person("another", Use.CERTIFICATE)[1]])))
    with pytest.raises(KeyMaterialError, match="does not hold key"):
        signatory(kept(tmp_path, key, trusted), Use.CERTIFICATE, jwks=str(published))
