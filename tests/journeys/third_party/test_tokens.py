"""A certified OpenID provider (oidc-provider), and a bearer middleware that others wrote in front of a small API.

oidc-provider is certified by the OpenID Foundation, so its token endpoint keeps RFC 6749 §5. express-oauth2-jwt-bearer
verifies RFC 9068 and RFC 6750 by its README: signature, ``exp``, ``iss``, ``aud`` and the declared algorithm alone; a
missing token is 401 with ``WWW-Authenticate: Bearer``, a missing scope 403. So everything passes, and the two options
that weaken it on purpose are found out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from certify.sandbox.places import KEYS
from tests.journeys.third_party.certified import Result, profile, run
from tests.journeys.third_party.node import contract, program
from tests.journeys.third_party.pins import OIDC
from tests.journeys.third_party.serving import free_port, serving

pytestmark = pytest.mark.slow
ISSUER = "https://issuer.platform.example"
SCOPES = ["read:notes", "write:notes"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("oidc"), free_port()
    keys = KEYS / "TEST-ONLY-platform-jwks.json"
    words = ["node", program("oidc.mjs", OIDC.installed(), folder), port, keys, ISSUER]
    with serving(words, f"http://127.0.0.1:{port}/jwks.json", folder / "log"):
        yield f"http://127.0.0.1:{port}"


def test_a_certified_provider_keeps_the_standard_of_token_endpoints(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OIDC_SECRET", "certify-test-secret")
    described = profile(
        f"{server}/api",
        contract("notes"),
        sign_in={"kind": "client_credentials", "token_url": f"{server}/oidc/token", "client_auth": "basic"},
        identities={
            "primary": {
                "client_id": "certify",
                "client_secret": {"env": "OIDC_SECRET"},
                "scopes": SCOPES,
                "tenant": "a",
            }
        },
    )
    checks = ["auth.cc-*", "auth.missing-*", "auth.challenge-present", "authz.scope-enforced"]
    said = run(tmp_path, described, checks)

    assert said.statuses() == {
        "net.control-works": "passed",
        "auth.cc-token-issued": "passed",
        "auth.cc-errors-standard": "passed",
        "auth.missing-credentials-rejected": "passed",
        "auth.challenge-present": "passed",
        "authz.scope-enforced": "passed",
    }


def by_platform_tokens(base_url: str, folder: Path, *checks: str) -> Result:
    rows = json.loads((KEYS / "TEST-ONLY-platform-jwks.json").read_text())["keys"]
    described = profile(
        base_url,
        contract("notes"),
        sign_in={"kind": "platform_tokens"},
        identities={"primary": {"tenant": "a", "subject": "one", "client_id": "certify", "scopes": SCOPES}},
        platform_tokens={
            "issuer": ISSUER,
            "audience": "https://api.example",
            "algorithms": ["RS256"],
            "keys": {"RS256": {"file": str(KEYS / "TEST-ONLY-platform-rs256.pem")}},
            "key_ids": {"RS256": next(row["kid"] for row in rows if row["alg"] == "RS256")},
            "leeway_s": 30,
            "claims": {"sub": "{subject}", "scope": "{scope}", "client_id": "{client_id}"},
        },
    )
    return run(folder, described, checks)


def test_a_verifying_middleware_refuses_every_spoiled_token_and_takes_every_lawful_one(
    server: str, tmp_path: Path
) -> None:
    said = by_platform_tokens(f"{server}/platform", tmp_path, "auth.*", "authz.scope-enforced")

    assert set(said.statuses().values()) == {"passed"}, said.statuses()
    assert len(said.outcomes) >= 10


def test_a_leeway_within_minutes_is_lawful_and_told(server: str, tmp_path: Path) -> None:
    """The option ``clockTolerance``: four minutes are within "a few" (RFC 7519 §4.1.4), and more than was declared."""
    said = by_platform_tokens(f"{server}/lenient", tmp_path, "auth.expired-token-rejected")

    assert said.status("auth.expired-token-rejected") == "passed"
    assert "one minute past the declared leeway" in said.findings("auth.expired-token-rejected", "advisory")[0]


def test_a_middleware_that_is_told_not_to_look_is_found_out(server: str, tmp_path: Path) -> None:
    """The options ``clockTolerance: 1e9`` (seconds after ``exp``) and ``validators: {aud: false}``, nothing else."""
    said = by_platform_tokens(f"{server}/careless", tmp_path, "auth.expired-*", "auth.wrong-*", "auth.bad-signature-*")

    assert set(said.failed()) == {"auth.expired-token-rejected", "auth.wrong-audience-rejected"}
