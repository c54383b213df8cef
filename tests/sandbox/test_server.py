"""Starting and stopping: quickly, without orphans, and with a word when it cannot be."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
import yaml

from certify.errors import CertifyError, OutputError
from certify.sandbox.places import KEYS
from certify.sandbox.profile import reference_profile, render_profile
from certify.sandbox.server import listen, serve, start_process


def ended(pid: int, within_s: float = 5) -> bool:
    """Whether the process goes away; a zombie that nobody has waited for yet counts as gone."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def test_a_child_process_serves_and_stops() -> None:
    with start_process(faults=["op-unimplemented"]) as sandbox:
        assert httpx.get(f"{sandbox.base_url}/health").status_code == 200
    assert ended(sandbox.pid)
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{sandbox.base_url}/health")


@pytest.mark.skipif(not os.path.exists("/proc"), reason="looks at /proc")
def test_no_orphan_is_left_when_the_parent_is_killed() -> None:
    program = (
        "import time; from certify.sandbox.server import start_process; s = start_process(); "
        "print(s.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert ended(child)


def test_a_sandbox_in_a_thread_stops_and_frees_its_port() -> None:
    with serve() as sandbox:
        port = int(sandbox.base_url.rpartition(":")[2])
        assert httpx.get(f"{sandbox.base_url}/health").status_code == 200
    sandbox.stop()
    listen(port).close()


def test_a_taken_port_is_said_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(OutputError, match=str(port)):
            serve(port=port)
        with pytest.raises(CertifyError, match=str(port)):
            start_process(port=port)


def test_a_misspelt_fault_stops_the_child_from_starting() -> None:
    with pytest.raises(CertifyError, match="no fault named"):
        start_process(faults=["no-such-fault"])


def test_the_same_sandbox_is_built_every_time() -> None:
    lists = []
    for _ in range(2):
        with serve() as sandbox:
            store = sandbox.sandbox.store
            lists.append([record.id for record in store.newest("lead", "acme")])
    assert lists[0] == lists[1]


def test_the_profile_is_a_document_that_explains_itself() -> None:
    text = render_profile("http://127.0.0.1:1")
    assert yaml.safe_load(text) == reference_profile("http://127.0.0.1:1")
    assert text.count("\n# ") >= 10


def test_every_file_that_the_profile_names_is_there_and_marked_test_only() -> None:
    told = json.dumps(reference_profile("http://127.0.0.1:1"))
    named = [path for path in KEYS.iterdir() if str(path) in told]
    assert len(named) == 7
    assert all(path.name.startswith("TEST-ONLY-") for path in named)
