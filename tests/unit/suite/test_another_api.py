"""The suites on an API of another style: honest, nothing fails; with a defect, the right check does."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.unit.suite import other_api

ROOT = Path(__file__).parents[3]
PLANNED_AWAY = {"not_applicable", "not_run"}


@contextmanager
def running(shelf: other_api.Shelf) -> Iterator[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        server = uvicorn.Server(uvicorn.Config(other_api.app(shelf), log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api"
        server.should_exit = server.force_exit = True
        thread.join(5)


def outcomes(folder: Path, shelf: other_api.Shelf, *checks: str, gate: str = "") -> dict[str, tuple[str, str]]:
    """The status and the first expectation of each check."""
    (folder / "run").mkdir()
    for name in ("run/outcomes.ndjson", "run/exchanges.ndjson", "pytest.ini"):
        (folder / name).write_text("[pytest]\n" if name == "pytest.ini" else "")
    (folder / "contract.json").write_text(json.dumps(other_api.contract()))
    with running(shelf) as url:
        (folder / "partner.json").write_text(json.dumps(other_api.profile(url)))
        job = {
            "partner": str(folder / "partner.json"),
            "contract": str(folder / "contract.json"),
            "run": str(folder / "run"),
            "run_id": "t",
            "checks": list(checks),
            "gate": gate,
            "writer": "s",
        }
        (folder / "job.json").write_text(json.dumps(job))
        command = [sys.executable, "-m", "pytest", "-q", "-p", "certify.pytest_plugin", "-p", "no:cacheprovider"]
        command += [
            "--import-mode=importlib",
            "-c",
            str(folder / "pytest.ini"),
            "--certify-job",
            str(folder / "job.json"),
        ]
        environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "SHELF_KEY": other_api.KEY}
        environment["OTHER_SHELF_KEY"] = other_api.OTHER_KEY
        subprocess.run([*command, str(ROOT / "suites")], env=environment, capture_output=True, timeout=60, check=False)
    lines = (folder / "run" / "outcomes.ndjson").read_text().splitlines()
    told = [json.loads(line) for line in lines]
    return {o["check"]: (o["status"], next((f["expected"] for f in o["findings"]), o["note"])) for o in told}


def test_an_honest_api_of_another_style_fails_nothing(tmp_path: Path) -> None:
    found = outcomes(tmp_path, other_api.Shelf())

    assert len(found) == 30
    assert {name: told for name, told in found.items() if told[0] not in {"passed", *PLANNED_AWAY}} == {}
    assert sum(status == "passed" for status, _ in found.values()) >= 17
    assert {found[f"authz.tenant-{what}-isolated"][0] for what in ("read", "list")} == {"passed"}


class Unguarded(other_api.Shelf):
    """PUT forgot to ask for the key."""

    def answer(self, request: Request, act: Callable[[], Response]) -> Response:
        return act() if request.method == "PUT" else super().answer(request, act)


class Doubling(other_api.Shelf):
    """Each page begins with the last book of the one before."""

    def window(self, start: int, size: int) -> list[dict[str, object]]:
        return list(self.books.values())[max(start - 1, 0) : start + size]


class Forgetful(other_api.Shelf):
    """A missing book is an empty answer."""

    def missing(self) -> Response:
        return JSONResponse(None)


class Shared(other_api.Shelf):
    """One shelf for all tenants, whose numbers go on where the other's ended."""

    def __init__(self) -> None:
        super().__init__()
        self.shelves[other_api.OTHER_KEY] = self.shelves[other_api.KEY]
        self.made[other_api.OTHER_KEY] = 9_000


class Unimplemented(other_api.Shelf):
    """Deleting is for the next release."""

    def delete(self, number: int) -> Response:
        return other_api.error(501, "later")


class Careless(other_api.Shelf):
    """Any book is a good book."""

    def read(self, body: bytes) -> dict[str, object] | None:
        return other_api.read(body) or {"title": "?", "pages": 1}


@pytest.mark.parametrize(
    ("shelf", "check"),
    [
        (Unguarded, "auth.missing-credentials-rejected"),
        (Forgetful, "error.not-found-clean"),
        (Unimplemented, "disc.operations-exist"),
        (Careless, "contract.invalid-input-rejected"),
        (Doubling, "page.walk-complete"),
        (Shared, "authz.tenant-read-isolated"),
        (Shared, "authz.tenant-list-isolated"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_its_defects_are_found_by_the_same_checks(tmp_path: Path, shelf: type[other_api.Shelf], check: str) -> None:
    status, _ = outcomes(tmp_path, shelf(), check)[check]

    assert status == "failed"


class Flapping(other_api.Shelf):
    """Every third answer is 503."""

    def answer(self, request: Request, act: Callable[[], Response]) -> Response:
        self.asked = getattr(self, "asked", 0) + 1
        return other_api.error(503, "busy") if self.asked % 3 == 0 else super().answer(request, act)


def test_behind_a_gate_that_did_not_pass_nothing_else_is_sent(tmp_path: Path) -> None:
    found = outcomes(tmp_path, Flapping(), "net.control-works", "net.clock-accurate", gate="net.control-works")

    assert found["net.control-works"][0] == "failed"
    assert found["net.clock-accurate"][0] == "not_run"
    purposes = {json.loads(line)["check"] for line in (tmp_path / "run" / "exchanges.ndjson").read_text().splitlines()}
    assert purposes == {"net.control-works"}
