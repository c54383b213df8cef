"""Everything that a run needs to talk to one sandbox: wire, recorder, and each identity signed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from certify.budget import Budget, Meter
from certify.http.broker import Ask, Asked, asked
from certify.http.credentials import ClientCertificate
from certify.http.guard import Guard
from certify.http.minting import Minter
from certify.http.office import Office, Provider
from certify.http.pacing import Pacer
from certify.http.recorder import Recorder
from certify.http.redaction import Redactor
from certify.http.secret_names import secret_headers, secret_parameters
from certify.http.signin import flows
from certify.http.signin.interface import Credentials, Means
from certify.http.token_request import basic, client_id
from certify.http.wire import DEADLINE, Wire
from certify.model.partner import Identity, Partner
from certify.program.secrets import resolve


@dataclass
class Session:
    """One way to one sandbox, and the credentials of each identity. Thread-safe.

    ``secrets`` go by identity and member, ``keys`` (of minted tokens, PEM) by algorithm.
    """

    partner: Partner
    wire: Wire
    recorder: Recorder
    minter: Minter | None
    secrets: Mapping[str, Mapping[str, str]]
    keys: Mapping[str, str]
    provider: Provider

    def credentials(self, identity: str, refused: str = "") -> Credentials:
        """Valid credentials of an identity; signs in where there are none. ``refused`` is the fingerprint of those that
        the sandbox did not take: others are given, where others can be had."""
        held = self.provider.credentials(identity, refused)
        for value in held.secrets():
            self.recorder.redactor.learn(value)
        return held

    def connection(self, identity: str = "primary") -> Credentials:
        """No credential but the client certificate, without which some servers do not even shake hands."""
        secrets = self.secrets.get(identity, {})
        if "certificate" not in secrets:
            return Credentials({})
        return Credentials({}, certificate=ClientCertificate(secrets["certificate"], secrets["certificate_key"]))

    def bare(self, identity: str = "primary") -> Credentials:
        """What a caller has who does not sign in: the connection, or nothing where the certificate is the sign-in."""
        return Credentials({}) if self.partner.sign_in.kind == "mutual_tls" else self.connection(identity)

    def forget(self) -> None:
        """Let go of the credentials that are held here."""
        self.provider.forget()

    def on_renewal(self, tell: Callable[[str], None]) -> None:
        """Who is told when an identity had to sign in again because its credentials were refused."""
        if isinstance(self.provider, Office):
            self.provider.tell = tell

    def identity(self, name: str) -> Identity:
        """A named identity. ``none`` sign-in needs no declared identity, so an empty one stands in."""
        return self.partner.identities.get(name) or Identity(name)

    def share(self, meter: Path) -> None:
        """Keep to the pace and the budget of a run from now on, together with its other processes."""
        self.wire.share(Meter.open(meter))

    def close(self) -> None:
        self.wire.close()
        self.recorder.close()


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
    parent: Ask | None = None,
    deadline: float = DEADLINE,
) -> Session:
    """Resolve the profile's secrets and open the way to its sandbox. Nothing is sent yet.

    ``rate`` bounds requests per second; exchanges go to ``directory``, if given, under the name ``writer``. A ``meter``
    is the run's: it brings the pace and the budget that all of its processes share, and ``reserve`` requests and
    ``reserve_s`` seconds of that are left to the others. With a ``parent``, secrets come from there, and it is the
    parent who signs in. ``deadline`` bounds each exchange, in seconds.
    """
    redactor = Redactor(secret_headers(partner), secret_parameters(partner))
    secrets, keys = _resolved(partner) if parent is None else _given(parent)
    for name, values in secrets.items():
        _learn(redactor, partner.identities.get(name) or Identity(name), values)
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
        deadline,
    )
    minter = Minter(partner.tokens, keys) if partner.tokens else None
    means = Means(partner, secrets, wire, minter)
    flow = flows()[partner.sign_in.kind](means)
    provider: Provider = Asked(parent) if parent is not None and flow.converses else Office(flow, means)
    return Session(partner, wire, recorder, minter, secrets, keys, provider)


_Secrets = Mapping[str, Mapping[str, str]]


def _resolved(partner: Partner) -> tuple[_Secrets, Mapping[str, str]]:
    """Every secret of the profile from where it says, and the keys of its platform tokens."""
    folder = Path(partner.file).parent
    secrets = {
        identity.name: {name: resolve(ref, folder) for name, ref in identity.secrets.items()}
        for identity in partner.identities.values()
    }
    return secrets, {name: resolve(ref, folder) for name, ref in partner.tokens.keys.items()} if partner.tokens else {}


def _given(parent: Ask) -> tuple[_Secrets, Mapping[str, str]]:
    answer = asked(parent, {"ask": "secrets"})
    return answer["secrets"], answer["keys"]


def _learn(redactor: Redactor, identity: Identity, secrets: Mapping[str, str]) -> None:
    for name, value in secrets.items():
        if name != "certificate":  # public, and in every handshake
            redactor.learn(value)
    if secret := secrets.get("client_secret"):
        redactor.learn(basic(client_id(identity), secret).removeprefix("Basic "))
