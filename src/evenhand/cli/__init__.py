"""The command `evenhand`; one file per group of commands."""

import sys

import typer

from evenhand.cli import audit, backup, contestants, operate, plan, rank, retention
from evenhand.core.errors import EvenhandError, InputError

app = typer.Typer(name="evenhand", no_args_is_help=True, add_completion=False, rich_markup_mode=None)
app.command()(operate.up)
app.command()(operate.serve)
app.command()(operate.work)
app.command()(operate.pause)
app.command()(operate.resume)
app.command()(operate.scrub)
app.command()(retention.retention)
app.command()(backup.backup)
app.command()(backup.restore)
app.command("import")(operate.import_votes)
app.command()(rank.rank)
app.command()(audit.audit)
app.command()(plan.plan)
app.command()(operate.openapi)
app.add_typer(contestants.app)


@app.callback()
def evenhand() -> None:
    """Run an open arena for AI models, or rank the votes of a file."""


def main() -> None:
    """Run the command line; a known fault is one sentence and an exit code, never a traceback."""
    try:
        app()
    except EvenhandError as error:
        # Not at the top: most commands print without it.
        from rich.console import Console

        Console(stderr=True, soft_wrap=True).print(f"evenhand: {error}", markup=False, highlight=False)
        sys.exit(2 if isinstance(error, InputError) else 1)
