"""Docker's registry (CNCF Distribution 2.8, Debian's package): read only, HTTP basic, names as items, relative links.

"Pagination" of its HTTP API: ``n`` gives the size, and the Link header the next page. "Errors": JSON with ``errors``.
Nothing may be written, so only what reads can prove is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.third_party.certified import profile, run
from tests.journeys.third_party.node import contract
from tests.journeys.third_party.pins import REGISTRY
from tests.journeys.third_party.serving import free_port, serving

pytestmark = pytest.mark.slow
PASSWORD = "certify-test-pw"
HTPASSWD = "certify:$2b$04$abcdefghijklmnopqrstuux0XrtacW1j62t8sUsgB78N8xEGLgyaC\n"
NAMES = ("alpha", "beta", "gamma", "delta", "epsilon")
CONFIG = """
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: %(folder)s/data}}
http: {addr: "127.0.0.1:%(port)d"}
auth: {htpasswd: {realm: certify, path: %(folder)s/htpasswd}}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = REGISTRY.installed() / "usr/bin/docker-registry"
    folder, port = tmp_path_factory.mktemp("registry"), free_port()
    for name in NAMES:
        for part in ("_layers", "_manifests/tags", "_uploads"):
            (folder / "data/docker/registry/v2/repositories" / name / part).mkdir(parents=True)
    (folder / "htpasswd").write_text(HTPASSWD)
    (folder / "config.yml").write_text(CONFIG % {"folder": folder, "port": port})
    with serving([program, "serve", folder / "config.yml"], f"http://127.0.0.1:{port}/v2/", folder / "log"):
        yield f"http://127.0.0.1:{port}"


def test_what_reads_can_prove_of_it_is_proved(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_PASSWORD", PASSWORD)
    described = profile(
        server,
        contract("registry"),
        sign_in={"kind": "basic"},
        identities={"primary": {"tenant": "a", "username": "certify", "password": {"env": "REGISTRY_PASSWORD"}}},
        pagination={"style": "link", "size_param": "n", "items_pointer": "/repositories", "max_size": 100},
        permissions={"allow_writes": False, "allow_destructive": False, "allow_stress": False},
        generated={"leave_out": ["checkVersion", "listRepositories", "listTags"]},
    )
    checks = ["net.*", "disc.*", "auth.*", "page.*", "contract.valid-input-accepted", "error.no-internals-leaked"]
    said = run(tmp_path, described, checks)

    assert said.failed() == {}
    # Every secured read is 401 with a Basic challenge (RFC 9110 §15.5.2), and every operation answers.
    for check in ("auth.missing-credentials-rejected", "auth.challenge-present", "disc.operations-exist"):
        assert said.status(check) == "passed", said.note(check)
    assert said.status("page.walk-complete") == "passed", said.note("page.walk-complete")
    # The contract has no write, and its reads that take values get no generated requests.
    assert said.status("contract.valid-input-accepted") == "not_applicable"
