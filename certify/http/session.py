"""Everything that a run needs to talk to one sandbox: wire, recorder, and each identity signed in."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from certify.budget import Budget, Meter
from certify.http.guard import Guard
from certify.http.minting import Minter
from certify.http.pacing import Pacer
from certify.http.recorder import Recorder
from certify.http.redaction import Redactor
from certify.http.secret_names import secret_headers, secret_parameters
from certify.http.signin import flows
from certify.http.signin.interface import Credentials, Means
from certify.http.token_request import basic, client_id
from certify.http.wire import Wire
from certify.model.partner import Identity, Partner
from certify.program.secrets import resolve


@dataclass
class Session:
    """Signs identities in when they are first needed, and again before their credentials expire. Thread-safe."""

    partner: Partner
    wire: Wire
    recorder: Recorder
    minter: Minter | None
    secrets: Mapping[str, Mapping[str, str]]

    def __post_init__(self) -> None:
        means = Means(self.partner, self.secrets, self.wire, self.minter)
        self._flow = flows()[self.partner.sign_in.kind](means)
        self._held: dict[str, Credentials] = {}
        self._lock = threading.RLock()

    def credentials(self, identity: str) -> Credentials:
        """Valid credentials of an identity; signs in where there are none."""
        with self._lock:
            held = self._held.get(identity)
            if held is None or (held.expires is not None and held.expires <= time.time()):
                signed = replace(self._flow.sign_in(self.identity(identity)), whose=identity)
                held = self._held[identity] = signed
                self._remember(held)
            return held

    def headers_for(self, identity: str) -> dict[str, str]:
        """The headers that sign a request of an identity."""
        return dict(self.credentials(identity).headers)

    def forget(self) -> None:
        """Sign everybody in anew when they are next needed."""
        with self._lock:
            self._held.clear()

    def identity(self, name: str) -> Identity:
        """A named identity. ``none`` sign-in needs no declared identity, so an empty one stands in."""
        return self.partner.identities.get(name) or Identity(name)

    def close(self) -> None:
        self.wire.close()
        self.recorder.close()

    def _remember(self, credentials: Credentials) -> None:
        for value in credentials.secrets():
            self.recorder.redactor.learn(value)


def open_session(
    partner: Partner,
    *,
    directory: Path | None = None,
    writer: str = "s",
    rate: float | None = None,
    run_id: str = "",
    meter: Path | None = None,
    reserve: int = 0,
    reserve_s: float = 0.0,
) -> Session:
    """Resolve the profile's secrets and open the way to its sandbox. Nothing is sent yet.

    ``rate`` bounds requests per second; exchanges go to ``directory``, if given, under the name ``writer``. A ``meter``
    is the run's: it brings the pace and the budget that all of its processes share, and ``reserve`` requests and
    ``reserve_s`` seconds of that are left to the others.
    """
    redactor = Redactor(secret_headers(partner), secret_parameters(partner))
    secrets = {name: _secrets(partner, identity, redactor) for name, identity in partner.identities.items()}
    recorder = Recorder(directory, writer, redactor)
    shared = Meter.open(meter) if meter is not None else Meter.alone(rate)
    wire = Wire(
        partner.base_url,
        Guard(partner),
        Pacer(shared),
        recorder,
        run_id,
        partner.headers,
        partner.ca_file,
        Budget(shared, reserve, reserve_s),
    )
    return Session(partner, wire, recorder, _minter(partner), secrets)


def _secrets(partner: Partner, identity: Identity, redactor: Redactor) -> dict[str, str]:
    resolved = {name: resolve(ref, Path(partner.file).parent) for name, ref in identity.secrets.items()}
    for value in resolved.values():
        redactor.learn(value)
    if secret := resolved.get("client_secret"):
        redactor.learn(basic(client_id(identity), secret).removeprefix("Basic "))
    return resolved


def _minter(partner: Partner) -> Minter | None:
    if partner.tokens is None:
        return None
    folder = Path(partner.file).parent
    keys = {algorithm: resolve(ref, folder) for algorithm, ref in partner.tokens.keys.items()}
    return Minter(partner.tokens, keys)
