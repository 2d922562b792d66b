"""`evenhand contestants check`: does everyone answer, how soon, and with what."""

import asyncio
import os
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from rich.console import Console

from evenhand.arenas import Arena, load_arenas
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.lineup import find_lineup
from evenhand.contestants.service import configure
from evenhand.core.errors import InputError
from evenhand.core.settings import load_settings
from evenhand.gateway import Delta, Gateway, GatewayError, Message

_PROMPT = "Say hello in one short sentence."
_ANSWER_TOKENS = 48


@dataclass(frozen=True)
class Outcome:
    """How one call went: `first_token` in seconds and the first words, or why there are none."""

    slug: str
    first_token: float | None = None
    words: str = ""
    fault: str = ""


def check(slugs: Sequence[str]) -> bool:
    """Call those contestants, or everyone, and print a line for each; whether all answered."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    outcomes = asyncio.run(_check(slugs))
    width = max((len(outcome.slug) for outcome in outcomes), default=0)
    for outcome in outcomes:
        if outcome.first_token is None:
            console.print(f"{outcome.slug:{width}}  failed    {outcome.fault}")
        else:
            console.print(f"{outcome.slug:{width}}  {outcome.first_token * 1000:5.0f} ms  {outcome.words}")
    if not outcomes:
        console.print("Nobody to call; add someone with: evenhand contestants add --help")
    return bool(outcomes) and all(outcome.first_token is not None for outcome in outcomes)


async def _check(slugs: Sequence[str]) -> list[Outcome]:
    arenas = load_arenas()
    entries = {
        entry.slug: entry for entry in (await find_lineup(load_settings(), arenas, os.environ)).entries
    }
    for slug in slugs:
        if slug not in entries:
            raise InputError(f'"{slug}" does not compete; there is {", ".join(entries) or "nobody"}.')
    async with Gateway() as gateway:
        chosen = [entries[slug] for slug in slugs] or list(entries.values())
        return await asyncio.gather(*(_call(gateway, entry, arenas[entry.arenas[0]]) for entry in chosen))


async def _call(gateway: Gateway, entry: CatalogueEntry, arena: Arena) -> Outcome:
    short = arena.sampling.model_copy(update={"max_output_tokens": _ANSWER_TOKENS})
    configuration = configure(entry, arena).model_copy(update={"sampling": short})
    began = time.monotonic()
    first_token, text = None, ""
    try:
        async with aclosing(gateway.stream(configuration, [Message("user", _PROMPT)])) as events:
            async for event in events:
                if isinstance(event, Delta):
                    first_token = first_token or time.monotonic() - began
                    text += event.text if event.kind == "text" else ""
    except GatewayError as error:
        return Outcome(entry.slug, fault=f"{error.code}: {error.cause}")
    if first_token is None:
        return Outcome(entry.slug, fault="the answer is empty")
    words = " ".join(text.split())
    shown = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in words
    )
    return Outcome(entry.slug, first_token, shown[:60] or "(only reasoning within the limit)")
