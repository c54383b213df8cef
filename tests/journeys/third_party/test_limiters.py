"""Rate limiters that others wrote: express-rate-limit with its dialects of headers and ways to refuse, and nginx.

All enforce what they are configured to, so ``rate.limit-enforced`` has to pass wherever a refusal can be seen, whatever
its status: RFC 6585 §4 offers 429, obliges nobody to it, and allows to drop requests. Only the one that is switched off
fails. What a refusal says is judged by RFC 9110 §10.2.3 and by what the profile promises.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from certify.http.call import Call, Reply
from certify.http.quota import Dialect, Quota, quotas
from tests.journeys.third_party.certified import Result, profile, run
from tests.journeys.third_party.node import HERE, contract, program
from tests.journeys.third_party.pins import EXPRESS_LIMIT, NGINX
from tests.journeys.third_party.serving import free_port, serving

pytestmark = pytest.mark.slow
LIMIT, WINDOW_S = 20, 2
KEY = {"X-API-Key": "certify"}


@pytest.fixture(scope="module")
def express(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("express"), free_port()
    words = ["node", program("limits.mjs", EXPRESS_LIMIT.installed(), folder), port, LIMIT, WINDOW_S * 1000]
    with serving(words, f"http://127.0.0.1:{port}/", folder / "log"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    package = NGINX.installed()
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    folder.chmod(0o755)
    (folder / "www").mkdir()
    (folder / "www" / "items").write_text('[{"id": 1}]')
    config = folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""  # its workers would else be nobody, who may not read the folder
    text = (HERE / "apps" / "nginx.conf").read_text()
    config.write_text(user + text.replace("PORT", str(port)).replace("ROOT", str(folder)))
    words = [package / "usr/sbin/nginx", "-p", folder, "-c", config, "-e", folder / "error.log"]
    with serving(words, f"http://127.0.0.1:{port}/", folder / "log"):
        yield f"http://127.0.0.1:{port}"


LIMITERS: dict[str, dict[str, Any]] = {
    "express/draft-8": {"retry_after": True},
    "express/forbidden": {},
    "express/silent": {},
    "express/off": {},
    "nginx/refuse": {"status": 503},
    "nginx/shape": {},
}
"""What is certified, and what the profile declares of the limit besides its size."""


@pytest.fixture(scope="module")
def said(express: str, nginx: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """A run for each, all at a time: most of a run waits for windows."""
    urls = {"express": express, "nginx": nginx}
    folders = {name: tmp_path_factory.mktemp(name.replace("/", "-")) for name in LIMITERS}

    def certified(name: str) -> Result:
        server, path = name.split("/")
        return certify_limiter(f"{urls[server]}/{path}", folders[name], LIMITERS[name])

    with ThreadPoolExecutor(len(LIMITERS)) as pool:
        return dict(zip(LIMITERS, pool.map(certified, LIMITERS), strict=True))


def certify_limiter(base_url: str, folder: Path, limit: dict[str, Any]) -> Result:
    (folder / "key").write_text(KEY["X-API-Key"])
    described = profile(
        base_url,
        contract("items"),
        sign_in={"kind": "api_key", "header": "X-API-Key"},
        identities={"primary": {"tenant": "one", "api_key": {"file": "key"}}},
        limits=[{"requests": LIMIT, "window_s": WINDOW_S, **limit}],
        permissions={"allow_writes": False, "allow_destructive": False, "allow_stress": True},
    )
    return run(folder, described, ["rate.*"])


@pytest.mark.parametrize(
    ("path", "dialect"),
    [
        ("legacy", Dialect.VENDOR),
        ("draft-6", Dialect.DRAFT_06),
        ("draft-7", Dialect.DRAFT_07),
        ("draft-8", Dialect.DRAFT_08),
    ],
)
def test_the_quota_of_each_dialect_is_read_off_a_real_answer(express: str, path: str, dialect: Dialect) -> None:
    """The library's README: the limit and the window are those it was given; its first reset is a window away."""
    answer = httpx.get(f"{express}/{path}/items", headers=KEY, trust_env=False)
    reply = Reply(answer.status_code, tuple(answer.headers.multi_items()), b"", 0, "s", Call("GET", "/"))

    (quota,) = quotas(reply)
    assert isinstance(quota, Quota)
    assert (quota.dialect, quota.limit) == (dialect, LIMIT)
    assert quota.remaining in range(LIMIT)
    assert quota.reset_s is not None
    assert 0 <= quota.reset_s <= WINDOW_S + 1
    assert quota.window_s in (None, WINDOW_S)


def test_a_limiter_that_says_429_and_when_is_enforced_and_honest(said: dict[str, Result]) -> None:
    """It sends Retry-After with each refusal ("The number of seconds until the window resets"), and a text."""
    found = said["express/draft-8"]

    assert set(found.statuses().values()) == {"passed"}
    assert "draft from -08" in found.note("rate.retry-after-honest")


def test_a_limiter_that_says_403_is_enforced_and_its_status_an_advisory(said: dict[str, Result]) -> None:
    """The option ``statusCode`` makes it 403, under a profile that says 429: enforced, and another number. Without
    Retry-After, which no standard asks of a 403, nothing can be said of when to come back."""
    found = said["express/forbidden"]

    assert found.status("rate.limit-enforced") == "passed"
    assert found.findings("rate.limit-enforced", "advisory") == ["the declared status, 429 | 403 Forbidden"]
    assert found.status("rate.retry-after-honest") == "inconclusive"


def test_a_limiter_that_closes_the_connection_is_enforced(said: dict[str, Result]) -> None:
    """RFC 6585 §7.2: under load it may be more appropriate to drop connections than to answer 429."""
    found = said["express/silent"]

    assert (found.status("rate.limit-enforced"), found.status("rate.retry-after-honest")) == ("passed", "inconclusive")


def test_a_limiter_that_is_off_fails(said: dict[str, Result]) -> None:
    """The option ``skip`` lets everything through, although the profile declares a limit."""
    assert list(said["express/off"].failed()) == ["rate.limit-enforced"]


def test_nginx_refuses_with_503_and_that_is_a_refusal(said: dict[str, Result]) -> None:
    """ngx_http_limit_req_module: ``limit_req_status`` is 503 by default, and there is no Retry-After. Its page explains
    nothing, which RFC 6585 asks of 429 alone."""
    found = said["nginx/refuse"]

    assert found.failed() == {}
    assert found.status("rate.limit-enforced") == "passed"
    assert found.status("rate.retry-after-honest") == "inconclusive"


def test_nginx_that_delays_instead_of_refusing_accuses_nobody(said: dict[str, Result]) -> None:
    """Without ``nodelay`` excess requests are delayed so that they come at the rate: nothing is ever refused, and the
    limit holds all the same; that it does cannot be told from a server that is slow."""
    assert said["nginx/shape"].failed() == {}
    assert said["nginx/shape"].status("rate.limit-enforced") == "inconclusive"
