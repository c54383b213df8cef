"""A check explains itself beside the code that does it, or it is refused."""

import pytest

from certify.suite.check import read_docstring

DOCSTRING = """An expired token is refused.

    Sends: one read
    with an old token.
    Decides: 401.
    Cause: exp is not compared -> compare it
    on each request.
    Cause: a cache -> bound it.
    """


def test_the_fields_of_a_docstring_go_on_over_lines() -> None:
    fields = read_docstring("auth.x", DOCSTRING)

    assert fields["statement"] == "An expired token is refused."
    assert fields["sends"] == "one read with an old token."
    assert [(cause.what, cause.fix) for cause in fields["causes"]] == [
        ("exp is not compared", "compare it on each request."),
        ("a cache", "bound it."),
    ]


@pytest.mark.parametrize("without", ["Sends", "Decides", "Cause", "->"])
def test_a_check_that_does_not_explain_itself_is_refused(without: str) -> None:
    with pytest.raises(ValueError, match=r"auth\.x"):
        read_docstring("auth.x", DOCSTRING.replace(without, "And"))
