"""Whatever a partner writes is shown and does nothing: every payload, in every text, in every format that there is.

Formats, fields and kinds of files are found, not listed: what is added tomorrow is tried tomorrow.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from functools import cache

import pytest
from markdown_it import MarkdownIt

from certify.formats import formats
from certify.model.report import Report
from tests.unit.formats import harmless, samples
from tests.unit.hostile import PAYLOADS, build, spoil

SAMPLES = {"failing": samples.failing, "passing": samples.passing, "unproven": samples.unproven}
AS_IT_CAME = {"json"}
"""``certification.json`` is the record that all others are made of: it keeps what came, escaped as JSON."""


def rendered(report: Report) -> dict[str, bytes]:
    return {
        name: data
        for key, known in formats().items()
        if key not in AS_IT_CAME
        for name, data in known.render(report).items()
    }


@cache
def _benign(sample: str) -> dict[str, bytes]:
    return _of_one_kind(rendered(spoil(SAMPLES[sample](), "benign `word` ")))


def _of_one_kind(files: dict[str, bytes]) -> dict[str, bytes]:
    """The first file of each kind, to hold hostile ones against, whose names differ."""
    whole: dict[str, bytes] = {}
    for name, data in files.items():
        whole.setdefault(_kind(name), data)
    return whole


def _kind(name: str) -> str:
    return name if "/" not in name else f"{name.split('/')[0]}/*.{name.rpartition('.')[2]}"


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("sample", SAMPLES)
def test_every_file_of_every_format_is_harmless(sample: str, payload: str) -> None:
    files = rendered(spoil(SAMPLES[sample](), PAYLOADS[payload]))
    benign = _benign(sample)

    for name, data in files.items():
        harmless.inspect(name, data, benign[_kind(name)])


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_no_word_of_ours_is_harmless_too(payload: str) -> None:
    """A record from elsewhere may say anything where we have closed lists."""
    files, benign = (rendered(build(Report, text)) for text in (PAYLOADS[payload], "benign `word`"))

    model = _of_one_kind(benign)
    for name, data in files.items():
        harmless.inspect(name, data, model[_kind(name)])


@pytest.mark.parametrize("payload", PAYLOADS)
def test_annotations_hold_no_command_but_ours(payload: str) -> None:
    for sample in SAMPLES.values():
        files = formats()["github"].render(spoil(sample(), PAYLOADS[payload]))
        harmless.annotations(files["github-annotations.txt"].decode())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_allure_which_renders_descriptions_and_follows_links_gets_neither_markup_nor_addresses(payload: str) -> None:
    """Descriptions are Markdown there, and an image in one would be fetched; an address goes into ``href`` as it is."""
    known = {"https://www.rfc-editor.org", "https://owasp.org", "https://platform.example"}
    for sample in SAMPLES.values():
        files = formats()["allure"].render(spoil(sample(), PAYLOADS[payload]))
        for result in (json.loads(data) for name, data in files.items() if name.endswith("-result.json")):
            page = MarkdownIt().render(result["description"])
            assert page.startswith("<p>")
            assert page.count("<") == 2, page
            assert {"/".join(link["url"].split("/")[:3]) for link in result.get("links", ())} <= known
            assert "descriptionHtml" not in result


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_record_itself_reads_back_what_came(payload: str) -> None:
    report = spoil(samples.failing(), PAYLOADS[payload])
    (data,) = formats()["json"].render(report).values()

    assert not re.search("[\x00-\x09\x0b-\x1f]", data.decode("utf-8"))
    assert json.loads(data)["partner"]["name"] == report.partner.name


@pytest.mark.parametrize("name", sorted(set(formats()) - AS_IT_CAME))
def test_a_megabyte_in_every_text_is_cut(name: str) -> None:
    began = time.monotonic()
    files = formats()[name].render(replace(build(Report, "<&>" * 350_000), schema="x"))

    assert max(map(len, files.values())) < 10_000_000
    assert time.monotonic() - began < 60


def test_the_rules_find_what_they_look_for() -> None:
    """Each rule turns red on a file that is not harmless."""
    wrong = {
        "a.html": "<p onclick=x>", "b.html": "<p><script></script>", "c.html": "<a href='https://evil.example'>x</a>",
        "a.svg": "<svg><script/></svg>", "a.xml": "<a><b/></a>", "a.csv": '"x"\r\n"=1"\r\n',
        "b.csv": '"x"\r\n"1","2"\r\n',
        "a.json": '"\\u001b[2J"', "a.md": "![x](y)", "b.md": "see www.evil.example", "c.md": "<b>x</b>",
        "a.txt": "\x1b[2J",
    }  # fmt: skip
    benign = {
        "html": "<p><a href='#x'></a>",
        "svg": "<svg/>",
        "xml": "<a/>",
        "csv": '"x"\r\n',
        "json": '""',
        "md": "x",
        "txt": "",
    }
    for name, text in wrong.items():
        with pytest.raises(AssertionError):
            harmless.inspect(name, text.encode(), benign[name.rpartition(".")[2]].encode())
