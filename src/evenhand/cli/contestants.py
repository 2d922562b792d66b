"""Commands about contestants: list, add, check, outages, fetch. They need the extra `server`, and say so."""

from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.extras import server_module

app = typer.Typer(name="contestants", no_args_is_help=True, help="Who competes here.")


@app.command("list")
def list_contestants() -> None:
    """Show who would compete if the arena were started now."""
    server_module("evenhand.cli.contestant_list").show()


@app.command()
def add(
    base_url: Annotated[str, typer.Option(help="the server's address, such as https://api.example.com/v1")],
    model: Annotated[str, typer.Option(help="the model's id on that server")],
    kind: Annotated[str, typer.Option(help="its API: openai, anthropic or google")] = "openai",
    slug: Annotated[str | None, typer.Option(help="its id here; default: made from the model's")] = None,
    name: Annotated[
        str | None, typer.Option(help="what people call it; default: from the model's id")
    ] = None,
    organization: Annotated[str | None, typer.Option(help="who makes it")] = None,
    license: Annotated[str | None, typer.Option(help="under which licence it is")] = None,  # noqa: A002
    api_key_env: Annotated[str | None, typer.Option(help="the variable that holds the key")] = None,
    price_input: Annotated[float | None, typer.Option(help="US dollars per million tokens in")] = None,
    price_output: Annotated[float | None, typer.Option(help="US dollars per million tokens out")] = None,
    context: Annotated[int | None, typer.Option(help="its context window in tokens")] = None,
    max_output: Annotated[int | None, typer.Option(help="the longest answer it can give, in tokens")] = None,
    at_once: Annotated[int | None, typer.Option(help="how many calls its endpoint takes at once")] = None,
    per_minute: Annotated[int | None, typer.Option(help="how many calls it takes within a minute")] = None,
    reasoning_effort: Annotated[str | None, typer.Option(help="low, medium or high")] = None,
    fixed_sampling: Annotated[
        bool, typer.Option("--fixed-sampling", help="it takes no temperature and no top-p")
    ] = False,
    arena: Annotated[list[str] | None, typer.Option(help="an arena it competes in; default: text")] = None,
    catalogue: Annotated[
        Path | None, typer.Option(help="the file; default: EVENHAND_CATALOGUE, else ./catalogue.yaml")
    ] = None,
) -> None:
    """Write a contestant into the catalogue."""
    fields = {
        "slug": slug,
        "name": name,
        "organization": organization,
        "license": license,
        "arenas": arena or None,
        "endpoint": {
            "kind": kind,
            "base_url": base_url,
            "model": model,
            "api_key_env": api_key_env,
            "fixed_sampling": fixed_sampling,
        },
        "price": {"input": price_input, "output": price_output},
        "context": context,
        "max_output": max_output,
        "limits": {"at_once": at_once, "per_minute": per_minute},
        "reasoning_effort": reasoning_effort,
    }
    typer.echo(server_module("evenhand.cli.contestant_add").add(fields, catalogue))


@app.command()
def check(
    slugs: Annotated[list[str] | None, typer.Argument(help="whom to call; default: everyone")] = None,
) -> None:
    """Call each contestant once: how soon it answers, and its first words. Exit code 1 if one fails."""
    if not server_module("evenhand.cli.contestant_check").check(slugs or []):
        raise typer.Exit(1)


@app.command()
def outages(
    days: Annotated[
        int, typer.Option(min=1, max=1000, metavar="N", help="over how many days, up to now")
    ] = 30,
) -> None:
    """Show who was not drawn for a while, because calls kept failing."""
    server_module("evenhand.cli.contestant_outages").show(days)


@app.command()
def fetch(
    slugs: Annotated[
        list[str] | None, typer.Argument(help="which demo models; default: the usual two")
    ] = None,
) -> None:
    """Bring demo models onto this machine. One that is on request competes once it is here."""
    server_module("evenhand.cli.contestant_fetch").fetch_models(slugs or [])
