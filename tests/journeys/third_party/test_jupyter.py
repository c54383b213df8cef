"""Jupyter Server without terminals: a token in ``Authorization``, and the document (Swagger 2.0) in its package.

The document names no security, promises ``error`` and ``reason`` as strings for some errors, and describes bodies that
the server then finds incomplete; 403 is its answer where a credential is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from certify.contract import load_contract
from tests.journeys.third_party.certified import profile, run
from tests.journeys.third_party.pins import JUPYTER
from tests.journeys.third_party.serving import free_port, python, serving

pytestmark = pytest.mark.slow
TOKEN = "TEST-ONLY-token"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    package = JUPYTER.installed()
    folder, port = tmp_path_factory.mktemp("jupyter"), free_port()
    (folder / "root").mkdir()
    options = [
        "--ServerApp.terminals_enabled=False",
        f"--port={port}",
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={folder / 'root'}",
    ]
    words = [*python("jupyter_server"), "--no-browser", "--allow-root", "--ServerApp.port_retries=0", *options]
    with serving(words, f"http://127.0.0.1:{port}/api", folder / "log", PYTHONPATH=str(package), HOME=str(folder)):
        yield f"http://127.0.0.1:{port}"


def test_its_own_document_is_all_that_it_is_held_to(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_KEY", f"token {TOKEN}")
    document = JUPYTER.installed() / "jupyter_server/services/api/api.yaml"
    described = profile(
        server,
        document,
        sign_in={"kind": "api_key", "header": "Authorization"},
        identities={"primary": {"tenant": "one", "api_key": {"env": "JUPYTER_KEY"}}},
        generated={"leave_out": [operation.id for operation in load_contract(document).operations]},
    )
    said = run(tmp_path, described, ["net.*", "disc.*", "auth.*", "error.format-valid", "error.no-internals-leaked"])

    assert said.status("net.control-works") == "passed"
    assert said.status("net.clock-accurate") == "passed"
    assert said.status("error.no-internals-leaked") == "passed"
    # The document promises terminals, and they are switched off here: 404, as for any path that is not there. A kernel
    # of a made-up name, though, is valid by the document, and crashes: whether that operation is there was not seen.
    (missing,) = said.outcomes["disc.operations-exist"]["findings"]
    assert missing["operations"] == ["GET /api/terminals", "POST /api/terminals"]
    # Nothing is secured by the document, so nothing can be demanded of calls without a credential.
    assert said.status("auth.missing-credentials-rejected") == "not_applicable"
    # What does fail is what the document promises: "reason" as a string, where the server sends null.
    assert set(said.failed()) == {"disc.operations-exist", "error.format-valid"}
    bad = httpx.get(
        f"{server}/api/contents/x?content=certify", headers={"Authorization": f"token {TOKEN}"}, trust_env=False
    )
    assert (bad.status_code, bad.json()["reason"]) == (400, None)
