"""A program is found by the places of its parts, and named by their content."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from certify.errors import ProgramError
from certify.program.digest import digest
from certify.program.program import find_program
from certify.program.shipped import shipped_root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "openapi").mkdir()
    (tmp_path / "playbook.yaml").write_text("schema: certify/playbook/1\n")
    (tmp_path / "openapi" / "api.v1.yaml").write_text("openapi: 3.1.0\n")
    return tmp_path


def test_without_a_directory_the_shipped_program_is_found() -> None:
    program = find_program()
    assert program.root == shipped_root()
    assert program.playbook.name == "playbook.yaml"
    assert program.contract == shipped_root() / "openapi" / "partner-api.v1.yaml"
    assert program.answers is not None


def test_a_program_without_suites_uses_the_shipped_ones(root: Path) -> None:
    assert find_program(root).suites == shipped_root() / "suites"
    (root / "suites").mkdir()
    assert find_program(root).suites == root / "suites"


@pytest.mark.parametrize("folder", ["fixtures", "playbook"])
def test_a_playbook_may_lie_in_a_folder_of_its_own(root: Path, folder: str) -> None:
    (root / folder).mkdir()
    shutil.move(root / "playbook.yaml", root / folder / "playbook.yaml")
    assert find_program(root).playbook == root / folder / "playbook.yaml"


def test_the_highest_version_of_the_contract_is_used(root: Path) -> None:
    for version in ("2", "10", "10.1"):
        (root / "openapi" / f"api.v{version}.json").write_text("{}")
    assert find_program(root).contract.name == "api.v10.1.json"


def test_two_different_contracts_are_ambiguous_until_the_playbook_names_one(root: Path) -> None:
    (root / "openapi" / "other.yaml").write_text("openapi: 3.1.0\n")
    with pytest.raises(ProgramError, match=r"several contracts: api\.v1\.yaml, other\.yaml") as caught:
        find_program(root)
    assert caught.value.advice == ("name one in the playbook, as contract: openapi/…",)
    (root / "playbook.yaml").write_text("contract: openapi/other.yaml\n")
    assert find_program(root).contract.name == "other.yaml"


def test_a_contract_that_is_not_there_is_told_with_its_line(root: Path) -> None:
    (root / "playbook.yaml").write_text("schema: certify/playbook/1\ncontract: openapi/api.v2.yaml\n")
    with pytest.raises(ProgramError) as caught:
        find_program(root)
    [problem] = caught.value.problems
    assert (problem.line, problem.advice) == (2, "there are: openapi/api.v1.yaml")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [("playbook.yaml", "holds no playbook"), ("openapi/api.v1.yaml", "holds no contract")],
)
def test_a_program_that_lacks_a_part_says_which(root: Path, spoil: str, message: str) -> None:
    (root / spoil).unlink()
    with pytest.raises(ProgramError, match=message):
        find_program(root)


def test_two_playbooks_are_one_too_many(root: Path) -> None:
    (root / "fixtures").mkdir()
    shutil.copy(root / "playbook.yaml", root / "fixtures" / "playbook.yaml")
    with pytest.raises(ProgramError, match="more than one playbook"):
        find_program(root)


def test_a_directory_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="is not a program directory"):
        find_program(tmp_path / "nowhere")


def test_answers_are_used_only_for_the_partner_they_are_about(root: Path) -> None:
    assert find_program(root).answers_for("acme") is None
    (root / "answers.yaml").write_text("partner: acme\n")
    assert find_program(root).answers_for("acme") == root / "answers.yaml"
    assert find_program(root).answers_for("globex") is None


def test_a_digest_names_the_content_and_not_the_place(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    copy = tmp_path_factory.mktemp("copy") / "program"
    shutil.copytree(root, copy)
    assert digest(copy) == digest(root)
    assert find_program(copy).digest == find_program(root).digest


def test_caches_do_not_change_a_digest_and_every_byte_and_name_does(root: Path) -> None:
    before = digest(root)
    (root / "openapi" / "__pycache__").mkdir()
    (root / "openapi" / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert digest(root) == before
    (root / "openapi" / "api.v1.yaml").rename(root / "openapi" / "api.v2.yaml")
    renamed = digest(root)
    (root / "openapi" / "api.v2.yaml").write_text("openapi: 3.1.1\n")
    assert len({before, renamed, digest(root)}) == 3


def test_importing_the_package_loads_neither_yaml_nor_jsonschema() -> None:
    modules = "answers digest lint partner playbook program secrets shipped source validate"
    imports = "; ".join(f"import certify.program.{name}" for name in modules.split())
    code = f"{imports}; import sys; print([name for name in ('yaml', 'jsonschema', 'httpx') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
