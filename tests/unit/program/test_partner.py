"""A partner profile is loaded whole, or refused with every problem; it never holds a secret and never shows one."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from certify.errors import Problem, ProfileError
from certify.model.partner import Audit, Idempotency, Limit, Partner, SecretRef
from certify.program.partner import check_partner, load_partner
from certify.program.secrets import resolve
from certify.program.shipped import shipped_root

Spoil = Callable[..., Sequence[Problem]]
TOKENS = (
    "platform_tokens: {issuer: https://i.example, audience: a, algorithms: [RS256], keys: {RS256: {file: acme.secret}}"
)
SECRET = "{file: acme.secret}"


def test_a_right_profile_becomes_data(partner_file: Path) -> None:
    partner = load_partner(partner_file)
    assert partner.base_url == "http://127.0.0.1:8000"
    assert partner.identities["primary"].tenant == "acme"
    assert partner.identities["primary"].secrets == {"client_secret": SecretRef("file", "acme.secret")}
    assert partner.operations["read"].path == {"lead_id": "L-1"}
    assert partner.file == str(partner_file)


def test_a_reference_knows_where_it_was_written(partner_file: Path) -> None:
    ref = load_partner(partner_file).identities["primary"].secrets["client_secret"]
    assert (ref.file, ref.line) == (str(partner_file), 12)


FULL = """\
schema: certify/partner/1
id: reference
name: Reference Sandbox
target: {base_url: "http://127.0.0.1:1/", environment: sandbox, allowed_hosts: ["127.0.0.1:2"]}
sign_in:
  kind: client_credentials
  token_url: http://127.0.0.1:1/oauth/token
  metadata_url: http://127.0.0.1:1/.well-known/oauth-authorization-server
  client_auth: basic
identities:
  primary: {tenant: acme, subject: s, client_id: p, client_secret: {file: acme.secret}, scopes: ["leads:read"]}
platform_tokens:
  issuer: http://127.0.0.1:1/platform
  audience: http://127.0.0.1:1
  algorithms: [RS256, ES256]
  keys: {RS256: {file: acme.secret}, ES256: {file: acme.secret}}
  key_ids: {RS256: one, ES256: two}
  leeway_s: 30
  lifetime_s: 300
  rfc9068: true
  claims: {sub: "{subject}", tenant: "{tenant}", scope: "{scope}", client_id: "{client_id}"}
