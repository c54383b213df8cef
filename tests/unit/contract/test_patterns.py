"""Regular expressions mean what ECMA-262 says, as far as Python can say it."""

import pytest

from certify.contract.patterns import compiled, dangerous, delimited, matches


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


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(a+)+$",
        r"^(\w+\s?)+$",
        r"^(a|a)*$",
        r"^(\d*)*$",
        r"^(,(\w+|\d+))*$",
        r"^((a{0,30}){0,30})$",
        r"^([\w.-]+\.)+[a-z]{2,}$",
        r"^(\p{L}+ ?)+$",
    ],
)
def test_a_pattern_that_can_be_read_in_ever_more_ways_is_not_matched(pattern: str) -> None:
    assert dangerous(pattern)
    assert matches(pattern, "a" * 60 + "!") is None


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        r"^[\w.+-]+@([\w-]+\.)+[\w-]{2,}$",
        r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==)?$",
        r'^"(\\.|[^"\\])*"$',
        r"^([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}$",
        r"^(\s+\w+)*$",
        r"^(,(\d+|\d+\.\d+))*$",
        r"^((?!foo).)*$",
        r"^\p{L}+([ -]\p{L}+)*$",
        r"^\d+(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?$",
    ],
)
def test_the_patterns_that_people_write_are_matched(pattern: str) -> None:
    assert not dangerous(pattern)
    assert matches(pattern, "!") is not None


def test_a_text_that_is_too_long_to_be_matched_is_not() -> None:
    assert matches("^a*b$", "a" * 1_000_000) is None
