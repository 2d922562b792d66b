"""`evenhand contestants outages`: who was not drawn when, and why."""

from datetime import timedelta

from rich.console import Console
from rich.table import Table

from evenhand.app.figures import who_was_out
from evenhand.core.clock import now


def show(days: int) -> None:
    """Print the outages of the last days, the newest first."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    found = who_was_out(days)
    if not found:
        console.print(f"Everyone could be drawn in the last {days} days.")
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("Contestant", overflow="fold")
    for name in ("From (UTC)", "Until", "For", "Calls", "Probes"):
        table.add_column(name, no_wrap=True, justify="right" if name in ("For", "Probes") else "left")
    moment = now()
    for one in found:
        table.add_row(
            one.contestant,
            f"{one.began_at:%Y-%m-%d %H:%M}",
            "it lasts" if one.ended_at is None else f"{one.ended_at:%Y-%m-%d %H:%M}",
            _length((one.ended_at or moment) - one.began_at),
            one.error,
            str(one.probes),
        )
    console.print(table, soft_wrap=False)


def _length(lasted: timedelta) -> str:
    hours, rest = divmod(max(0, round(lasted.total_seconds())), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"
