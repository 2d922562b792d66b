"""HTTP of arenas."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel

from evenhand.arenas.suggestions import SuggestionLanguage, Suggestions, of_the_day
from evenhand.core.clock import day_of
from evenhand.core.errors import NotFound
from evenhand.core.routers import api_router
from evenhand.storage.dependencies import Now

router = api_router("arenas")


class DaysSuggestions(BaseModel):
    """Prompts worth asking on a day (of UTC)."""

    day: date
    language: SuggestionLanguage
    prompts: list[str]


async def _suggestions(request: Request) -> Suggestions:
    suggestions: Suggestions = request.app.state.suggestions
    return suggestions


@router.get("/arenas/{slug}/suggestions")
async def suggestions(
    slug: str,
    known: Annotated[Suggestions, Depends(_suggestions)],
    now: Now,
    language: SuggestionLanguage = "en",
) -> DaysSuggestions:
    """Prompts worth asking today; in another language where there are none in the one that is asked for."""
    if slug not in known:
        raise NotFound("unknown_arena", "There is no such arena here.")
    languages = known[slug]
    spoken = language if language in languages else next(iter(languages))
    day = day_of(now)
    return DaysSuggestions(day=day, language=spoken, prompts=of_the_day(languages[spoken], day))
