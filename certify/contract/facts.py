"""What people are told about a contract: which version, from which files, how large, and what loading it took."""

from __future__ import annotations

import contextlib
import resource
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Facts:
    """``dialect`` is the version as written (``2.0``, ``3.1.0``), ``files`` what was read, the named one first.

    ``bytes`` is their size together, ``digest`` names their content. ``operations`` are tested, ``set_aside`` are not.
    ``seconds`` is what loading took, ``peak_mb`` the largest memory that the process had until then.
    """

    dialect: str = ""
    files: tuple[str, ...] = ()
    bytes: int = 0
    digest: str = ""
    operations: int = 0
    set_aside: int = 0
    seconds: float = 0.0
    peak_mb: int = 0


def peak_mb() -> int:
    """The most memory that this process has ever held, in MB.

    NOTE: ``ru_maxrss`` survives an exec, so that a child begins with the peak of who started it; Linux says in
    ``VmHWM`` what is the process's own. macOS counts ``ru_maxrss`` in bytes.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.split("VmHWM:", 1)[1].split()[0]) // 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak / (2**20 if sys.platform == "darwin" else 2**10))