operations: {create: {operation: createLead, query: {}, body: {name: x}}, cheap: {operation: getHealth}}
capabilities: {refresh_tokens: not_offered, webhooks: offered, audit: unknown}
limits: [{requests: 30000, window_s: 60, identity: "*", status: 429, retry_after: true}]
permissions: {allow_writes: true, allow_destructive: false, allow_stress: true}
pagination: {style: cursor, cursor_param: cursor, size_param: limit, items_pointer: /items, max_size: 100}
idempotency: {header: Idempotency-Key, volatile: []}
audit: {operation: listAuditEvents, items_pointer: /items, actor: /actor, delay_s: 1}
errors: {format: problem+json}
contract: {assert_formats: true}
hides_existence: true
consistency_window_s: 2
headers: {X-Version: "1"}
contacts: [{name: Ada, email: ada@acme.example, topic: technical}]
"""


def test_every_member_of_a_profile_arrives(write: Callable[..., Path]) -> None:
    partner = load_partner(write(FULL))
    assert partner.base_url == "http://127.0.0.1:1"
    assert partner.sign_in.settings == {"client_auth": "basic"}
    assert partner.tokens is not None
    assert set(partner.tokens.keys) == {"RS256", "ES256"}
    assert (partner.tokens.leeway_s, partner.tokens.rfc9068, partner.tokens.key_ids["ES256"]) == (30, True, "two")
    assert partner.limits == (Limit(30000, 60.0, retry_after=True),)
    assert (partner.permissions.allow_stress, partner.permissions.allow_destructive) == (True, False)
    assert partner.audit == Audit("listAuditEvents", "/items", "/actor", delay_s=1.0)
    assert partner.idempotency == Idempotency("Idempotency-Key")
    assert partner.pagination.max_size == 100
    assert (partner.error_format, partner.assert_formats, partner.hides_existence) == ("problem+json", True, True)
    assert (partner.consistency_window_s, partner.contacts[0].name) == (2.0, "Ada")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("name: Acme", "naem: Acme", 3, "unknown member 'naem'; did you mean 'name'?"),
        ("kind: client_credentials", "kind: client_credential", 7, "did you mean 'client_credentials'?"),
        ("http://127.0.0.1:8000\n", "ftp://127.0.0.1\n", 5, "'ftp://127.0.0.1' does not fit"),
        ("http://127.0.0.1:8000\n", "http://127.0.0.1:99999\n", 5, "is not an absolute http(s) URL"),
        ("http://127.0.0.1:8000\n", "http://127.0.0.1/?a=1\n", 5, "must not carry a query or fragment"),
        ("http://127.0.0.1:8000\n", "http://u:pw@127.0.0.1/\n", 5, "must not carry a user name or password"),
        ("http://127.0.0.1:8000\n", "https://api.prod.acme.example\n", 5, "is marked as production and is refused"),
        ("sign_in:", "  environment: production\nsign_in:", 6, "'production' is refused"),
        (
            "sign_in:",
            "  allowed_hosts: ['live.acme.example:8']\nsign_in:",
            6,
            "'live.acme.example:8' is marked as production",
        ),
        ("sign_in:", "  allowed_hosts: ['http://x/']\nsign_in:", 6, "'http://x/' is not a host"),
        ("sign_in:", "  contract: api.yaml\nsign_in:", 6, "file 'api.yaml' does not exist"),
        ("  token_url: http://127.0.0.1:8000/oauth/token\n", "", 6, "needs 'token_url'"),
        ("  primary:", "  primry:", 9, "identity 'primary' is missing; did you mean 'primry'?"),
        (f"    client_secret: {SECRET}\n", "", 10, "needs 'client_secret' of identity 'primary'"),
        (SECRET, "{env: CERTIFY_NO_SUCH}", 12, "environment variable 'CERTIFY_NO_SUCH' is not set"),
        (SECRET, "{file: nowhere.secret}", 12, "nowhere.secret does not exist"),
        (SECRET, "{file: .}", 12, "cannot be read"),
        (SECRET, "{env: A, file: acme.secret}", 12, "names exactly one of env, file and command"),
        (
            "operations:",
            "limits: [{requests: 1, window_s: 1, identity: primry}]\noperations:",
            13,
            "'primry'; did you mean",
        ),
        ("operations:", "headers: {authorization: Bearer x}\noperations:", 13, "carries a credential"),
        ("operations:", "capabilities: {webhooks: offerd}\noperations:", 13, "did you mean 'offered'?"),
        ("  read:", "  reed:", 14, "unknown member 'reed'; did you mean 'read'?"),
        (
            "operations:",
            TOKENS + ", claims: {t: '{tenent}'}}\noperations:",
            13,
            "placeholder 'tenent'; did you mean 'tenant'?",
        ),
        ("operations:", TOKENS + ", claims: {t: '{'}}\noperations:", 13, "not a template"),
        (
            "operations:",
            TOKENS.replace("[RS256]", "[RS256, ES256]") + "}\noperations:",
            13,
            "algorithm 'ES256' has no key",
        ),
        ("operations:", TOKENS + ", leeway_s: 3000}\noperations:", 13, "3000 is more than 300"),
    ],
)
def test_each_mistake_is_told_with_its_line(spoil_profile: Spoil, old: str, new: str, line: int, message: str) -> None:
    [problem] = spoil_profile(old, new)
    assert message in problem.message
    assert problem.line == line


def test_a_listed_production_host_is_refused_wherever_it_is_named(spoil_profile: Spoil) -> None:
    found = spoil_profile("sign_in:", "  production_hosts: [127.0.0.1]\nsign_in:")
    assert [problem.path for problem in found] == ["target.base_url", "sign_in.token_url"]
    assert found[0].message == "host '127.0.0.1:8000' is marked as production and is refused"


@pytest.mark.parametrize(
    "written", ["hunter2-hunter2", "{env: hunter2-hunter2}", "[hunter2-hunter2]", "{command: hunter2-hunter2}"]
)
def test_a_secret_in_a_profile_is_refused_and_never_repeated(spoil_profile: Spoil, written: str) -> None:
    found = spoil_profile(SECRET, written)
    assert found[0].line == 12
    assert "hunter2" not in " ".join(str(problem) for problem in found)


def test_a_password_in_a_url_is_never_repeated(spoil_profile: Spoil) -> None:
    for url in ("http://u:hunter2@h/", "ftp://u:hunter2@h/", "http://u:hunter2@[/"):
        assert "hunter2" not in " ".join(map(str, spoil_profile("http://127.0.0.1:8000\n", f"'{url}'\n")))


def test_a_literal_secret_is_explained(spoil_profile: Spoil) -> None:
    [problem] = spoil_profile(SECRET, "hunter2")
    assert problem.message == "a secret is written here; a profile only says where it is"
    assert "change the secret" in problem.advice


def test_all_mistakes_of_a_profile_are_told_at_once(spoil_profile: Spoil) -> None:
    old = "name: Acme\ntarget:\n  base_url: http://127.0.0.1:8000"
    found = spoil_profile(old, "naem: Acme\ntarget:\n  base_url: http://u@h\n  environment: prod")
    assert [problem.line for problem in found] == [3, 5, 6]


def test_a_profile_without_sign_in_needs_no_identity(write: Callable[..., Path]) -> None:
    text = "schema: certify/partner/1\nid: a\nname: A\ntarget: {base_url: 'http://h'}\nsign_in: {kind: none}\n"
    assert load_partner(write(text)).identities == {}


def test_a_sandbox_may_stand_in_a_production_like_domain(write: Callable[..., Path]) -> None:
    text = "schema: certify/partner/1\nid: a\nname: A\ntarget: {base_url: 'http://sandbox.prod.acme.example'}\n"
    assert load_partner(write(text + "sign_in: {kind: none}\n")).base_url == "http://sandbox.prod.acme.example"


def test_an_unknown_operation_names_the_nearest(partner_file: Path) -> None:
    partner: Partner = load_partner(partner_file)
    check_partner(partner, ["getLead", "listLeads"])
    with pytest.raises(ProfileError) as caught:
        check_partner(partner, ["getLeads", "createLead"])
    [problem] = caught.value.problems
    assert problem.message == "unknown operation 'getLead'; did you mean 'getLeads'?"
    assert (problem.line, problem.path) == (14, "operations.read.operation")


def test_the_example_profile_asks_for_its_variables_and_for_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    file = shipped_root() / "fixtures" / "partners" / "example.yaml"
    with pytest.raises(ProfileError) as caught:
        load_partner(file)
    names = [problem.message.split("'")[1] for problem in caught.value.problems]
    assert names == ["EXAMPLE_PRIMARY_SECRET", "EXAMPLE_OTHER_SECRET"]
    monkeypatch.setenv("EXAMPLE_PRIMARY_SECRET", "x")
    monkeypatch.setenv("EXAMPLE_OTHER_SECRET", "y")
    assert load_partner(file).id == "example"


def test_secrets_come_from_variables_files_and_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME", "one\n")
    (tmp_path / "two.secret").write_text("two\r\n")
    assert resolve(SecretRef("env", "ACME"), tmp_path) == "one"
    assert resolve(SecretRef("file", "two.secret"), tmp_path) == "two"
    assert resolve(SecretRef("command", ("printf", "%s", "three; $HOME")), tmp_path) == "three; $HOME"


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        (SecretRef("env", "ACME_EMPTY"), "the secret in env ACME_EMPTY is empty"),
        (SecretRef("env", "ACME_NONE"), "is not set"),
        (SecretRef("file", "none.secret"), "does not exist"),
        (SecretRef("file", "bytes.secret"), "is not UTF-8 text"),
        (SecretRef("command", ("false",)), "ended with exit code 1"),
        (SecretRef("command", ("no-such-program",)), "cannot be started"),
        (SecretRef("command", ("true",)), "the secret in command true is empty"),
        (SecretRef("env", "ACME_WIDE"), "the secret in env ACME_WIDE has white space around it"),
        (SecretRef("command", ("printf", "\\tTEST-ONLY")), "the secret in command printf has white space around it"),
        (SecretRef("command", ("sleep", "5")), "did not end within 0.1 seconds"),
    ],
)
def test_a_secret_that_is_not_there_names_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ref: SecretRef, message: str
) -> None:
    monkeypatch.setenv("ACME_EMPTY", "\n")
    monkeypatch.setenv("ACME_WIDE", "TEST-ONLY \n")
    monkeypatch.setattr("certify.program.secrets.COMMAND_SECONDS", 0.1 if "sleep" in ref.value else 10.0)
    (tmp_path / "bytes.secret").write_bytes(os.urandom(8) + b"\xff")
    with pytest.raises(ProfileError) as caught:
        resolve(SecretRef(ref.kind, ref.value, "partner.yaml", 7), tmp_path)
    [problem] = caught.value.problems
    assert message in problem.message
    assert (problem.file, problem.line) == ("partner.yaml", 7)
    assert "TEST-ONLY" not in str(problem)


def test_white_space_around_a_secret_is_told_with_its_line_before_anything_is_sent(
    spoil_profile: Spoil, tmp_path: Path
) -> None:
    (tmp_path / "wide.secret").write_text("TEST-ONLY-secret \n")
    [problem] = spoil_profile(SECRET, "{file: wide.secret}")
    assert (problem.message, problem.line) == ("the secret in file wide.secret has white space around it", 12)


def test_white_space_around_a_pem_text_means_nothing(tmp_path: Path) -> None:
    pem = "\n-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY----- \n"
    (tmp_path / "key.pem").write_text(pem)
    assert "BEGIN" in resolve(SecretRef("file", "key.pem", signs=True), tmp_path)
