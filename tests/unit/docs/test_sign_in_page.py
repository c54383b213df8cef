"""The page on sign-in: every snippet is a profile that loads, and every kind has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from certify.http.signin import flows
from certify.program.partner import load_partner

PAGE = (Path(__file__).parents[3] / "docs" / "sign-in.md").read_text(encoding="utf-8")
SNIPPETS = [text for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "sign_in:" in text]
HEAD = "schema: certify/partner/1\nid: acme\nname: Acme\ntarget: {base_url: 'https://sandbox.acme.example'}\n"


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda text: str(yaml.safe_load(text)["sign_in"]["kind"]))
def test_a_snippet_is_a_profile_that_loads(snippet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in re.findall(r"env: ([A-Z_]+)", snippet):
        monkeypatch.setenv(name, "TEST ONLY")
    for name in re.findall(r"file: ([\w./]+)", snippet):
        (tmp_path / name).write_text("TEST ONLY")
    (tmp_path / "partner.yaml").write_text(HEAD + snippet)

    assert load_partner(tmp_path / "partner.yaml").sign_in.kind == yaml.safe_load(snippet)["sign_in"]["kind"]


def test_every_kind_of_sign_in_has_a_snippet() -> None:
    assert {yaml.safe_load(text)["sign_in"]["kind"] for text in SNIPPETS} == set(flows())
