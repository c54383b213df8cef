"""How often one baseline run against the reference API (22 operations) sends a request for one and the same purpose.

Counted from the record of a real run. What is the same purpose:

    a sign-in             of one identity, in the whole run
    a look at an operation  one valid call to see it work, or one error provoked of each class, in the whole run
    a control             of one check: the same request of the same identity around what the check tries

Left out is what a check sends because its statement is about many requests: net.* sample availability and clock.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from certify.model.exchange import Exchange
from certify.rundir import RunDirectory
from certify.sandbox.profile import render_profile
from certify.sandbox.server import start_process
from tests.bench.table import Figure, quietly

CERTIFY = str(Path(sys.executable).with_name("certify"))
ONCE_A_RUN = ("sign-in", "survey", "provoke", "preflight")


def purpose_of(exchange: Exchange) -> tuple[str, ...] | None:
    """What a request was sent for; None where it is a purpose of its own."""
    request, operation = exchange.request, exchange.operation or ""
    about = (request.method, urlsplit(request.url).path, exchange.identity)
    if exchange.purpose in ONCE_A_RUN:
        # One class of error differs from the other by its tag or its body.
        return (exchange.purpose, operation, *about, *exchange.tags, request.body or "")
    if exchange.purpose == "control" and not exchange.check.startswith("net."):
        return ("control", exchange.check, *about)
    return None


def run() -> list[Figure]:
    with start_process() as sandbox, tempfile.TemporaryDirectory() as folder:
        profile, path = Path(folder) / "partner.yaml", Path(folder) / "run"
        profile.write_text(render_profile(sandbox.base_url), encoding="utf-8")
        quietly(CERTIFY, "run", "--partner", str(profile), "--program", "baseline", "--out", str(path))
        counts = Counter(filter(None, map(purpose_of, RunDirectory.open(path).exchanges())))
    for purpose, count in counts.most_common(12):
        print(f"{count:3}  {' '.join(purpose)[:110]}", file=sys.stderr)
    most = max(counts.values())
    shared = Counter((purpose[2:], purpose[1]) for purpose in counts if purpose[0] == "control")
    busiest, checks = Counter(request for request, _ in shared).most_common(1)[0]
    sent = sum(count for purpose, count in counts.items() if purpose[0] == "control" and purpose[2:] == busiest)
    how = (
        f"{len(counts)} purposes of sign-ins, looks at operations and controls of a check; "
        f"{checks} checks share {sent} controls {' '.join(busiest[:2])}"
    )
    return [Figure("baseline run: requests for the same purpose", most, 2, "requests", how)]


if __name__ == "__main__":
    from tests.bench.table import markdown

    print(markdown(run()))
