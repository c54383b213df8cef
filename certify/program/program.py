"""A program on disk: playbook, contract and suites, found by their places and named by their digests.

DIR/playbook.yaml | fixtures/playbook.yaml | playbook/playbook.yaml
DIR/openapi/*.yaml|yml|json     one, or the one that the playbook's ``contract`` names, or the highest version;
                                without openapi/ the profile has to name its own
DIR/suites/                     optional; the shipped suites otherwise
answers.yaml, waivers.yaml      optional, beside the playbook

Two programs are built in and go by name: ``reference``, our own contract and playbook, and ``baseline``, a playbook
without a contract that any HTTP API can be held to.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from certify.errors import Problem, ProgramError
from certify.program.digest import combined, digest
from certify.program.shipped import shipped_root

PLAYBOOKS = ("playbook.yaml", "fixtures/playbook.yaml", "playbook/playbook.yaml")
CONTRACTS = (".yaml", ".yml", ".json")
REFERENCE, BASELINE = "reference", "baseline"
BUILT_IN = {REFERENCE: "", BASELINE: "fixtures/baseline"}
"""The programs that certify brings, and where they lie below the shipped root."""


@dataclass(frozen=True)
class Program:
    """Paths, all of them existing. ``answers`` is None where nobody signed anything yet, ``waivers`` where nothing is
    excused, ``contract`` where the program brings none."""

    root: Path
    playbook: Path
    contract: Path | None
    suites: Path
    answers: Path | None = None
    waivers: Path | None = None

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """``sha256:…`` of playbook, contract (if it brings one) and suites, and of them together as program."""
        parts = {"playbook": digest(self.playbook), "suites": digest(self.suites)}
        parts |= {"contract": digest(self.contract)} if self.contract else {}
        return {**parts, "program": combined(parts)}

    @property
    def suite_folders(self) -> list[Path]:
        """Where its checks are declared: the shipped ones, and its own."""
        return list(dict.fromkeys([shipped_root() / "suites", self.suites]))

    @property
    def digest(self) -> str:
        """What was tested, in one digest. Answers and waivers are about a partner and not part of it."""
        return self.digests["program"]

    def answers_for(self, partner: str) -> Path | None:
        """The answers file, if it is about that partner; another partner's signatures prove nothing."""
        from certify.program.source import read_document

        if self.answers is None or read_document(self.answers).value.get("partner") != partner:
            return None
        return self.answers


def find_program(directory: Path | None = None) -> Program:
    """Find the parts of a program; without a directory or a built-in's name, the reference program.

    Raises :class:`ProgramError`.
    """
    root = _root(directory)
    if not root.is_dir():
        raise ProgramError(f"{root} is not a program directory", [_LAYOUT, _NAMES])
    playbook = _playbook(root)
    answers, waivers = playbook.with_name("answers.yaml"), playbook.with_name("waivers.yaml")
    suites = root / "suites"
    return Program(
        root=root,
        playbook=playbook,
        contract=_contract(root, playbook),
        suites=suites if suites.is_dir() else shipped_root() / "suites",
        answers=answers if answers.is_file() else None,
        waivers=waivers if waivers.is_file() else None,
    )


def program_for(directory: Path | None, contract: str) -> Program:
    """The program for a partner whose profile names ``contract``: the directory's; or, where the partner has a contract
    of its own, the baseline; else the reference program."""
    if directory is not None or not contract:
        return find_program(directory)
    reference = find_program()
    # The reference sandbox's profile names the reference contract, which comes with its own playbook.
    own = reference.contract is None or Path(contract) != reference.contract.resolve()
    return find_program(Path(BASELINE)) if own else reference


def _root(directory: Path | None) -> Path:
    name = REFERENCE if directory is None else str(directory)
    if name in BUILT_IN and not os.path.isdir(name):
        return shipped_root() / BUILT_IN[name]
    return Path(name)


_LAYOUT = "a program directory holds playbook.yaml and, if you have your own, openapi/ and suites/"
_NAMES = f"built in are: {', '.join(sorted(BUILT_IN))}"


def _playbook(root: Path) -> Path:
    found = [root / name for name in PLAYBOOKS if (root / name).is_file()]
    if not found:
        raise ProgramError(f"{root} holds no playbook: none of {', '.join(PLAYBOOKS)} is there", [_LAYOUT])
    if len(found) > 1:
        both = " and ".join(str(item.relative_to(root)) for item in found)
        raise ProgramError(f"{root} holds more than one playbook: {both}", ["keep one of them"])
    return found[0]


def _contract(root: Path, playbook: Path) -> Path | None:
    from certify.program.source import read_document

    document = read_document(playbook)
    named = document.value.get("contract")
    if not isinstance(named, str):
        return _only_contract(root) if (root / "openapi").is_dir() else None
    if not os.path.isfile(root / named):
        message, advice = f"contract {named!r} does not exist", _available(root)
        problem = Problem(document.file, message, document.line_of(("contract",)), "contract", advice)
        raise ProgramError(f"{playbook} names a contract that is not there", problems=[problem])
    return root / named


def _contracts(root: Path) -> list[Path]:
    folder = root / "openapi"
    return sorted(item for item in folder.glob("*") if item.is_file() and item.suffix in CONTRACTS)


def _available(root: Path) -> str:
    names = [item.relative_to(root).as_posix() for item in _contracts(root)]
    return f"there are: {', '.join(names)}" if names else f"{root / 'openapi'} holds none"


def _only_contract(root: Path) -> Path:
    """The only contract, or the highest version of the one that all files are versions of."""
    found = _contracts(root)
    if not found:
        raise ProgramError(f"{root} holds no contract: openapi/ has no {', '.join(CONTRACTS)} file", [_LAYOUT])
    versions = {item: _version(item) for item in found}
    best = max(versions.values(), key=lambda pair: pair[1])
    highest = [item for item, version in versions.items() if version == best]
    if len({name for name, _ in versions.values()}) > 1 or len(highest) > 1:
        names = ", ".join(item.name for item in found)
        raise ProgramError(f"{root / 'openapi'} holds several contracts: {names}", [_NAME_ONE])
    return highest[0]


_NAME_ONE = "name one in the playbook, as contract: openapi/…"


def _version(path: Path) -> tuple[str, tuple[int, ...]]:
    """A file's name without its version, and the version: ``partner-api.v1.2.yaml`` → (partner-api, (1, 2))."""
    match = re.fullmatch(r"(.+?)[.-]v([0-9]+(?:\.[0-9]+)*)", path.stem)
    return (match[1], tuple(int(part) for part in match[2].split("."))) if match else (path.stem, ())
