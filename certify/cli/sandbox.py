"""``certify sandbox``: the reference sandbox by itself."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE


@click.command("sandbox")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Default: a free one.")
@click.option("--fault", "faults", multiple=True, metavar="NAME", help="Misbehave in this way; repeatable.")
@click.option("--list-faults", is_flag=True, help="List the faults and end.")
@click.option("--write-profile", type=FILE, metavar="FILE", help="Write a partner profile that `certify run` can use.")
@failures_told
def verb(port: int, faults: tuple[str, ...], list_faults: bool, write_profile: Path | None) -> None:
    """Run the reference sandbox on loopback until Ctrl-C."""
    if list_faults:
        _list_faults()
        return
    from certify.sandbox.faults import find_fault
    from certify.sandbox.server import start_process

    for name in faults:
        find_fault(name)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # before anything that must be put away again
    with suppress(KeyboardInterrupt), start_process(faults, port) as sandbox:
        click.echo(f"The reference sandbox listens on {sandbox.base_url}")
        if write_profile is not None:
            _write_profile(write_profile, sandbox.base_url)
        for name in faults:
            click.echo(f"  misbehaving: {name}")
        click.echo("Ctrl-C ends it.")
        _until_interrupted()


def _write_profile(file: Path, base_url: str) -> None:
    from certify.errors import OutputError
    from certify.sandbox.profile import render_profile

    try:
        file.write_text(render_profile(base_url), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write {file}: {error.strerror}", ["name a writable file"]) from None
    click.echo(f"  profile: {file}   (certify run --partner {file})")


def _list_faults() -> None:
    from certify.sandbox.faults import all_faults

    for fault in all_faults().values():
        click.echo(f"{fault.name:34} {fault.does}")
        click.echo(f"{'':34} caught by {', '.join(fault.checks)}")


def _until_interrupted() -> None:
    while True:
        signal.pause()
