"""`evenhand contestants list`: who would compete, what they may cost and where they come from."""

import asyncio
import os

from rich.console import Console
from rich.table import Table

from evenhand.arenas import load_arenas
from evenhand.contestants.demo_models import USUAL_MODELS
from evenhand.contestants.discovery import Found
from evenhand.contestants.lineup import find_lineup
from evenhand.core.settings import load_settings


def show() -> None:
    """Print the table, and what was left out."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    lineup = asyncio.run(find_lineup(load_settings(), load_arenas(), os.environ))
    rows = [(one.entry.slug, one.entry.name, _cost(one), one.origin) for one in lineup.found]
    if lineup.wants_demo_models:
        rows += [(model.slug, model.name, "no", "demo model") for model in USUAL_MODELS]
    if rows:
        table = Table(box=None, pad_edge=False)
        # What people copy into another command stays in one piece; the rest is folded, never cut short.
        table.add_column("Contestant", no_wrap=True, overflow="fold")
        table.add_column("Name", overflow="fold")
        table.add_column("May cost, USD/M", overflow="fold")
        table.add_column("From", overflow="fold")
        for row in rows:
            table.add_row(*row)
        console.print(table, soft_wrap=False)
    else:
        console.print("Nobody competes yet; add someone with: evenhand contestants add --help")
    for note in lineup.notes:
        console.print(note)
    if lineup.wants_demo_models:
        console.print("Fewer than two were found, so small demo models compete as well.")


def _cost(one: Found) -> str:
    """In US dollars per million tokens."""
    if not one.may_cost:
        return "no"
    price = one.entry.price
    return "yes, unknown" if price is None else f"{price.input:g} in, {price.output:g} out"
