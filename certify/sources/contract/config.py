"""The written configuration and the arguments of one job: nothing ambient decides how the engine runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from certify.contract.creations import Creation
from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.jobs import ALL_PHASES, Job
from certify.sources.contract.volume import Volume

RUN_HEADER = "Certify-Run"


@dataclass(frozen=True)
class Settings:
    """What all jobs of a run share; travels to the children as JSON. ``rate`` is each process's share, per second.

    ``meter`` is the file that all processes of the run share instead, where there is one, and of its budget ``reserve``
    requests and ``reserve_s`` seconds are left to others.
    """

    contract: str
    base_url: str
    exchanges: str
    run_id: str
    seed: int
    checks: tuple[str, ...]
    facts: Mapping[str, OperationFacts]
    headers: Mapping[str, str] = field(default_factory=dict)
    secret_headers: tuple[str, ...] = ()
    secret_parameters: tuple[str, ...] = ()
    ca_file: str = ""
    idempotency_header: str = ""
    identity: str = "primary"
    assert_formats: bool = False
    rate: float | None = None
    volume: Volume = field(default_factory=Volume)
    creations: Mapping[str, Creation] = field(default_factory=dict)
    ledger: str = ""
    meter: str = ""
    reserve: int = 0
    reserve_s: float = 0.0

    @property
    def key_names(self) -> frozenset[str]:
        """Headers that carry an idempotency key, in lower case."""
        return frozenset({"idempotency-key", self.idempotency_header.lower()} - {""})


def write_config(settings: Settings, folder: Path, *, trust: str = "", certificate: str = "") -> Path:
    """Write ``schemathesis.toml`` into a job's folder and return its path.

    ``trust`` is a file of authorities, ``certificate`` one that holds the client's certificate and key.
    """
    file = folder / "schemathesis.toml"
    file.write_text(_toml(settings, trust, certificate), encoding="utf-8")
    return file


def arguments(settings: Settings, job: Job, config: Path) -> list[str]:
    """The command line of one job, after ``st``."""
    named = [item for label in job.labels for item in ("--include-name", label)]
    return [
        "--config-file", str(config), "run", settings.contract,
        "--url", settings.base_url, "--workers", "1", "--no-color",
        "--phases", ",".join(phase for phase in ALL_PHASES if phase in job.phases),
        "--checks", ",".join(settings.checks),
        "--max-examples", str(settings.volume.max_examples), "--seed", str(settings.seed),
        *named,
    ]  # fmt: skip


def _toml(settings: Settings, trust: str, certificate: str) -> str:
    headers = {RUN_HEADER: f"{settings.run_id}/contract", **settings.headers}
    return "\n".join(
        [
            "continue-on-failure = true",  # the first false alarm must not hide what comes after it
            'rate-limit = "auto"',  # Retry-After is honoured
            "warnings = false",
            *([f"tls-verify = {json.dumps(trust)}"] if trust else []),
            *([f"request-cert = {json.dumps(certificate)}"] if certificate else []),
            "[headers]",
            *(f"{json.dumps(name)} = {json.dumps(value)}" for name, value in headers.items()),
            "[cache]",  # no state from run to run
            "enabled = false",
            "[auth]",  # NOTE: where a contract has sign-up and log-in, the engine makes accounts of its own
            "auto-signup = false",
            "[generation]",
            'database = "none"',
            "[phases.coverage]",  # NOTE: else it tries methods that the contract does not name, as DELETE
            "unexpected-methods = []",
            "[checks.response_schema_conformance]",
            f"validate-formats = {'true' if settings.assert_formats else 'false'}",
            "",
        ]
    )
