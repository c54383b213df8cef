"""A base URL is called wrong where that is certain, and a lawful 404 or redirect is neither."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from certify.doctor import Ailment, Attribution, Case, Visit, Weight
from certify.errors import ProfileError
from tests.journeys.strange_server import Answer, Asked, Told, serving

SETTINGS = ("/avatar", "/config", "/subscription")
NOTHING = Told(404, '{"error": "no such route"}')
UNSET = Told(404, '{"error": "none set"}')
MANY = Told(200, '[{"id": 1}]')


def read(name: str, *statuses: str) -> dict[str, Any]:
    answers = {status: {"description": "x"} for status in ("200", *statuses)}
    return {"get": {"operationId": name.strip("/"), "responses": answers}}


def listing(name: str) -> dict[str, Any]:
    schema = {"type": "array", "items": {"type": "object"}}
    answer = {"description": "all", "content": {"application/json": {"schema": schema}}}
    return {"get": {"operationId": name.strip("/"), "responses": {"200": answer}}}


def examined(folder: Path, answer: Answer, paths: dict[str, Any], base: str = "") -> tuple[list[Ailment], list[str]]:
    """What the examination of the paths found, and the paths that were asked for."""
    asked: list[str] = []

    def noted(request: Asked) -> Told:
        asked.append(request.path)
        return answer(request)

    (folder / "api.json").write_text(
        json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths})
    )
    with serving(noted) as url:
        file = folder / "p.yaml"
        file.write_text(
            f"schema: certify/partner/1\nid: p\nname: P\ntarget:\n  base_url: {url}{base}\n  contract: api.json\n"
            "sign_in: {kind: none}\nidentities: {}\n"
        )
        with Visit(Case(file)) as visit:
            try:
                visit.refuse_broken()
            except ProfileError:
                assert any(item.weight is Weight.FATAL for item in visit.diagnosis.ailments)
            return list(visit.diagnosis.ailments), asked


def weights(ailments: Sequence[Ailment]) -> list[Weight]:
    return [item.weight for item in ailments]


def at(**known: Told) -> Answer:
    """Known paths, without their slash; everything else is no route."""
    return lambda asked: known.get(asked.path.strip("/"), NOTHING)


def test_settings_that_nobody_made_do_not_hide_the_read_that_works(tmp_path: Path) -> None:
    paths = {name: read(name, "404") for name in SETTINGS} | {"/zoo": read("/zoo")}
    ailments, asked = examined(tmp_path, at(zoo=MANY), paths)
    assert ailments == []
    assert [path for path in asked if path != "/"] == ["/zoo"], "what may be absent is tried last"


def test_a_read_that_works_is_found_behind_many_that_have_nothing(tmp_path: Path) -> None:
    paths = {name: read(name) for name in (*SETTINGS, "/theme")} | {"/zoo": read("/zoo")}
    assert examined(tmp_path, at(zoo=MANY), paths)[0] == []


@pytest.mark.parametrize(("statuses", "weight"), [(("404",), Weight.MINOR), ((), Weight.SERIOUS)])
def test_a_404_unlike_that_of_an_unknown_route_ends_no_run(
    tmp_path: Path, statuses: tuple[str, ...], weight: Weight
) -> None:
    known = {name.strip("/"): UNSET for name in SETTINGS}
    ailments, _ = examined(tmp_path, at(**known), {name: read(name, *statuses) for name in SETTINGS})
    assert weights(ailments) == [weight]
    assert "anything to show" in ailments[0].message


def test_404s_of_the_contract_end_no_run_even_where_they_look_like_an_unknown_route(tmp_path: Path) -> None:
    ailments, _ = examined(tmp_path, at(), {name: read(name, "404") for name in SETTINGS})
    assert weights(ailments) == [Weight.SERIOUS]


def test_a_path_that_is_only_written_to_shows_that_the_base_path_is_right(tmp_path: Path) -> None:
    paths = {name: read(name) for name in SETTINGS}
    paths["/orders"] = {"post": {"operationId": "order", "responses": {"201": {"description": "made"}}}}
    ailments, _ = examined(tmp_path, at(orders=Told(405, headers={"Allow": "POST"})), paths)
    assert weights(ailments) == [Weight.SERIOUS]
    assert weights(examined(tmp_path, at(), paths)[0]) == [Weight.FATAL]


@pytest.mark.parametrize("body", ['{{"path": "{path}", "at": "2026-01-01T00:00:{n:02}"}}', "Cannot GET {path}"])
def test_an_unknown_route_may_repeat_what_was_asked_and_tell_the_time(tmp_path: Path, body: str) -> None:
    count = iter(range(60))
    ailments, _ = examined(
        tmp_path,
        lambda asked: Told(404, body.format(path=asked.path, n=next(count))),
        {name: listing(name) for name in ("/a", "/b")},
    )
    assert weights(ailments) == [Weight.FATAL]


@pytest.mark.parametrize("statuses", [(), ("404",)])
def test_another_base_path_that_has_the_contract_makes_it_certain(tmp_path: Path, statuses: tuple[str, ...]) -> None:
    paths = {"/zoo": read("/zoo", *statuses)}
    ailments, _ = examined(tmp_path, at(**{"api/zoo": MANY}), paths, "/wrong")
    assert weights(ailments) == [Weight.FATAL]
    assert ailments[0].advice.endswith("/api")
    assert ailments[0].line == 5


def test_a_base_path_where_everything_is_answered_is_not_the_right_one(tmp_path: Path) -> None:
    """A gateway that asks everybody for a credential, whatever the route."""

    def gateway(asked: Asked) -> Told:
        return NOTHING if asked.path.startswith("/wrong") else Told(401, headers={"WWW-Authenticate": "Bearer"})

    ailments, _ = examined(tmp_path, gateway, {"/zoo": read("/zoo", "404")}, "/wrong")
    assert weights(ailments) == [Weight.SERIOUS]
    assert ailments[0].advice == ""


@pytest.mark.parametrize("base", ["", "/api/v2"])
def test_a_redirect_that_adds_a_slash_is_no_sign_in_page(tmp_path: Path, base: str) -> None:
    def slashing(asked: Asked) -> Told:
        if asked.path.endswith("/"):
            return MANY
        return Told(307, "", {"Location": f"http://{asked.headers['host']}{asked.path}/"})

    ailments, _ = examined(tmp_path, slashing, {"/avatar": read("/avatar"), "/config": read("/config")}, base)
    assert [(item.attribution, item.weight) for item in ailments] == [(Attribution.CONTRACT, Weight.SERIOUS)]
    assert "wants a slash at the end: GET /avatar" in ailments[0].message


def test_a_redirect_that_drops_a_slash_is_told_too(tmp_path: Path) -> None:
    ailments, _ = examined(
        tmp_path, lambda asked: Told(301, "", {"Location": asked.path.rstrip("/")}), {"/avatar/": read("avatar")}
    )
    assert "wants no slash at the end" in ailments[0].message
    assert weights(ailments) == [Weight.SERIOUS]


def test_a_redirect_of_the_contract_is_a_read_that_works(tmp_path: Path) -> None:
    moved = Told(302, "", {"Location": "https://cdn.example/avatar.png"})
    assert examined(tmp_path, at(avatar=moved), {"/avatar": read("/avatar", "302")})[0] == []
    undocumented, _ = examined(tmp_path, at(avatar=moved), {"/avatar": read("/avatar")})
    assert weights(undocumented) == [Weight.SERIOUS]


@pytest.mark.parametrize("names", [("/avatar",), ("/avatar", "/config")])
def test_redirects_that_all_lead_to_one_page_are_its_sign_in(tmp_path: Path, names: tuple[str, ...]) -> None:
    """One read alone shows it where an unknown route leads there, too."""

    def guarded(asked: Asked) -> Told:
        known = asked.path in names or len(names) == 1
        return Told(302, "", {"Location": f"/login?next={asked.path}"}) if known else NOTHING

    ailments, _ = examined(tmp_path, guarded, {name: read(name) for name in names})
    assert weights(ailments) == [Weight.FATAL]
    assert "sign-in page" in ailments[0].causes[0]
