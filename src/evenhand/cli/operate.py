"""Commands of an operator: start, pause, import. They need the extra `server`, and say so."""

import importlib
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from evenhand.core.errors import StartError


def _server(module: str) -> ModuleType:
    """A module of the server, whose libraries the bare package does not bring."""
    try:
        return importlib.import_module(f"evenhand.app.{module}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("evenhand"):
            raise
        raise StartError(
            f"This command needs the library {error.name}; install it with: pip install 'evenhand[server]'"
        ) from None


def up() -> None:
    """Start the arena: database, models, page. Settings come from the environment (docs/settings.md)."""
    _server("up").run()


def pause() -> None:
    """Take no more questions, at once, until `evenhand resume`. Answers under way go on."""
    typer.echo(_server("switch").pause())


def resume() -> None:
    """Take questions again."""
    typer.echo(_server("switch").resume())


def import_votes(
    file: Annotated[Path, typer.Argument(help="CSV, JSON, JSON Lines, Parquet, or pair counts")],
    name: Annotated[
        str | None, typer.Option(help="what the board is called; default: the file's name")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="whose votes these are; default: the file's name")
    ] = None,
    url: Annotated[str | None, typer.Option(help="where they can be found")] = None,
) -> None:
    """Show the votes of another arena as a board of their own, marked as imported."""
    typer.echo(_server("imports").import_file(file, name=name, source=source, url=url))


def openapi(
    file: Annotated[Path | None, typer.Argument(help="where to write it; default: standard output")] = None,
) -> None:
    """Write the OpenAPI document of the API."""
    document = _server("openapi").document()
    if file is None:
        typer.echo(document, nl=False)
    else:
        file.write_text(document, "utf-8")
