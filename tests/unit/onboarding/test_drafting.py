"""A profile is drafted from a contract alone, can be loaded at once, and says why each entry is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from certify.errors import HarnessError, OutputError, UsageError
from certify.formats.inert import visible
from certify.model.partner import Partner
from certify.onboarding import Draft, Question, Wishes, draft_profile, write_profile
from certify.onboarding.kinds import KINDS
from certify.onboarding.yaml_lines import scalar
from certify.program.partner import load_partner
from certify.program.placeholder import PLACEHOLDER

URL = "http://127.0.0.1:8080"
PAGE = {
    "type": "object",
    "properties": {"things": {"type": "array", "items": {}}, "next_cursor": {"type": "string"}, "total": {}},
}


def contract(folder: Path, **members: Any) -> Path:
    """A contract with one list of things; ``members`` are added or replaced."""
    listed = {"200": {"description": "ok", "content": {"application/json": {"schema": PAGE}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Acme Things", "version": "1"},
        "paths": {"/things": {"get": {"operationId": "listThings", "responses": listed}}},
        **members,
    }
    file = folder / "api.json"
    file.write_text(json.dumps(document))
    return file


def secured(scheme: dict[str, Any]) -> dict[str, Any]:
    return {"components": {"securitySchemes": {"front": scheme}}, "security": [{"front": []}]}


def drafted(folder: Path, file: Path, **wishes: Any) -> Draft:
    return draft_profile(Wishes(contract=str(file), url=URL, **wishes), folder / "acme.yaml")


def loaded(folder: Path, draft: Draft) -> Partner:
    return load_partner(write_profile(draft, force=True), secrets=False)


def test_an_open_api_needs_no_identity(tmp_path: Path) -> None:
    partner = loaded(tmp_path, drafted(tmp_path, contract(tmp_path)))
    assert (partner.sign_in.kind, partner.identities) == ("none", {})
    assert partner.contract == str(tmp_path / "api.json")


@pytest.mark.parametrize(
    ("scheme", "kind", "members", "secret"),
    [
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, "api_key", {"header": "X-Key"}, "api_key"),
        ({"type": "apiKey", "in": "query", "name": "key"}, "api_key", {"query": "key"}, "api_key"),
        ({"type": "apiKey", "in": "header", "name": "Authorization"}, "bearer", {}, "token"),
        ({"type": "http", "scheme": "basic"}, "basic", {}, "password"),
        ({"type": "http", "scheme": "Bearer"}, "bearer", {}, "token"),
    ],
)
def test_the_sign_in_is_the_contracts(
    tmp_path: Path, scheme: dict[str, Any], kind: str, members: dict[str, str], secret: str
) -> None:
    draft = drafted(tmp_path, contract(tmp_path, **secured(scheme)))
    partner = loaded(tmp_path, draft)
    assert (partner.sign_in.kind, partner.sign_in.settings) == (kind, members)
    assert draft.exports[0][0] == f"ACME_THINGS_PRIMARY_{secret.upper()}"
    assert partner.identities["primary"].secrets[secret].value == draft.exports[0][0]


def test_the_token_endpoint_is_taken_from_the_flow_and_may_be_relative(tmp_path: Path) -> None:
    flows = {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {"things:read": "", "admin": ""}}}
    partner = loaded(tmp_path, drafted(tmp_path, contract(tmp_path, **secured({"type": "oauth2", "flows": flows}))))
    assert (partner.sign_in.kind, partner.sign_in.token_url) == ("client_credentials", f"{URL}/oauth/token")
    assert partner.identities["primary"].scopes == ("things:read",)


def test_what_only_the_owner_knows_is_marked_and_can_be_given(tmp_path: Path) -> None:
    file = contract(tmp_path, **secured({"type": "http", "scheme": "basic"}))
    assert f"username: {PLACEHOLDER}" in drafted(tmp_path, file).text
    given = loaded(tmp_path, drafted(tmp_path, file, settings={"username": "ada"}))
    assert given.identities["primary"].settings["username"] == "ada"


def test_the_scheme_that_opens_most_operations_is_taken_and_the_other_named(tmp_path: Path) -> None:
    schemes = {"rare": {"type": "http", "scheme": "basic"}, "usual": {"type": "apiKey", "in": "query", "name": "k"}}
    answer = {"responses": {"200": {"description": "ok"}}}
    paths = {
        "/a": {"get": {"operationId": "a", "security": [{"usual": []}], **answer}},
        "/b": {"get": {"operationId": "b", "security": [{"usual": []}, {"rare": []}], **answer}},
    }
    draft = drafted(tmp_path, contract(tmp_path, components={"securitySchemes": schemes}, paths=paths))
    assert loaded(tmp_path, draft).sign_in.kind == "api_key"
    assert "also declares rare (basic)" in draft.text
    assert loaded(tmp_path, drafted(tmp_path, tmp_path / "api.json", sign_in="rare")).sign_in.kind == "basic"


def test_an_unknown_sign_in_gets_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'bearer'"):
        drafted(tmp_path, contract(tmp_path), sign_in="bearr")


@pytest.mark.parametrize(
    ("parameters", "style", "cursor", "size"),
    [
        (["cursor", "limit"], "cursor", "cursor", "limit"),
        (["offset", "limit"], "offset", "offset", "limit"),
        (["page", "per_page"], "page", "page", "per_page"),
        (["pageToken", "pageSize"], "cursor", "pageToken", "pageSize"),
    ],
)
def test_paging_is_guessed_from_parameters_and_answers(
    tmp_path: Path, parameters: list[str], style: str, cursor: str, size: str
) -> None:
    file = contract(tmp_path)
    document = json.loads(file.read_text())
    listed = [{"name": name, "in": "query", "schema": {"maximum": 50}} for name in parameters]
    document["paths"]["/things"]["get"]["parameters"] = listed
    file.write_text(json.dumps(document))
    found = loaded(tmp_path, drafted(tmp_path, file)).pagination
    assert (found.style, found.cursor_param, found.size_param) == (style, cursor, size)
    assert (found.items_pointer, found.max_size) == ("/things", 50)


def test_a_filter_called_from_is_not_paging(tmp_path: Path) -> None:
    file = contract(tmp_path)
    document = json.loads(file.read_text())
    document["paths"]["/things"]["get"]["parameters"] = [{"name": "from", "in": "query", "schema": {"type": "string"}}]
    file.write_text(json.dumps(document))
    partner = loaded(tmp_path, drafted(tmp_path, file))
    assert partner.pagination.style == ""
    assert partner.capabilities["pagination"] == "unknown"


def test_one_limit_in_words_is_declared_and_two_are_only_told(tmp_path: Path) -> None:
    said = {"title": "Acme", "version": "1", "description": "At most 1,200 requests per hour."}
    limits = loaded(tmp_path, drafted(tmp_path, contract(tmp_path, info=said))).limits
    assert [(limit.requests, limit.window_s) for limit in limits] == [(1200, 3600)]
    said["description"] += " Free plans: 10 requests/minute."
    draft = drafted(tmp_path, contract(tmp_path, info=said))
    assert loaded(tmp_path, draft).limits == ()
    assert "10 requests/minute" in draft.text


def test_nothing_is_written_unless_somebody_allows_it(tmp_path: Path) -> None:
    create = {"post": {"operationId": "make", "responses": {"201": {"description": "made"}}}}
    file = contract(tmp_path, paths={"/things": create})
    assert not loaded(tmp_path, drafted(tmp_path, file)).permissions.allow_writes
    assert loaded(tmp_path, drafted(tmp_path, file, allow_writes=True)).permissions.allow_writes
    asked: list[Question] = []

    def yes(question: Question) -> str:
        asked.append(question)
        return "yes" if question.choices == ("yes", "no") else question.default

    draft = draft_profile(Wishes(contract=str(file), url=URL), tmp_path / "acme.yaml", yes)
    assert loaded(tmp_path, draft).permissions.allow_writes
    assert len(asked) == 2


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    nasty = 'x\n"]}\nsign_in: {kind: none}\x1b[31m # {env: HOME}: - !!python/object'
    info = {"title": nasty, "version": nasty, "description": nasty, "contact": {"name": nasty, "email": "a@b.example"}}
    scheme = {"type": "apiKey", "in": "query", "name": nasty}
    paths = {
        f"/{nasty}": {
            "get": {
                "operationId": nasty,
                "parameters": [{"name": "limit", "in": "query"}, {"name": "page", "in": "query"}],
                "responses": {"200": {"description": nasty}},
            }
        }
    }
    draft = drafted(tmp_path, contract(tmp_path, info=info, paths=paths, **secured(scheme)))
    document = yaml.safe_load(draft.text)
    assert document["sign_in"] == {"kind": "api_key", "query": nasty}
    assert document["operations"]["read"]["operation"] == nasty
    assert "\x1b" not in draft.text
    assert loaded(tmp_path, draft).identities.keys() == {"primary"}


def test_a_url_without_a_path_gets_the_contracts_base_path(tmp_path: Path) -> None:
    file = contract(tmp_path, servers=[{"url": "https://acme.example/{v}", "variables": {"v": {"default": "v3"}}}])
    assert drafted(tmp_path, file).base_url == f"{URL}/v3"
    assert draft_profile(Wishes(str(file), f"{URL}/mine"), tmp_path / "a.yaml").base_url == f"{URL}/mine"
    assert draft_profile(Wishes(str(file)), tmp_path / "a.yaml").base_url == "https://acme.example/v3"


def test_without_a_url_and_a_server_somebody_has_to_say_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no server") as told:
        draft_profile(Wishes(str(contract(tmp_path))), tmp_path / "acme.yaml")
    assert "--url" in told.value.advice[0]


def test_a_file_that_is_there_stays_unless_it_is_forced(tmp_path: Path) -> None:
    draft = drafted(tmp_path, contract(tmp_path))
    draft.out.write_text("mine")
    with pytest.raises(OutputError, match="exists"):
        write_profile(draft, force=False)
    assert draft.out.read_text() == "mine"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["acme.yaml", "api.json"]


def test_a_draft_that_cannot_be_loaded_is_not_written(tmp_path: Path) -> None:
    draft = drafted(tmp_path, contract(tmp_path))
    broken = Draft("schema: nonsense\n", draft.out, (), URL, 1, draft.scheme)
    with pytest.raises(HarnessError):
        write_profile(broken, force=False)
    assert not draft.out.exists()


def test_an_address_of_production_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    file = contract(tmp_path)
    draft = draft_profile(Wishes(str(file), "https://api.prod.acme.example"), tmp_path / "acme.yaml")
    with pytest.raises(UsageError, match="production") as told:
        write_profile(draft, force=False)
    assert "--url" in told.value.advice[0]
    assert not draft.out.exists()


def test_a_host_that_only_the_contract_names_is_pointed_out(tmp_path: Path) -> None:
    flows = {"clientCredentials": {"tokenUrl": "https://elsewhere.example/token", "scopes": {}}}
    file = contract(tmp_path, **secured({"type": "oauth2", "flows": flows}))
    assert "The contract names elsewhere.example, not you" in drafted(tmp_path, file).text
    flows["clientCredentials"]["tokenUrl"] = f"{URL}/token"
    file = contract(tmp_path, **secured({"type": "oauth2", "flows": flows}))
    assert "not you" not in drafted(tmp_path, file).text


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_sign_in_can_be_drafted_and_loaded(tmp_path: Path, kind: str) -> None:
    draft = drafted(tmp_path, contract(tmp_path), sign_in=kind)
    assert loaded(tmp_path, draft).sign_in.kind == kind


def test_no_format_of_errors_is_promised_in_the_partners_name(tmp_path: Path) -> None:
    """The contract documents one error; that says nothing of all the others."""
    problem = {"description": "no", "content": {"application/problem+json": {"schema": {}}}}
    paths = {"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "ok"}, "404": problem}}}}
    draft = drafted(tmp_path, contract(tmp_path, paths=paths))
    assert loaded(tmp_path, draft).error_format == ""
    assert "# errors: {format: problem+json}" in draft.text


def test_what_was_said_of_writing_is_obeyed_also_where_the_contract_only_reads(tmp_path: Path) -> None:
    file = contract(tmp_path)
    for said, written in ((False, False), (True, True), (None, False)):
        permissions = loaded(tmp_path, drafted(tmp_path, file, allow_writes=said)).permissions
        assert (permissions.allow_writes, permissions.allow_destructive) == (written, written), said


@pytest.mark.parametrize("text", ["Acme 😀 Things", "Ǆ \U0001d4d0", ".inf", ".nan", "-.inf", "a\u202eb", "\U000e0041"])
def test_a_scalar_is_read_back_as_it_was(text: str) -> None:
    written = scalar(text)
    assert yaml.safe_load(f"a: {written}") == {"a": text}
    assert visible(written) == written


def test_a_title_with_an_emoji_is_a_name(tmp_path: Path) -> None:
    file = contract(tmp_path, info={"title": "Acme 😀", "version": "1"})
    assert loaded(tmp_path, drafted(tmp_path, file)).name == "Acme 😀"


def test_what_a_collection_has_is_said_once(tmp_path: Path) -> None:
    answer = {"responses": {"200": {"description": "ok"}}}
    item = {method: {"operationId": f"{method}Thing", **answer} for method in ("get", "put", "delete")}
    paths = {
        "/things": {
            "get": {"operationId": "listThings", **answer},
            "post": {"operationId": "makeThing", "responses": {"201": {"description": "made"}}},
        },
        "/things/{id}": item,
    }
    draft = drafted(tmp_path, contract(tmp_path, paths=paths))
    partner = loaded(tmp_path, draft)
    assert {name: hint.operation for name, hint in partner.operations.items()} == {
        "read": "listThings",
        "collection": "listThings",
        "item": "getThing",
        "create": "makeThing",
        "update": "putThing",
        "delete": "deleteThing",
    }
    comments = [line for line in draft.text.splitlines() if line.lstrip().startswith("#")]
    assert [line for line in comments if "makeThing" in line] == [
        next(line for line in comments if "/things has " in line)
    ]


def test_list_item_create_and_delete_are_those_of_one_collection(tmp_path: Path) -> None:
    answer = {"responses": {"200": {"description": "ok"}}}

    def operations(**named: str) -> dict[str, Any]:
        return {method: {"operationId": name, **answer} for method, name in named.items()}

    paths = {
        "/tenants": operations(post="create_tenant"),
        "/tenants/{tenant_name}": operations(get="get_tenant", patch="update_tenant"),
        "/tenants/{tenant}/databases": operations(get="list_databases", post="create_database"),
        "/tenants/{tenant}/databases/{database}": operations(get="get_database", delete="delete_database"),
        "/tenants/{tenant}/databases/{database}/tables": operations(get="list_tables", post="create_table"),
        "/tenants/{tenant}/databases/{database}/tables/{table}": operations(
            get="get_table", put="update_table", delete="delete_table"
        ),
    }
    draft = drafted(tmp_path, contract(tmp_path, paths=paths))
    named = {name: hint.operation for name, hint in loaded(tmp_path, draft).operations.items()}

    assert {role: named.get(role) for role in ("collection", "item", "create", "update", "delete")} == {
        "collection": "list_databases",
        "item": "get_database",
        "create": "create_database",
        "update": None,
        "delete": "delete_database",
    }
    assert "update: /tenants/{tenant}/databases has none" in draft.text
