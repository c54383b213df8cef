"""Bad input gets one clear message, the nearest valid name, what to do, and the documented exit code."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from certify.program.shipped import shipped_root
from tests.journeys.console import Ended, certify, sandbox_profile


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with sandbox_profile(tmp_path_factory.mktemp("sandbox")) as file:
        yield file


def edited(profile: Path, folder: Path, *pairs: tuple[str, str]) -> Path:
    """A copy of the profile with some text replaced; each replacement has to find its text."""
    text = profile.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    copy = folder / "edited.yaml"
    copy.write_text(text)
    return copy


def with_secret(profile: Path, reference: str) -> str:
    """The text of the profile with another reference to its first client secret."""
    text, count = re.subn(r"client_secret:\n +file: .*", f"client_secret: {reference}", profile.read_text(), count=1)
    assert count == 1
    return text


def refused(ended: Ended, code: int, *told: str) -> None:
    assert ended.code == code, ended.text
    assert "Traceback" not in ended.text
    for text in told:
        assert text in ended.text, ended.text


def test_a_missing_profile(tmp_path: Path) -> None:
    refused(certify("run", "--partner", tmp_path / "none.yaml"), 2, "none.yaml")


def test_a_profile_that_is_not_yaml_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "partner.yaml"
    file.write_text("schema: certify/partner/1\nid: [\n")
    refused(certify("plan", "--partner", file), 2, "partner.yaml:")


def test_a_profile_of_an_unknown_version(profile: Path, tmp_path: Path) -> None:
    file = edited(profile, tmp_path, ("certify/partner/1", "certify/partner/9"))
    refused(certify("plan", "--partner", file), 2, "certify/partner/9", "certify/partner/1", "edited.yaml:")


def test_all_problems_of_a_file_at_once_with_lines_and_nearest_names(profile: Path, tmp_path: Path) -> None:
    file = edited(profile, tmp_path, ("permissions:", "permisions:"), ("base_url: http", "base_url: ftp"))
    ended = certify("plan", "--partner", file)
    refused(ended, 2, "permisions", "permissions", "base_url")
    assert len(set(re.findall(r"edited\.yaml:(\d+)", ended.text))) >= 2


def test_an_unset_environment_variable_is_named_with_its_line(profile: Path, tmp_path: Path) -> None:
    text = with_secret(profile, "{env: CERTIFY_NO_SUCH_SECRET}")
    file = tmp_path / "edited.yaml"
    file.write_text(text)
    refused(certify("plan", "--partner", file), 2, "CERTIFY_NO_SUCH_SECRET", "edited.yaml:")


def test_an_unknown_milestone_gets_the_nearest_name(profile: Path) -> None:
    ended = certify("run", "--partner", profile, "--milestone", "autentication")
    refused(ended, 2, "autentication", "did you mean 'authentication'")


def test_an_unknown_check_gets_the_nearest_name(profile: Path) -> None:
    ended = certify("run", "--partner", profile, "--check", "auth.expired-token-refused")
    refused(ended, 2, "did you mean 'auth.expired-token-rejected'")


def test_an_unknown_fault_gets_the_nearest_name() -> None:
    refused(certify("demo", "--fault", "jwt-skip-expp"), 2, "jwt-skip-exp")


def test_an_unknown_id_to_explain_gets_the_nearest_name() -> None:
    refused(certify("explain", "net.control-work"), 2, "did you mean 'net.control-works'")


def program(folder: Path, old: str, new: str) -> Path:
    """The shipped program with one text of its playbook replaced."""
    copy = folder / "program"
    for name in ("fixtures", "openapi"):
        shutil.copytree(shipped_root() / name, copy / name)
    file = copy / "fixtures" / "playbook.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    return copy


def test_an_unknown_check_in_the_playbook(profile: Path, tmp_path: Path) -> None:
    place = program(tmp_path, "[net.clock-accurate]", "[net.clock-acurate]")
    ended = certify("plan", "--partner", profile, "--program", place)
    refused(ended, 2, "net.clock-acurate", "net.clock-accurate", "playbook.yaml:")


def test_a_contract_that_is_broken_names_its_line(profile: Path, tmp_path: Path) -> None:
    contract = tmp_path / "api.yaml"
    contract.write_text("openapi: 3.1.0\npaths: {\n")
    text = re.sub(r"contract: .*", f"contract: {contract}", profile.read_text(), count=1)
    file = tmp_path / "edited.yaml"
    file.write_text(text)
    refused(certify("plan", "--partner", file), 2, "api.yaml:")


def test_a_missing_program_is_refused(profile: Path, tmp_path: Path) -> None:
    refused(certify("plan", "--partner", profile, "--program", tmp_path / "none"), 2, "none")


def test_a_sandbox_that_is_not_there_is_exit_4_with_ranked_causes(profile: Path, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unused.getsockname()[1]}"
    port = re.search(r"127\.0\.0\.1:\d+", profile.read_text())
    assert port is not None
    file = tmp_path / "edited.yaml"
    file.write_text(profile.read_text().replace(port[0], address))
    ended = certify("run", "--partner", file, "--out", tmp_path / "run")
    refused(ended, 4, "no answer", "most likely first", "base_url")
    assert not (tmp_path / "run").exists()


def test_a_wrong_secret_is_exit_4_with_ranked_causes(profile: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.secret"
    wrong.write_text("not-the-secret\n")
    text = with_secret(profile, f"{{file: {wrong}}}")
    file = tmp_path / "edited.yaml"
    file.write_text(text)
    ended = certify("run", "--partner", file, "--out", tmp_path / "run")
    refused(ended, 4, "cannot sign in", "client id or its secret is wrong")
    assert "not-the-secret" not in ended.text


def test_a_contract_at_a_wrong_url_is_exit_4(profile: Path, tmp_path: Path) -> None:
    base = re.search(r"base_url: (\S+)", profile.read_text())
    assert base is not None
    text = re.sub(r"contract: .*", f"contract: {base[1]}/no-such-document.yaml", profile.read_text(), count=1)
    file = tmp_path / "edited.yaml"
    file.write_text(text)
    refused(certify("plan", "--partner", file), 4, "cannot be fetched", "target.contract")


def test_an_out_that_is_in_use_is_said_before_anything_is_sent(profile: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "something").write_text("of mine")
    ended = certify("run", "--partner", profile, "--out", tmp_path / "run")
    refused(ended, 2, "not an empty directory", "--out")
    assert (tmp_path / "run" / "something").read_text() == "of mine"


@pytest.mark.skipif(
    os.geteuid() == 0 and not Path("/proc").is_dir(), reason="needs a place that even root cannot write"
)
def test_an_out_that_cannot_be_written_is_said_before_anything_is_sent(profile: Path) -> None:
    refused(certify("run", "--partner", profile, "--out", "/proc/certify/run"), 2, "cannot write", "--out")


def test_with_json_an_error_is_one_object_too(profile: Path) -> None:
    ended = certify("run", "--partner", profile, "--milestone", "nonsense", "--json")
    assert ended.code == 2
    assert json.loads(ended.out)["exit_code"] == 2
    assert ended.err == ""
