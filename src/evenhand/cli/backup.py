"""Commands that carry an arena away and bring it back. They need the extra `server`, and say so."""

from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.extras import server_module


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="a new file, or a folder; default: here, named after the time")
    ] = None,
) -> None:
    """Write everything the arena holds into one file. The arena may run, and goes on."""
    typer.echo(server_module("evenhand.app.backup.making").back_up(file))


def restore(
    file: Annotated[Path, typer.Argument(help="what `evenhand backup` has written", metavar="FILE")],
    replace: Annotated[bool, typer.Option("--replace", help="lose what is there already")] = False,
) -> None:
    """Make an arena that does not run what it was when a back-up was made."""
    typer.echo(server_module("evenhand.app.backup.restoring").restore(file, replace=replace))
