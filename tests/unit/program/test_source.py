"""Documents that remember lines, and hostile files that are refused with one clear problem."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path
from typing import Any

import pytest

from certify.errors import Problem, ProfileError, ProgramError
from certify.program.shipped import shipped_root
from certify.program.source import MAX_BYTES, read_document, spell


def _refused(tmp_path: Path, data: bytes, name: str = "file.yaml") -> Problem:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ProgramError) as caught:
        read_document(tmp_path / name)
    assert caught.value.exit_code == 2
    [problem] = caught.value.problems
    assert problem.file == str(tmp_path / name)
    return problem


def _read(tmp_path: Path, text: str, name: str = "file.yaml") -> Any:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_document(tmp_path / name).value


def test_a_place_is_found_on_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("one: 1\nlist:\n  - a\n  - deep:\n      x: 2\n")
    document = read_document(tmp_path / "a.yaml")
    assert document.line_of(("list", 1, "deep", "x")) == 5
    assert document.line_of(("list", 0)) == 3
    assert spell(("list", 1, "deep", "x")) == "list[1].deep.x"


def test_a_place_that_is_not_there_has_the_line_of_what_is_around_it(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("one: 1\nlist:\n  - a: 1\n")
    assert read_document(tmp_path / "a.yaml").line_of(("list", 0, "missing", "deeper")) == 3


def test_dates_versions_and_the_words_of_old_yaml_stay_texts(tmp_path: Path) -> None:
    value = _read(tmp_path, "a: 2026-11-01\nb: no\nc: on\nd: 1.10.2\ne: 007\nf: 1_000\ng: 12:30\nh: .inf\n")
    assert value == {
        "a": "2026-11-01",
        "b": "no",
        "c": "on",
        "d": "1.10.2",
        "e": "007",
        "f": "1_000",
        "g": "12:30",
        "h": ".inf",
    }


def test_numbers_truth_values_and_nothing_are_what_json_knows(tmp_path: Path) -> None:
    value = _read(tmp_path, "a: 12\nb: -1.5\nc: true\nd: null\ne:\nf: '12'\ng: 1e3\n200: ok\n")
    assert value == {"a": 12, "b": -1.5, "c": True, "d": None, "e": None, "f": "12", "g": 1000.0, "200": "ok"}


def test_json_is_read_with_tabs_and_with_characters_beyond_the_basic_plane(tmp_path: Path) -> None:
    value = _read(tmp_path, '{\n\t"a": "\\ud83d\\ude00",\n\t"b": [1, 2.5, "c\\/d"]\n}', "file.json")
    assert value == {"a": "😀", "b": [1, 2.5, "c/d"]}


def test_an_alias_is_the_value_it_names(tmp_path: Path) -> None:
    assert _read(tmp_path, "a: &x {b: 1}\nc: *x\n") == {"a": {"b": 1}, "c": {"b": 1}}


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", 0, "the file is empty"),
        (b"  \n\n", 0, "the file is empty"),
        (b"# only a comment\n", 1, "the document is empty"),
        (b"- a\n- b\n", 1, "a list, not a mapping"),
        (b"hello\n", 1, "a single value, not a mapping"),
        (b"a: 1\nb: 2\na: 3\n", 3, "member 'a' is written twice; the first is on line 1"),
        (b"a:\n\tb: 1\n", 2, "a tab indents this line"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        (b"a: 1\nb: \x00\n", 2, "control character (U+0000)"),
        (b"a: 1\n---\nb: 1\n", 2, "a second document starts here"),
        (b"a: 1\nb: *nobody\n", 2, "alias '*nobody' has no anchor"),
        (b"a: &a [*a]\n", 1, "alias '*a' has no anchor"),
        (b"a: 1\n? [x]\n: 1\n", 2, "a member's name must be a single value"),
        (b"a: !!python/object/apply:os.system [ls]\n", 1, "is not supported"),
        (b"a: 1\nb: one: two\n", 2, "mapping values are not allowed"),
        (b"a: 1\nb: 'open\n", 2, "not YAML"),
        (b"a: [1, 2\n", 1, "not YAML"),
    ],
)
def test_what_cannot_be_read_is_one_problem_with_its_line(tmp_path: Path, data: bytes, line: int, message: str) -> None:
    problem = _refused(tmp_path, data)
    assert message in problem.message
    assert problem.line == line


def test_a_missing_file_names_the_one_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "partner.yaml").write_text("a: 1")
    with pytest.raises(ProfileError) as caught:
        read_document(tmp_path / "partnr.yaml", ProfileError)
    assert str(caught.value.problems[0]).endswith("there is no such file (did you mean 'partner.yaml'?)")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(ProgramError) as caught:
        read_document(tmp_path)
    assert "cannot be opened" in caught.value.problems[0].message


def test_a_file_that_is_too_large_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    assert "larger than 20 MB" in _refused(tmp_path, b"a: " + b"x" * MAX_BYTES).message


def test_a_billion_laughs_are_counted_and_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "once its aliases are expanded" in _refused(tmp_path, "\n".join(lines).encode()).message


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " + "{a: " * 5_000, "- " * 20_000, "a:\n" + "? " * 20_000])
def test_deep_nesting_never_reaches_the_stack(tmp_path: Path, text: str) -> None:
    assert _refused(tmp_path, text.encode()).line


def test_aliases_cannot_hide_depth(tmp_path: Path) -> None:
    lines = ["a0: &a0 []", *(f"a{n}: &a{n} [[[[[[[[*a{n - 1}]]]]]]]]" for n in range(1, 40))]
    assert "nested deeper" in _refused(tmp_path, "\n".join(lines).encode()).message


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_playbook_is_read_or_refused_but_never_a_traceback(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    whole = (shipped_root() / "fixtures" / "playbook.yaml").read_bytes()
    for _ in range(10):
        data = bytearray(whole[: rng.randrange(len(whole))])
        for _ in range(rng.randrange(4)):
            data[rng.randrange(len(data)) : 0] = rng.choice(
                [b"\x00", b"\xff", b"\t", b"{", b"]", b"*x", b"&x", b": ", b"\n"]
            )
        (tmp_path / "file.yaml").write_bytes(data)
        with contextlib.suppress(ProgramError):
            read_document(tmp_path / "file.yaml")


@pytest.mark.parametrize("seed", range(10))
def test_random_bytes_are_refused(tmp_path: Path, seed: int) -> None:
    _refused(tmp_path, random.Random(seed).randbytes(2_000))
