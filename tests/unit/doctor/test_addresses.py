"""A resolver that hangs costs its patience, and does not hold up the end of the program either."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

HANGING = """
import socket, sys, time
from pathlib import Path
from certify.doctor import Case, Visit
from certify.doctor.examinations import addresses

socket.getaddrinfo = lambda *_: time.sleep(60)
addresses.PATIENCE_S = 0.2
with Visit(Case(Path(sys.argv[1]))) as visit:
    print([item.message for item in visit.whole().ailments])
"""


def test_a_resolver_that_hangs_is_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(
        "schema: certify/partner/1\nid: p\nname: P\ntarget: {base_url: http://hangs.example}\n"
        "sign_in: {kind: none}\nidentities: {}\n"
    )
    started = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", HANGING, file], capture_output=True, text=True, timeout=50, check=True
    )
    assert time.monotonic() - started < 30
    assert "hangs.example does not resolve: no answer from the resolver" in ended.stdout
