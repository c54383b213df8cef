"""Signing and approving by command line: what a pipeline signs, what reviewers approve, and what is refused."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from certify.program.shipped import shipped_root
from certify.program.validate import schema
from certify.sandbox.profile import render_profile
from certify.signing.jws import peek
from tests.journeys.console import Ended, certify, sandbox_profile

pytestmark = pytest.mark.slow

IN_CI = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "acme/leads",
    "GITHUB_SHA": "c0ffee",
    "GITHUB_SERVER_URL": "https://ada:s3cret@ci.example",
    "GITHUB_RUN_ID": "7",
    "GITHUB_TOKEN": "ghs_s3cret",
}
ON_A_LAPTOP = dict.fromkeys((*IN_CI, "GITLAB_CI", "TF_BUILD", "CIRCLECI", "BUILDKITE", "JENKINS_URL"), "")
RULE = "    - {milestone: connectivity, roles: [solution-engineer, platform-security], people: 2}"


@dataclass(frozen=True)
class Key:
    """A key of somebody, as `certify keys new` made it."""

    pem: Path
    jwks: Path


@dataclass(frozen=True)
class Desk:
    """What the journey plays with. ``run`` was signed in a pipeline, after one on a laptop that ``failed``."""

    run: Path
    failed: Path
    keys: dict[str, Key]
    jwks: Path
    ended: Ended


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("signing")
    keys = {
        "pipeline": a_key(folder / "pipeline", "pipeline of acme", "--use", "certificate"),
        "ada": a_key(folder / "ada", "Ada Byron", "--role", "solution-engineer", "--role", "platform-security"),
        "bob": a_key(folder / "bob", "Bob Noyce", "--role", "platform-security"),
        "eve": a_key(
            folder / "eve", "Eve Else", "--use", "certificate", "--use", "approval", "--role", "solution-engineer"
        ),
    }
    trusted = certify("keys", "jwks", *(keys[name].jwks for name in ("pipeline", "ada", "bob")))
    (folder / "trusted.json").write_text(trusted.out)
    program = a_program(folder / "program")
    reports = folder / "reports" / "reference"
    certify_sandbox(folder, program, reports / "first", "server-clock-skew-120s", **ON_A_LAPTOP)
    ended = certify_sandbox(
        folder,
        program,
        reports / "second",
        None,
        *("--sign", "env:PIPELINE_KEY", "--jwks", folder / "trusted.json", "--json"),
        **IN_CI,
        PIPELINE_KEY=keys["pipeline"].pem.read_text(),
    )
    return Desk(reports / "second", reports / "first", keys, folder / "trusted.json", ended)


def a_key(folder: Path, owner: str, *purpose: str) -> Key:
    uses = purpose if "--use" in purpose else ("--use", "approval", *purpose)
    made = json.loads(certify("keys", "new", "--keys", folder, "--owner", owner, *uses, "--json").out)
    return Key(Path(made["private"]), Path(made["jwks"]))


def a_program(folder: Path) -> Path:
    """The reference program, asking two people to approve its first milestone."""
    for name in ("openapi", "fixtures"):
        shutil.copytree(shipped_root() / name, folder / name)
    playbook = folder / "fixtures" / "playbook.yaml"
    playbook.write_text(playbook.read_text().replace("  approvals:\n", f"  approvals:\n{RULE}\n"))
    return folder


def certify_sandbox(
    folder: Path, program: Path, out: Path, fault: str | None, *words: object, **variables: str
) -> Ended:
    with sandbox_profile(folder, [fault] if fault else []) as profile:
        asked = ("--partner", profile, "--program", program, "--milestone", "connectivity", "--out", out)
        return certify("run", *asked, *words, **variables)


@pytest.fixture
def copy(desk: Desk, tmp_path: Path) -> Path:
    """The signed run, for a test that changes it."""
    return Path(shutil.copytree(desk.run, tmp_path / "run"))


def content(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = peek((run / "certificate.jws").read_bytes())["certificate"]
    return found


def approve(desk: Desk, run: Path, role: str, who: str, *words: object) -> Ended:
    return certify("approve", run, "--as", role, "--key", desk.keys[who].pem, "--jwks", desk.jwks, *words)


# — signing —


def test_a_pipeline_runs_and_signs_with_one_command(desk: Desk) -> None:
    assert desk.ended.code == 0, desk.ended.text
    assert json.loads(desk.ended.out)["certificate"] == str(desk.run / "certificate.jws")
    verified = certify("verify", desk.run / "certificate.jws", "--jwks", desk.jwks)
    assert verified.code == 0, verified.text
    assert (content(desk.run)["verdict"], content(desk.run)["issuer"]) == ("certified", "pipeline of acme")


def test_it_says_where_it_ran_in_public_names(desk: Desk) -> None:
    told = content(desk.run)
    assert told["provenance"] == "gated"
    assert told["origin"] == {
        "system": "github-actions",
        "facts": {
            "repository": "acme/leads",
            "commit": "c0ffee",
            "run": "https://ci.example/acme/leads/actions/runs/7",
        },
    }


def test_the_run_that_failed_before_is_named_on_it(desk: Desk) -> None:
    failed = json.loads((desk.failed / "certification.json").read_text())
    assert [(item["run"], item["verdict"]) for item in content(desk.run)["earlier"]] == [
        (failed["run"]["id"], "not_certified")
    ]


def test_certificate_and_approval_keep_their_published_schemas(desk: Desk, copy: Path) -> None:
    jsonschema.validate(content(copy), schema("certificate.v1"))
    assert approve(desk, copy, "solution-engineer", "ada", "--yes").code == 0
    approval = peek((copy / "approvals" / "solution-engineer.jws").read_bytes())["approval"]
    jsonschema.validate(approval, schema("approval.v1"))


def test_a_failed_run_is_signed_as_failed_and_a_laptop_practises(desk: Desk, tmp_path: Path) -> None:
    run = shutil.copytree(desk.failed, tmp_path / "failed")
    ended = certify("sign", run, "--key", desk.keys["pipeline"].pem, "--issuer", "Integration desk")
    assert ended.code == 0, ended.text
    assert "Reference Sandbox (reference): not certified" in ended.out
    assert "practice: it opens no gate that asks for gated runs" in ended.out
    assert "certify approve" not in ended.out, "nobody is asked to approve a failure"
    told = content(run)
    assert (told["verdict"], told["provenance"], told["issuer"]) == ("not_certified", "practice", "Integration desk")


def test_a_second_signature_is_refused_unless_it_is_asked_for(desk: Desk, copy: Path) -> None:
    assert approve(desk, copy, "solution-engineer", "ada", "--yes").code == 0
    refused = certify("sign", copy, "--key", desk.keys["pipeline"].pem)
    assert (refused.code, "the run is signed" in refused.err) == (2, True), refused.text
    again = certify("sign", copy, "--key", desk.keys["pipeline"].pem, "--again", "--json")
    assert again.code == 0, again.text
    assert json.loads(again.out)["void_approvals"] == ["solution-engineer"]


def test_a_report_that_was_edited_is_not_signed(desk: Desk, tmp_path: Path) -> None:
    run = shutil.copytree(desk.failed, tmp_path / "failed")
    report = run / "certification.json"
    report.write_text(report.read_text().replace('"not_certified"', '"certified"'))
    refused = certify("sign", run, "--key", desk.keys["pipeline"].pem)
    assert refused.code == 2
    assert "not what judging this run gives" in refused.err
    assert f"certify judge {run}" in refused.err
    assert not (run / "certificate.jws").exists()


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("nowhere.pem", "no key file"),
        ("env:NOT_THERE", "is not set"),
        ("env:GARBAGE", "is not a private key"),
        ("env:ENCRYPTED", "passphrase"),
    ],
)
def test_a_key_that_is_none_is_refused_before_anything_is_sent(desk: Desk, tmp_path: Path, key: str, why: str) -> None:
    variables = {"GARBAGE": "s3cret-garbage", "ENCRYPTED": "-----BEGIN ENCRYPTED PRIVATE KEY-----\ns3cret\n"}
    (tmp_path / "partner.yaml").write_text("schema: certify/partner/1\n")
    asked = ("run", "--partner", tmp_path / "partner.yaml", "--out", tmp_path / "out", "--sign", key)
    refused = certify(*asked, folder=tmp_path, **variables)
    assert refused.code == 2
    assert why in refused.err, refused.err
    assert "s3cret" not in refused.text
    assert not (tmp_path / "out").exists()


def test_a_key_for_approvals_signs_no_certificate(desk: Desk, tmp_path: Path) -> None:
    run = shutil.copytree(desk.failed, tmp_path / "failed")
    refused = certify("sign", run, "--key", desk.keys["ada"].pem)
    assert (refused.code, "may sign approvals, and no certificate" in refused.err) == (2, True), refused.text


# — approving —


def test_two_people_approve_and_each_learns_what_is_missing(desk: Desk, copy: Path) -> None:
    first = approve(desk, copy, "solution-engineer", "ada", "--yes", "--comment", "the attempts are fine")
    assert first.code == 0, first.text
    assert "Reference Sandbox (reference): certified" in first.out
    assert "1 more run of this partner lies beside it" in first.out
    assert "Still missing for connectivity: nobody approved it as platform-security; 2 different people" in first.out
    second = approve(desk, copy, "platform-security", "bob", "--yes")
    assert second.code == 0, second.text
    assert "Approved by Ada Byron as solution-engineer: the attempts are fine" in second.out
    assert "Still missing" not in second.out


def test_one_person_in_two_roles_is_told_to_be_one_person(desk: Desk, copy: Path) -> None:
    assert approve(desk, copy, "solution-engineer", "ada", "--yes").code == 0
    second = approve(desk, copy, "platform-security", "ada", "--yes", "--json")
    assert second.code == 0, second.text
    told = json.loads(second.out)
    assert told["same_person"] == ["solution-engineer"]
    assert told["missing"] == {"connectivity": ["2 different people have to approve it, and 1 did"]}


def test_an_approval_is_not_replaced_by_accident(desk: Desk, copy: Path) -> None:
    assert approve(desk, copy, "platform-security", "ada", "--yes").code == 0
    refused = approve(desk, copy, "platform-security", "bob", "--yes")
    assert (refused.code, "Ada Byron approved it as platform-security already" in refused.err) == (2, True)
    assert approve(desk, copy, "platform-security", "bob", "--yes", "--again").code == 0


def test_nobody_is_asked_in_a_pipeline(desk: Desk, copy: Path) -> None:
    refused = approve(desk, copy, "solution-engineer", "ada")
    assert (refused.code, "--yes" in refused.err) == (2, True), refused.text
    assert not (copy / "approvals").exists()


def test_a_certificate_that_was_tampered_with_is_not_approved(desk: Desk, copy: Path) -> None:
    token = bytearray((copy / "certificate.jws").read_bytes())
    token[-20] ^= 1
    (copy / "certificate.jws").write_bytes(bytes(token))
    refused = approve(desk, copy, "solution-engineer", "ada", "--yes")
    assert (refused.code, "cannot be approved" in refused.err) == (14, True), refused.text


def test_a_stranger_approves_nothing(desk: Desk, copy: Path) -> None:
    refused = approve(desk, copy, "solution-engineer", "eve", "--yes")
    assert (refused.code, "does not hold key" in refused.err) == (2, True), refused.text


# — nothing secret —


def test_no_private_key_is_in_what_was_written_or_said(desk: Desk, copy: Path) -> None:
    said = [approve(desk, copy, "solution-engineer", "ada", "--yes"), approve(desk, copy, "legal", "bob", "--yes")]
    written = b"".join(file.read_bytes() for file in copy.rglob("*") if file.is_file())
    told = (desk.ended.text + "".join(ended.text for ended in said)).encode()
    for secret in (spelling for key in desk.keys.values() for spelling in spellings(key.pem)):
        assert secret not in written
        assert secret not in told
    assert b"s3cret" not in written + told


def spellings(pem: Path) -> Iterator[bytes]:
    """A private key as it could slip out: lines of PEM, the 32 bytes, their hex, their base64."""
    lines = pem.read_bytes().splitlines()
    raw = base64.b64decode(b"".join(lines[1:-1]))[-32:]
    yield from lines
    yield from (raw, raw.hex().encode(), base64.urlsafe_b64encode(raw).rstrip(b"="), base64.b64encode(raw)[:42])


# — what a profile may not have, and for whom it may speak —


def changed_profile(folder: Path, member: str, value: Any, *place: str) -> Path:
    """A profile of a sandbox that is not there, with one member changed: what is refused is refused before."""
    file = folder / "partner.yaml"
    written = yaml.safe_load(render_profile("http://127.0.0.1:9"))
    inner = written
    for name in place:
        inner = inner[name]
    inner[member] = value
    file.write_text(yaml.safe_dump(written), encoding="utf-8")
    return file


@pytest.mark.parametrize("reference", ["env", "file", "copy", "command"])
def test_a_profile_that_names_the_signing_key_gets_nothing_and_nothing_is_sent(
    desk: Desk, tmp_path: Path, reference: str
) -> None:
    pem = desk.keys["pipeline"].pem
    shutil.copy(pem, tmp_path / "copy.pem")
    kinds = {"env": "PIPELINE_KEY", "file": str(pem), "copy": "copy.pem", "command": ["printenv", "PIPELINE_KEY"]}
    secret = {"file" if reference == "copy" else reference: kinds[reference]}
    profile = changed_profile(tmp_path, "client_secret", secret, "identities", "primary")
    asked = ("--partner", profile, "--out", tmp_path / "run", "--sign", "env:PIPELINE_KEY", "--jwks", desk.jwks)
    refused = certify(
        "run", *asked, *(["--no-commands"] if reference == "command" else []), PIPELINE_KEY=pem.read_text()
    )

    words = {
        "env": "holds the key that signs this run",
        "file": "lies in a directory of signing keys",
        "copy": "is a private key, and this member is sent",
        "command": "a secret from a command is refused here",
    }
    assert refused.code == 2, refused.text
    assert words[reference] in " ".join(refused.text.split())
    assert pem.read_text().splitlines()[1] not in refused.text
    assert not (tmp_path / "run").exists()


def test_a_command_of_a_profile_does_not_find_the_key_in_its_environment(desk: Desk, tmp_path: Path) -> None:
    secret = {"command": ["sh", "-c", 'printf "%s" "${PIPELINE_KEY:-none}" > seen; echo wrong']}
    with sandbox_profile(tmp_path) as profile:
        written = yaml.safe_load(profile.read_text(encoding="utf-8"))
        written["identities"]["primary"]["client_secret"] = secret
        profile.write_text(yaml.safe_dump(written), encoding="utf-8")
        asked = ("--partner", profile, "--out", tmp_path / "run", "--sign", "env:PIPELINE_KEY", "--jwks", desk.jwks)
        ended = certify("run", *asked, PIPELINE_KEY=desk.keys["pipeline"].pem.read_text())

    assert (tmp_path / "seen").read_text() == "none", ended.text
    assert not (tmp_path / "run").exists()


def test_neither_a_run_nor_a_signature_for_a_partner_that_was_not_expected(
    desk: Desk, copy: Path, tmp_path: Path
) -> None:
    profile = changed_profile(tmp_path, "id", "globex")
    ran = certify("run", "--partner", profile, "--out", tmp_path / "out", "--expect-partner", "acme")
    key = ("--key", desk.keys["pipeline"].pem, "--again")
    signed = certify("sign", copy, *key, "--expect-partner", "acme")

    assert (ran.code, signed.code) == (2, 2)
    assert "speaks for partner 'globex', and 'acme' was expected" in " ".join(ran.text.split())
    assert "speaks for partner 'reference', and 'acme' was expected" in " ".join(signed.text.split())
    assert not (tmp_path / "out").exists()
    assert (copy / "certificate.jws").read_bytes() == (desk.run / "certificate.jws").read_bytes()
    assert certify("sign", copy, *key, "--expect-partner", "reference").code == 0


def test_a_partners_own_file_does_not_answer_for_the_platforms_people(tmp_path: Path) -> None:
    said = "role: platform-security, name: Bob Kahn, date: 2026-11-01, met: true, statement: Yes."
    answers = (
        f"schema: certify/answers/1\npartner: reference\nanswers:\n  - {{criterion: key-rotation-rehearsed, {said}}}\n"
    )
    (tmp_path / "mine.yaml").write_text(answers)
    profile = changed_profile(tmp_path, "answers", "mine.yaml")
    asked = ("run", "--partner", profile, "--out", tmp_path / "out")
    refused, free = certify(*asked), certify(*asked, "--answers", tmp_path / "mine.yaml")

    assert refused.code == 2, refused.text
    assert "mine.yaml:4" in refused.text
    assert "'platform-security' is no role of the partner's" in " ".join(refused.text.split())
    assert (
        "platform-security" not in free.text
    )  # the same file, from whoever certifies; what fails then is the way there
    assert free.code == 4
