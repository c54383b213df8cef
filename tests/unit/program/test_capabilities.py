"""A capability is a name that some check asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from certify.errors import ProfileError
from certify.program.partner import load_partner

PROFILE = """\
schema: certify/partner/1
id: acme
name: Acme
target: {base_url: "http://127.0.0.1:1"}
sign_in: {kind: none}
capabilities:
  audit: not_offered
  NAME: offered
"""


def test_a_misspelt_capability_is_refused_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    file = tmp_path / "partner.yaml"
    file.write_text(PROFILE.replace("NAME", "paginaton"))
    with pytest.raises(ProfileError) as caught:
        load_partner(file)
    (problem,) = caught.value.problems
    assert problem.line == 8
    assert "paginaton" in problem.message
    assert "did you mean 'pagination'" in str(problem)


def test_a_known_one_is_read(tmp_path: Path) -> None:
    file = tmp_path / "partner.yaml"
    file.write_text(PROFILE.replace("NAME", "pagination"))
    assert load_partner(file).capabilities == {"audit": "not_offered", "pagination": "offered"}
