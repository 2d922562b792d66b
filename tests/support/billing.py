"""Contestants that say the same, and bill differently for it."""

import json

from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.configurations import Price
from tests.support.arena import Arena
from tests.support.fake_provider import Scenario

ANSWER = "The sky is blue because of how light scatters."
FREE, LOW, HIGH = Price(input=0, output=0), Price(input=0.5, output=1), Price(input=3, output=15)


def billing(arena: Arena, slug: str, price: Price | None, tokens: int, **more: object) -> CatalogueEntry:
    """A contestant whose provider says that every call took so many tokens, half of them read."""
    usage = {"prompt_tokens": tokens // 2, "completion_tokens": tokens - tokens // 2}
    chunks = [
        {"choices": [{"index": 0, "delta": {"content": ANSWER}}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": usage},
    ]
    raw = [f"data: {json.dumps(chunk)}\n\n".encode() for chunk in chunks]
    return arena.entry(slug, Scenario(raw=raw), price=price, **more)
