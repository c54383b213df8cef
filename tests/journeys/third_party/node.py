"""Small programs for Node.js that use a package out of the cache."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def program(name: str, package: Path, folder: Path) -> Path:
    """A copy of ``apps/<name>`` beside the package's ``node_modules``: imports are looked up from where a file lies."""
    place = folder / name
    place.write_bytes((HERE / "apps" / name).read_bytes())
    (folder / "node_modules").symlink_to(package / "node_modules")
    return place


def contract(name: str) -> Path:
    return HERE / "contracts" / f"{name}.yaml"
