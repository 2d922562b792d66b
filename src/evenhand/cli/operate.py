"""Commands of an operator: start, pause, import. They need the extra `server`, and say so."""

import os
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.extras import server_module
from evenhand.core.errors import InputError


def up() -> None:
    """Start the arena: database, models, page. Settings come from the environment (docs/settings.md)."""
    server_module("evenhand.app.up").run()


def serve(
    workers: Annotated[int, typer.Option(min=0, help="how many web processes; 0: one for each core")] = 0,
) -> None:
    """Serve with several web processes on one database, without demo models; they watch over each other."""
    server_module("evenhand.app.serve").run(workers or os.cpu_count() or 1)


def work() -> None:
    """Do the jobs of an arena that runs elsewhere: what is due, probes, what is to be forgotten."""
    server_module("evenhand.app.work").run()


def pause() -> None:
    """Take no more questions, at once, until `evenhand resume`. Answers under way go on."""
    typer.echo(server_module("evenhand.app.switch").pause())


def resume() -> None:
    """Take questions again."""
    typer.echo(server_module("evenhand.app.switch").resume())


def scrub() -> None:
    """Get what was deleted off the disk now, however large the tables are. The arena waits meanwhile."""
    server_module("evenhand.app.scrubbing").scrub(typer.echo)


def import_votes(
    file: Annotated[
        Path, typer.Argument(help="CSV, JSON, JSON Lines, Parquet, or pair counts", metavar="FILE")
    ],
    name: Annotated[
        str | None, typer.Option(help="what the board is called; default: the file's name")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="whose votes these are; default: the file's name")
    ] = None,
    url: Annotated[str | None, typer.Option(help="where they can be found")] = None,
) -> None:
    """Show the votes of another arena as a board of their own, marked as imported."""
    typer.echo(server_module("evenhand.app.imports").import_file(file, name=name, source=source, url=url))


def openapi(
    file: Annotated[Path | None, typer.Argument(help="where to write it; default: standard output")] = None,
) -> None:
    """Write the OpenAPI document of the API."""
    document = server_module("evenhand.app.openapi").document()
    if file is None:
        typer.echo(document, nl=False)
        return
    try:
        file.write_text(document, "utf-8")
    except OSError as error:
        raise InputError(f"{file}: cannot be written ({error.strerror}); name another file.") from None
