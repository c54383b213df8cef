"""Everything around the schemas: operations, parameters, bodies, answers, headers, security, servers, texts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from certify.contract import Contract, load_contract
from certify.contract.changes import compare, located, rules
from certify.model.change import ChangeKind
from tests.unit.contract.changes.snippets import between, operation, rules_of, written

HEAD = "responses: {'200': {description: '-'"
PAIRS = [
    # parameters
    (
        "parameters: []",
        "parameters: [{name: q, in: query}]",
        "request-parameter-added",
        "request-parameter-removed",
    ),
    (
        "parameters: []",
        "parameters: [{name: q, in: query, required: true}]",
        "request-required-parameter-added",
        "request-parameter-removed",
    ),
    (
        "parameters: [{name: q, in: query}]",
        "parameters: [{name: q, in: query, required: true}]",
        "request-parameter-became-required",
        "request-parameter-became-optional",
    ),
    (
        "parameters: [{name: q, in: query, schema: {type: array}}]",
        "parameters: [{name: q, in: query, schema: {type: array}, explode: false}]",
        "request-parameter-written-otherwise",
        "request-parameter-written-otherwise",
    ),
    (
        "parameters: [{name: q, in: query, schema: {type: string}}]",
        "parameters: [{name: q, in: query, schema: {type: string, maxLength: 3}}]",
        "request-length-narrowed",
        "request-length-widened",
    ),
    ("parameters: [{name: q, in: query}]", "parameters: [{name: q, in: query, deprecated: true}]",
     "request-parameter-deprecated", ""),
    ("parameters: [{name: q, in: query}]", "parameters: [{name: q, in: query, allowReserved: true}]",
     "", "request-parameter-freedom-removed"),
    ("parameters: [{name: q, in: query}]", "parameters: [{name: q, in: query, allowEmptyValue: true}]",
     "", "request-parameter-freedom-removed"),
    ("{}", "parameters: [{name: Accept, in: header, required: true}]", "", ""),
    # bodies
    ("{}", "requestBody: {content: {a/b: {}}}", "request-body-added", "request-body-removed"),
    ("{}", "requestBody: {required: true, content: {a/b: {}}}", "request-required-body-added", "request-body-removed"),
    (
        "requestBody: {content: {a/b: {}}}",
        "requestBody: {required: true, content: {a/b: {}}}",
        "request-body-became-required",
        "request-body-became-optional",
    ),
    (
        "requestBody: {content: {a/b: {}}}",
        "requestBody: {content: {a/b: {}, a/c: {}}}",
        "request-media-type-added",
        "request-media-type-removed",
    ),
    (
        "requestBody: {content: {a/b: {}}}",
        "requestBody: {content: {a/b: {encoding: {f: {contentType: a/d}}}}}",
        "request-encoding-changed",
        "request-encoding-changed",
    ),
    ("requestBody: {content: {a/b: {}}}", "requestBody: {content: {a/b: {encoding: {}}}}", "", ""),
    (
        "requestBody: {content: {a/b: {}}}",
        "requestBody: {content: {a/b: {itemSchema: {type: string}}}}",
        "request-type-narrowed",
        "request-type-widened",
    ),
    # answers
    ("{}", "responses: {'200': {}, '202': {}}", "response-success-status-added", "response-success-status-removed"),
    ("{}", "responses: {'200': {}, '409': {}}", "response-other-status-added", "response-other-status-removed"),
    ("responses: {'302': {}, '200': {}}", "responses: {'200': {}}", "response-redirect-status-removed",
     "response-other-status-added"),
    ("responses: {'304': {}, '200': {}}", "responses: {'200': {}}", "response-other-status-removed",
     "response-other-status-added"),
    ("responses: {'200': {content: {application/json: {}}}}",
     "responses: {'200': {content: {application/JSON; charset=utf-8: {}}}}", "", ""),
    (
        "responses: {'200': {content: {a/b: {}}}}",
        "responses: {'200': {content: {a/b: {}, a/c: {}}}}",
        "response-media-type-added",
        "response-media-type-removed",
    ),
    ("{}", "responses: {'200': {links: {next: {operationId: x}}}}", "response-links-changed", "response-links-changed"),
    # headers
    ("{}", "responses: {'200': {headers: {X-A: {}}}}", "response-header-added", "response-header-removed"),
    (
        "responses: {'200': {headers: {X-A: {}}}}",
        "responses: {'200': {headers: {x-a: {required: true}}}}",
        "response-header-became-required",
        "response-header-became-optional",
    ),
    (
        "{}",
        "responses: {'200': {headers: {X-A: {required: true}}}}",
        "response-header-added",
        "response-required-header-removed",
    ),
    ("{}", "responses: {'200': {headers: {RateLimit: {}}}}", "rate-limit-header-added", "rate-limit-header-removed"),
    ("{}", "responses: {'200': {headers: {Sunset: {}}}}", "deprecation-header-added", "response-header-removed"),
    (
        "responses: {'200': {headers: {X-A: {schema: {type: string}}}}}",
        "responses: {'200': {headers: {X-A: {schema: {type: string, format: uuid}}}}}",
        "response-format-narrowed",
        "response-format-widened",
    ),
    (
        "responses: {'200': {headers: {X-A: {content: {a/b: {schema: {}}}}}}}",
        "responses: {'200': {headers: {X-A: {content: {a/b: {schema: {type: string}}}}}}}",
        "response-type-narrowed",
        "response-type-widened",
    ),
    (
        "responses: {'200': {headers: {X-A: {}}}}",
        "responses: {'200': {headers: {X-A: {explode: true}}}}",
        "response-header-written-otherwise",
        "response-header-written-otherwise",
    ),
    # deprecation
    ("{}", "deprecated: true", "operation-deprecated", "operation-no-longer-deprecated"),
    ("{}", "x-sunset: '2030-01-01'", "sunset-announced", "sunset-put-off"),
    ("x-sunset: '2030-01-01'", "x-sunset: '2031-01-01'", "sunset-put-off", "sunset-brought-forward"),
    # the rest
    ("{}", "operationId: send", "operation-id-changed", "operation-id-changed"),
    ("{}", "summary: Hello", "operation-text-changed", "operation-text-changed"),
    (
        "responses: {'200': {description: a, headers: {X-A: {}}}}",
        "responses: {'200': {description: a, headers: {X-A: {description: b}}}}",
        "operation-text-changed",
        "operation-text-changed",
    ),
    ("{}", "servers: [{url: 'https://other'}]", "operation-moved", "operation-moved"),
    ("{}", "callbacks: {done: {}}", "callback-added", "callback-removed"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "there", "back"), PAIRS)
def test_each_change_of_an_operation_and_the_way_back(old: str, new: str, there: str, back: str) -> None:
    assert between(operation(old), operation(new)) == [there] * bool(there)
    assert between(operation(new), operation(old)) == [back] * bool(back)


SCHEMES = "components: {securitySchemes: {k: {type: apiKey, in: header, name: K}, b: {type: http, scheme: bearer}}}"
SECURED = [
    ("", "security: [{k: []}]", "security-added", "security-removed"),
    (
        "security: [{k: []}]",
        "security: [{k: []}, {b: []}]",
        "security-alternative-added",
        "security-alternative-removed",
    ),
    ("security: [{k: []}]", "security: [{k: []}, {}]", "security-removed", "security-added"),
    ("security: [{b: []}]", "security: [{b: [write]}]", "security-scope-added", "security-scope-removed"),
    ("security: [{k: []}, {}]", "security: [{k: []}, {b: []}, {}]", "security-alternative-added",
     "security-alternative-removed"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "there", "back"), SECURED)
def test_who_may_call(old: str, new: str, there: str, back: str) -> None:
    paths = "paths: {/a: {get: {responses: {'200': {}}}}}"
    before, after = (written(f"{SCHEMES}\n{paths}\n{text}") for text in (old, new))
    assert between(before, after) == [there]
    assert between(after, before) == [back]


def test_a_scheme_that_got_another_name_is_no_change() -> None:
    text = "components: {{securitySchemes: {{{0}: {{type: http, scheme: bearer}}}}}}\n"
    text += "paths: {{/a: {{get: {{security: [{{{0}: []}}], responses: {{}}}}}}}}"
    assert between(written(text.format("one")), written(text.format("other"))) == []


OAUTH = "{type: oauth2, flows: {%s: {tokenUrl: %s, scopes: {r: x, w: x}}}}"


def _signing_in(ways: str, **schemes: str) -> Contract:
    told = ", ".join(f"{name}: {text}" for name, text in schemes.items())
    paths = f"paths: {{/a: {{get: {{security: {ways}, responses: {{}}}}}}}}"
    return written(f"components: {{securitySchemes: {{{told}}}}}\n{paths}")


@pytest.mark.parametrize(("flow", "url"), [("password", "/t"), ("clientCredentials", "/other")])
def test_a_scheme_that_got_another_name_and_another_meaning_is_another_way_to_sign_in(flow: str, url: str) -> None:
    before, after = OAUTH % ("clientCredentials", "/t"), OAUTH % (flow, url)
    moved = ["security-alternative-added", "security-alternative-removed"]
    assert between(_signing_in("[{one: [r]}]", one=before), _signing_in("[{two: [r]}]", two=after)) == moved
    both = {"one": before, "two": after}
    assert between(_signing_in("[{one: [r]}]", **both), _signing_in("[{two: [r]}]", **both)) == moved


WAYS = [
    ("[{o: [r]}, {o: [w]}]", "[{o: [w]}]", ["security-alternative-removed"]),
    ("[{o: [w]}]", "[{o: [r]}, {o: [w]}]", ["security-alternative-added"]),
    ("[{o: [r]}, {o: [w]}]", "[{o: [x]}, {o: [w]}]", ["security-alternative-added", "security-alternative-removed"]),
    ("[{o: [r]}, {o: [w]}]", "[{o: [w]}, {o: [r]}]", []),
    ("[{gone: []}]", "[{lost: []}]", ["security-alternative-added", "security-alternative-removed"]),
    ("[{o: [r, w]}, {o: [w]}]", "[{o: []}]", ["security-alternative-added"]),
]


@pytest.mark.parametrize(("old", "new", "told"), WAYS)
def test_ways_of_one_scheme_are_told_apart_by_their_scopes(old: str, new: str, told: list[str]) -> None:
    scheme = OAUTH % ("clientCredentials", "/t")
    assert between(_signing_in(old, o=scheme), _signing_in(new, o=scheme)) == told


STATUSES = [
    ("{'2XX': {}}", "{'200': {}, '202': {}}", set()),
    ("{'4XX': {}, '200': {}}", "{'404': {}, '410': {}, '200': {}}", set()),
    ("{default: {}}", "{'200': {}}", set()),
    (
        "{'400': {content: {a/b: {schema: {type: string}}}}}",
        "{4XX: {content: {a/b: {schema: {type: integer}}}}}",
        {"response-type-changed"},
    ),
    (
        "{'400': {content: {a/b: {schema: {type: string}}}}}",
        "{default: {content: {a/b: {schema: {type: integer}}}}}",
        {"response-type-changed"},
    ),
    ("{default: {content: {a/b: {}}}}", "{'200': {}}", {"response-media-type-removed"}),
    ("{default: {}}", "{'400': {}}", {"response-success-status-removed", "response-other-status-added"}),
    ("{'200': {}, default: {}}", "{'200': {}}", {"response-other-status-removed"}),
    ("{'2XX': {headers: {RateLimit: {}}}}", "{'200': {}}", {"rate-limit-header-removed"}),
]


@pytest.mark.parametrize(("old", "new", "told"), STATUSES)
def test_statuses_that_took_the_place_of_a_class_or_of_the_default(old: str, new: str, told: set[str]) -> None:
    assert set(between(operation(f"responses: {old}"), operation(f"responses: {new}"))) == told


def test_the_name_of_an_authentication_scheme_has_no_case() -> None:
    one, other = (_signing_in("[{b: []}]", b=f"{{type: http, scheme: {name}}}") for name in ("bearer", "Bearer"))
    assert between(one, other) == []


def test_scopes_and_addresses_of_a_scheme() -> None:
    text = "components: {{securitySchemes: {{o: {{type: oauth2, flows: {{clientCredentials: {{{0}}}}}}}}}}}"
    old = written(text.format("tokenUrl: /a, scopes: {read: x}"))
    assert between(old, written(text.format("tokenUrl: /a, scopes: {}"))) == ["security-scheme-scope-removed"]
    assert between(written(text.format("tokenUrl: /a, scopes: {}")), old) == ["security-scheme-scope-added"]
    assert between(old, written(text.format("tokenUrl: /b, scopes: {read: y}"))) == ["security-scheme-changed"]


def test_a_flow_that_comes_hurts_nobody_and_one_that_goes_does() -> None:
    text = "components: {{securitySchemes: {{o: {{type: oauth2, flows: {{clientCredentials: {{tokenUrl: /a}}{0}}}}}}}}}"
    one, two = written(text.format("")), written(text.format(", password: {tokenUrl: /a}"))
    assert between(one, two) == ["security-scheme-flow-added"]
    assert between(two, one) == ["security-scheme-changed"]


def test_operations_that_come_and_go() -> None:
    one = written("paths: {/a: {get: {responses: {}}}}")
    two = written("paths: {/a: {get: {responses: {}}, post: {responses: {}}}}")
    assert between(one, two) == ["operation-added"]
    assert between(two, one) == ["operation-removed"]


def test_an_operation_may_go_when_its_sunset_has_come() -> None:
    old = written("paths: {/a: {get: {x-sunset: '2026-01-31', responses: {}}, put: {responses: {}}}}")
    new = written("paths: {/a: {put: {responses: {}}}}")
    assert rules_of(compare(old, new, date(2026, 1, 31))) == ["operation-removed-after-sunset"]
    assert rules_of(compare(old, new, date(2026, 1, 30))) == ["operation-removed"]


def test_an_operation_that_cannot_be_read_any_more_is_not_taken_for_the_same() -> None:
    one = written("paths: {/a: {get: {responses: {}}}}")
    aside = written("paths: {/a: {get: {x-set-aside: true, responses: {}}}}")
    assert between(one, aside) == ["operation-unreadable"]
    assert between(aside, one) == ["operation-readable"]
    assert between(aside, aside) == []


MISTAKES = [
    "requestBody: {$ref: '#/components/requestBodies/Gone'}, responses: {'200': %s}",
    "parameters: oops, responses: {'200': %s}",
    "parameters: [{name: a, in: nowhere}], responses: {'200': {$ref: '#/components/responses/R'}}",
]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_an_operation_that_neither_contract_lets_us_read_does_not_change_unseen(mistake: str, tmp_path: Path) -> None:
    def loaded(name: str, kind: str) -> Contract:
        answer = f"{{description: '-', content: {{a/b: {{schema: {{type: {kind}}}}}}}}}"
        told = mistake % answer if "%s" in mistake else mistake
        file = tmp_path / f"{name}.yaml"
        file.write_text(
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
            "paths:\n  /b: {get: {responses: {'200': {description: '-'}}}}\n"
            f"  /a: {{post: {{{told}}}}}\ncomponents: {{responses: {{R: {answer}}}}}\n"
        )
        return load_contract(file)

    old, same, new = loaded("old", "string"), loaded("same", "string"), loaded("new", "integer")
    assert old.set_aside
    assert between(old, same) == []
    assert between(old, new) == ["operation-changed-unread"]


def test_a_path_parameter_that_was_renamed_is_no_change() -> None:
    text = "paths: {{'/a/{{{0}}}': {{get: {{parameters: [{{name: {0}, in: path, schema: {1}}}], responses: {{}}}}}}}}"
    assert between(written(text.format("id", "{}")), written(text.format("key", "{}"))) == []
    assert between(written(text.format("id", "{}")), written(text.format("key", "{type: integer}"))) == [
        "request-type-narrowed"
    ]


def test_two_paths_of_one_shape_find_each_other_by_name() -> None:
    text = "paths: {'/a/{x}': {get: {summary: X, responses: {}}}, '/a/{y}': {get: {summary: Y, responses: {}}}}"
    other = "paths: {'/a/{y}': {get: {summary: Y, responses: {}}}, '/a/{z}': {get: {summary: X, responses: {}}}}"
    assert between(written(text), written(other)) == []


def test_servers_webhooks_and_the_head_of_the_document() -> None:
    old, new = written("servers: [{url: 'https://a'}]"), written("servers: [{url: 'https://b'}]")
    assert between(old, new) == ["server-added", "server-removed"]
    assert between(written("info: {title: T}"), written("info: {title: U}")) == ["info-changed"]
    assert between(written("{}"), written("webhooks: {w: {}}")) == ["callback-added"]


def test_a_change_of_a_component_concerns_each_operation_that_reaches_it() -> None:
    text = """
    components: {schemas: {Lead: {properties: {at: {$ref: '#/components/schemas/At'}}}, At: %s}}
    paths:
      /a: {get: {responses: {'200': {content: {j: {schema: {$ref: '#/components/schemas/Lead'}}}}}}}
      /b: {get: {responses: {'200': {content: {j: {schema: {$ref: '#/components/schemas/At'}}}}}}}
      /c: {get: {responses: {'200': {description: '-'}}}}
    """
    found = compare(written(text % "{type: string}"), written(text % "{type: string, format: date}"))
    assert [(change.operation, change.rule, change.pointer) for change in found] == [
        ("GET /a", "response-format-narrowed", "/components/schemas/At/format"),
        ("GET /b", "response-format-narrowed", "/components/schemas/At/format"),
    ]


def test_schemas_that_refer_to_each_other_in_circles_come_to_an_end() -> None:
    text = """
    components:
      schemas:
        A: {properties: {b: {$ref: '#/components/schemas/B'}}}
        B:
          allOf: [{$ref: '#/components/schemas/A'}]
          properties: {a: {allOf: [{$ref: '#/components/schemas/A'}]}, x: %s}
    paths: {/a: {get: {responses: {'200': {content: {j: {schema: {$ref: '#/components/schemas/A'}}}}}}}}
    """
    found = compare(written(text % "{}"), written(text % "{type: string}"))
    assert {change.rule for change in found} == {"response-type-narrowed"}
    assert between(written(text % "{}"), written(text % "{}")) == []


def test_a_reference_to_itself_and_one_to_nowhere_say_nothing() -> None:
    text = "components: {schemas: {A: {$ref: '#/components/schemas/A'}}}\n"
    text += "paths: {/a: {get: {responses: {'200': {content: {j: {schema: {$ref: '#/components/schemas/%s'}}}}}}}}"
    assert between(written(text % "A"), written(text % "Gone")) == []


def test_every_rule_says_what_it_means_and_why() -> None:
    for name, rule in rules().items():
        assert name == rule.id
        assert rule.title
        assert rule.why
        assert rule.direction == "none" or name.startswith((rule.direction, "security", "rate-limit", "deprecation"))
    assert {rule.kind for rule in rules().values()} == set(ChangeKind)


def test_a_change_is_found_by_file_and_line(tmp_path: Path) -> None:
    for name, text in (("old", "a: {type: string}, gone: {}"), ("new", "a: {type: integer}")):
        (tmp_path / f"{name}.yaml").write_text(
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    post:\n      requestBody:\n"
            "        content:\n          application/json:\n            schema:\n              properties:\n"
            f"                {{{text}}}\n      responses: {{'200': {{description: '-'}}}}\n"
        )
    old, new = load_contract(tmp_path / "old.yaml"), load_contract(tmp_path / "new.yaml")
    found = {change.rule: change for change in located(compare(old, new), old, new)}
    assert (found["request-type-changed"].file, found["request-type-changed"].line) == (str(tmp_path / "new.yaml"), 11)
    assert (found["request-property-removed"].file, found["request-property-removed"].line) == (
        str(tmp_path / "old.yaml"),
        11,
    )
