"""`evenhand contestants list`: who would compete, where they come from and what they may cost."""

import asyncio
import os

from rich.console import Console
from rich.table import Table

from evenhand.arenas import load_arenas
from evenhand.contestants.demo_models import DEMO_MODELS
from evenhand.contestants.discovery import Found
from evenhand.contestants.lineup import find_lineup
from evenhand.core.settings import load_settings


def show() -> None:
    """Print the table, and what was left out."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    lineup = asyncio.run(find_lineup(load_settings(), load_arenas(), os.environ))
    if lineup.found:
        # A name that is cut short is of no use to someone who looks for it.
        table = Table("Contestant", "Name", "Organisation", "Arenas", "USD/M in, out", "From", box=None)
        for column in table.columns:
            column.overflow = "fold"
        for one in lineup.found:
            entry = one.entry
            who = (entry.slug, entry.name, entry.organization or "–")
            table.add_row(*who, ", ".join(entry.arenas), _price(one), one.origin)
        console.print(table, soft_wrap=False)
    for note in lineup.notes:
        console.print(note)
    if lineup.wants_demo_models:
        names = " and ".join(model.name for model in DEMO_MODELS if not model.on_request)
        console.print(f"Fewer than two were found: the demo models {names} compete as well.")
    elif not lineup.found:
        console.print("Nobody competes yet; add someone with: evenhand contestants add --help")


def _price(one: Found) -> str:
    if one.entry.price is not None:
        return f"{one.entry.price.input:g}, {one.entry.price.output:g}"
    return "unknown" if one.may_cost else "free"
