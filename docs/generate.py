"""Write what docs/ says of checks, names and rules from the code: :data:`PAGES`.

python -m docs.generate
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable
from pathlib import Path

import click

from certify.cli.front import VERBS
from certify.cli.group import group
from certify.contract.changes import rules
from certify.explain import LEVELS, bindings, load_catalogue
from certify.formats.registry import formats
from certify.http.signin import flows
from certify.model.change import ChangeRule
from certify.model.check import Check
from certify.model.outcome import Reason, Status
from certify.mutations import mutations
from certify.sandbox.faults import all_faults
from certify.suite import fixtures

DOCS = Path(__file__).parent


def checks_page() -> str:
    """The catalogue of checks, as the suites declare them."""
    playbook, checks = load_catalogue(None)
    bound = bindings(playbook)
    lines = [
        "# Checks",
        "",
        "Written by `make docs` from the suites themselves; `certify explain ID` says the same.",
        "",
    ]
    lines += [f"- **{level}**: {meaning}" for level, meaning in LEVELS.items()]
    for area in dict.fromkeys(check.area for check in checks.values()):
        lines += ["", f"## {area}", ""]
        for check in (check for check in checks.values() if check.area == area):
            lines += _check(check, bound.get(check.id, ()))
    return "\n".join(lines).rstrip() + "\n"


def _check(check: Check, criteria: Iterable[str]) -> list[str]:
    facts = [
        ("Source", check.clause),
        ("Sends", check.sends),
        ("Decides", check.decides),
        ("Needs", ", ".join(check.needs) or "nothing but a sandbox that answers"),
        ("Costs", f"about {check.requests} requests, {check.seconds:g} s; safety class {check.safety}"),
        ("Decided by", " and ".join(check.sources)),
        ("Criteria", ", ".join(criteria) or "none"),
        ("Faults", ", ".join(f"`{fault}`" for fault in check.faults)),
    ]
    causes = [f"  - {cause.what} → {cause.fix}" for cause in check.causes]
    told = [f"- {name}: {text}" for name, text in facts]
    return [
        f"### {check.id}",
        "",
        f"**{check.level}.** {check.statement}",
        "",
        *told,
        "- Usual causes and fixes:",
        *causes,
        "",
    ]


def reference_page() -> str:
    """Every name that somebody can use: verbs, formats, sign-in flows, mutations, fixtures, faults, reasons."""
    sections = [
        ("Verbs", _verbs()),
        ("Formats", [f"- `{name}`: {item.description}" for name, item in formats().items()]),
        ("Sign-in", [f"- `{kind}`: {_first_line(flow)}" for kind, flow in sorted(flows().items())]),
        ("Outcomes", [f"- `{status}`" for status in Status]),
        ("Reasons", [f"- `{reason}`" for reason in Reason]),
        ("Fixtures of a suite", _fixtures()),
        ("Mutations", [f"- `{item.name}`: {item.what}" for item in mutations()]),
        ("Faults of the reference sandbox", _faults()),
    ]
    lines = ["# Reference", "", "Written by `make docs` from the code."]
    for title, body in sections:
        lines += ["", f"## {title}", "", *body]
    return "\n".join(lines).rstrip() + "\n"


def _verbs() -> list[str]:
    lines: list[str] = []
    for name in VERBS:
        context = click.Context(group, info_name="certify")
        command = group.get_command(context, name)
        assert command is not None
        lines += _verb(command, click.Context(command, info_name=name, parent=context, terminal_width=100))
    return lines[:-1]


def _verb(command: click.Command, context: click.Context) -> list[str]:
    """The help of a verb, and of each verb below it."""
    name = context.command_path.removeprefix("certify ")
    lines = [f"### {name}", "", "```text", command.get_help(context), "```", ""]
    for below, inner in getattr(command, "commands", {}).items():
        lines += _verb(inner, click.Context(inner, info_name=below, parent=context, terminal_width=100))
    return lines


def _fixtures() -> list[str]:
    tree = ast.parse(inspect.getsource(fixtures))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and _is_fixture(node)]
    return [f"- `{node.name}`: {_summary(ast.get_docstring(node))}" for node in found]


def _is_fixture(node: ast.FunctionDef) -> bool:
    return any("fixture" in ast.unparse(decorator) for decorator in node.decorator_list)


def _faults() -> list[str]:
    return [f"- `{f.name}`: {f.does} Caught by {', '.join(f.checks)}." for f in all_faults().values()]


def _first_line(kind: type) -> str:
    return _summary(inspect.getdoc(kind))


def _summary(text: str | None) -> str:
    """The first paragraph of a docstring on one line; nothing is what the test of the pages looks for."""
    return " ".join((text or "").split("\n\n")[0].split())


def changes_page() -> str:
    """Every rule of `certify contract diff`, by the direction that it is about."""
    lines = [
        "# Changes of contracts",
        "",
        "Written by `make docs` from the rules of `certify contract diff`. An id never changes its meaning. *Kind* is",
        "meant for a client that was written against the earlier contract; *server* says whether a server has to",
        "behave differently, so that checks run again.",
        "",
    ]
    for direction, title in (("request", "What is sent"), ("response", "What is answered"), ("none", "The rest")):
        lines += [f"## {title}", "", "| rule | kind | server | what happened | why |", "|---|---|---|---|---|"]
        lines += [_rule(rule) for rule in rules().values() if rule.direction == direction]
        lines += [""]
    return "\n".join(lines).rstrip() + "\n"


def _rule(rule: ChangeRule) -> str:
    kind, server = rule.kind.replace("_", "-"), "yes" if rule.conduct else "no"
    return f"| `{rule.id}` | {kind} | {server} | {rule.title} | {rule.why} |"


PAGES = {"checks.md": checks_page, "reference.md": reference_page, "contract-changes.md": changes_page}


def main() -> None:
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
