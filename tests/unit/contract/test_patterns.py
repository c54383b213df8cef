"""Regular expressions mean what ECMA-262 says, as far as Python can say it."""

import pytest

from certify.contract.patterns import compiled, delimited


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"^\d+$", "12", True),
        (r"^\d+$", "١٢", False),  # Arabic-Indic digits are no digits there
        (r"^\w+$", "é", False),
        (r"^[\w-]+$", "a-b", True),
        (r"^[^\d]+$", "a1", False),
        (r"^[\D]$", "a", True),
        (r"^a$", "a\n", False),  # $ is the very end
        (r"^\p{L}+$", "Äß", True),
        (r"^\p{L}+$", "a1", False),
        (r"^[\p{Lu}\p{Nd}]+$", "Ä7", True),
        (r"^\P{L}$", "7", True),
        (r"^\p{Letter}$", "x", True),
        (r"^(?<year>\d{4})-\k<year>$", "2026-2026", True),
        (r"^\u{1F600}$", "😀", True),
        (r"^[^]+$", "a\nb", True),
        (r"^\/a\-b$", "/a-b", True),
        (r"^[[a]$", "[", True),
        (r"^\cJ$", "\n", True),
        (r"^(?!x)(?=a)a(?<=a)$", "a", True),
    ],
)
def test_a_pattern_means_what_it_meant(pattern: str, text: str, matches: bool) -> None:
    found = compiled(pattern)

    assert found is not None
    assert bool(found.search(text)) is matches


@pytest.mark.parametrize("pattern", ["(", "(?<=a+)b", r"\p{Nonsense}", r"\p{Script=Greek}", "a{99999999999999999999}"])
def test_what_python_cannot_say_is_nothing(pattern: str) -> None:
    assert compiled(pattern) is None


def test_slashes_around_a_whole_pattern_are_delimiters() -> None:
    assert delimited("/^a$/")
    assert not delimited("^/a/$")
    assert not delimited("/a/")
