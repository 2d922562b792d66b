"""`evenhand contestants check`: does everyone answer, how soon, and with what."""

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console

from evenhand.arenas import Arena, load_arenas
from evenhand.contestants.call_limits import CallLimits
from evenhand.contestants.catalogue import CatalogueEntry, shared_call_limits
from evenhand.contestants.configurations import Counted
from evenhand.contestants.demo_models import USUAL_MODELS
from evenhand.contestants.lineup import find_lineup
from evenhand.contestants.local_server import at_work
from evenhand.contestants.service import configure
from evenhand.core.errors import InputError
from evenhand.core.settings import load_settings
from evenhand.gateway import Delta, Gateway, GatewayError, Message, StreamEvent

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
    arenas, settings = load_arenas(), load_settings()
    lineup = await find_lineup(settings, arenas, os.environ)
    entries: dict[str, CatalogueEntry | None] = {entry.slug: entry for entry in lineup.entries}
    if lineup.wants_demo_models:
        entries |= {model.slug: None for model in USUAL_MODELS}
        entries |= {entry.slug: entry for entry in at_work(settings.data)}
    for slug in slugs:
        if slug not in entries:
            raise InputError(f'"{slug}" does not compete; there is {", ".join(entries) or "nobody"}.')
    limits = shared_call_limits(entry for entry in entries.values() if entry is not None)
    async with Gateway() as gateway:
        return await asyncio.gather(
            *(_outcome(gateway, slug, entries[slug], arenas, limits) for slug in slugs or list(entries))
        )


async def _outcome(
    gateway: Gateway,
    slug: str,
    entry: CatalogueEntry | None,
    arenas: Mapping[str, Arena],
    limits: Mapping[Counted, CallLimits],
) -> Outcome:
    if entry is None:
        return Outcome(slug, fault="demo models answer while the arena runs: start it with `evenhand up`")
    return await _call(gateway, entry, arenas, limits[entry.endpoint.counted_as])


async def _call(
    gateway: Gateway, entry: CatalogueEntry, arenas: Mapping[str, Arena], limits: CallLimits
) -> Outcome:
    arena = arenas[entry.arenas[0]]
    short = arena.sampling.model_copy(update={"max_output_tokens": _ANSWER_TOKENS})
    configuration = configure(entry, arena).model_copy(update={"sampling": short})
    began = time.monotonic()

    def begin() -> None:
        nonlocal began
        began = time.monotonic()

    first_token, text = None, ""

    def take(event: StreamEvent) -> None:
        nonlocal first_token, text
        if isinstance(event, Delta):
            first_token = first_token or time.monotonic() - began
            text += event.text if event.kind == "text" else ""

    try:
        await gateway.call(configuration, [Message("user", _PROMPT)], take, limits=limits, begun=begin)
    except GatewayError as error:
        return Outcome(entry.slug, fault=f"{error.code}: {error.cause}")
    if first_token is None:
        return Outcome(entry.slug, fault="the answer is empty")
    words = " ".join(text.split())
    shown = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in words
    )
    return Outcome(entry.slug, first_token, shown[:60] or "(only reasoning within the limit)")
