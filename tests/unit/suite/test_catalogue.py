"""The catalogue is what the suites declare, and a suite that cannot be trusted is refused."""

from pathlib import Path

import pytest

from certify.errors import ProgramError
from certify.suite.catalogue import load_checks

SUITE = '''
from certify.suite import check

@check("{id}", level="MUST", clause="RFC 9110", faults={faults})
def test_it(target):
    """It holds.

    Sends: nothing.
    Decides: nothing.
    Cause: a slip -> mend it.
    """
'''


def suite(folder: Path, name: str, check: str, faults: str = '["one"]') -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(SUITE.format(id=check, faults=faults))
    return file


def test_checks_come_in_the_order_of_areas(tmp_path: Path) -> None:
    suite(tmp_path, "test_a.py", "rate.first")
    suite(tmp_path, "test_b.py", "net.second")
    file = suite(tmp_path, "test_c.py", "zoo.third")

    checks = load_checks([tmp_path])

    assert list(checks) == ["net.second", "rate.first", "zoo.third"]
    assert checks["zoo.third"].file == str(file)


def test_two_folders_may_hold_files_of_one_name(tmp_path: Path) -> None:
    suite(tmp_path / "one", "test_a.py", "net.a")
    suite(tmp_path / "two", "test_a.py", "net.b")

    assert list(load_checks([tmp_path / "one", tmp_path / "two"])) == ["net.a", "net.b"]


def test_an_id_declared_twice_is_refused(tmp_path: Path) -> None:
    suite(tmp_path, "test_a.py", "net.a")
    suite(tmp_path, "test_b.py", "net.a")

    with pytest.raises(ProgramError) as caught:
        load_checks([tmp_path])

    assert "declared in" in str(caught.value.problems[0])


def test_a_check_without_a_fault_is_refused(tmp_path: Path) -> None:
    suite(tmp_path, "test_a.py", "net.a", faults="[]")

    with pytest.raises(ProgramError) as caught:
        load_checks([tmp_path])

    assert "names no fault" in caught.value.problems[0].message


def test_a_broken_suite_is_named_with_its_line_and_the_others_are_still_looked_at(tmp_path: Path) -> None:
    broken = tmp_path / "test_a.py"
    broken.write_text("import certify\nraise RuntimeError('oh')\n")
    suite(tmp_path, "test_b.py", "net.a", faults="[]")

    with pytest.raises(ProgramError) as caught:
        load_checks([tmp_path])

    first, second = caught.value.problems
    assert (first.file, first.line) == (str(broken), 2)
    assert "names no fault" in second.message


def test_a_suite_that_is_not_python_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("def test_a(:\n")

    with pytest.raises(ProgramError) as caught:
        load_checks([tmp_path])

    assert caught.value.problems[0].line == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('@check("net.a"', '@pytest.mark.parametrize("x", [1, 2])\n@check("net.a"'),
        ("@check", 'pytestmark = [pytest.mark.slow, pytest.mark.parametrize("x", [1, 2])]\n\n@check'),
        ("@check", "def pytest_generate_tests(metafunc): ...\n\n@check"),
    ],
    ids=["test", "module", "hook"],
)
def test_a_parametrised_check_is_refused(tmp_path: Path, before: str, after: str) -> None:
    file = suite(tmp_path, "test_a.py", "net.a")
    file.write_text("import pytest\n" + file.read_text().replace(before, after, 1))

    with pytest.raises(ProgramError) as caught:
        load_checks([tmp_path])

    (problem,) = caught.value.problems
    assert (problem.file, problem.message) == (str(file), "net.a is parametrised")
    assert "loop inside the test" in problem.advice


RENAMED = SUITE.replace("faults={faults})", 'faults={faults}, formerly=["net.old"])')


def test_a_renamed_check_says_what_it_was_called(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(RENAMED.format(id="net.new", faults='["one"]'))

    assert load_checks([tmp_path])["net.new"].formerly == ("net.old",)


@pytest.mark.parametrize(
    "other", [SUITE.format(id="net.old", faults='["one"]'), RENAMED.format(id="net.b", faults="['one']")]
)
def test_a_former_id_belongs_to_one_check(tmp_path: Path, other: str) -> None:
    (tmp_path / "test_a.py").write_text(RENAMED.format(id="net.new", faults='["one"]'))
    (tmp_path / "test_b.py").write_text(other)

    with pytest.raises(ProgramError) as caught:
        load_checks([tmp_path])

    assert "formerly net.old" in str(caught.value.problems[0])
