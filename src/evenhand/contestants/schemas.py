"""What goes over the wire about contestants."""

from pydantic import BaseModel

from evenhand.contestants.configurations import Price


class Contestant(BaseModel):
    """Someone who competes; `context` in tokens, `price` in US dollars per million tokens."""

    slug: str
    name: str
    organization: str | None
    license: str | None
    arenas: list[str]
    price: Price | None
    context: int | None
    demo: bool


class ContestantList(BaseModel):
    """Everyone in the lineup of some arena, in the order of their slugs."""

    contestants: list[Contestant]
