"""Prompts worth asking: a few of each arena's, other ones each day, the same for everybody."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from evenhand.core.errors import StartError
from evenhand.core.wrong_values import said_of

A_DAY = 6
"""How many are suggested on a day."""

SuggestionLanguage = Literal["en", "zh"]
Prompt = Annotated[str, Field(min_length=1, max_length=1000)]
Kinds = dict[str, Annotated[list[Prompt], Field(min_length=1)]]
"""Prompts by what they are about."""
Suggestions = dict[
    str, Annotated[dict[SuggestionLanguage, Annotated[Kinds, Field(min_length=1)]], Field(min_length=1)]
]
"""Arena, language, kind."""

# The safe loader that is written in C, where there is one: this is read at every start.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def of_the_day(kinds: Mapping[str, Sequence[str]], day: date) -> list[str]:
    """The day's prompts, of all kinds in turn. None comes again before all others of its kind did."""
    lists = list(kinds.values())
    places = [lists[place % len(lists)] for place in range(A_DAY)]
    chosen: list[str] = []
    for place, prompts in enumerate(places):
        daily = sum(other is prompts for other in places)
        before = sum(other is prompts for other in places[:place])
        prompt = prompts[(day.toordinal() * daily + before) % len(prompts)]
        if prompt not in chosen:  # of a short list
            chosen.append(prompt)
    return chosen


def load_suggestions(own: Path | None, arenas: Collection[str]) -> Suggestions:
    """What is suggested in each arena: of the operator's file what is in it, else what comes along.

    Raises `StartError` with one sentence about what is wrong in the file.
    """
    come_along = (resources.files("evenhand.arenas") / "suggestions.yaml").read_text("utf-8")
    suggestions = TypeAdapter(Suggestions).validate_python(_parse(come_along))
    return suggestions if own is None else suggestions | _read(own, arenas)


def _parse(text: str) -> object:
    return yaml.load(text, _Loader)  # noqa: S506 - it is a safe one


def _read(path: Path, arenas: Collection[str]) -> Suggestions:
    try:
        found = TypeAdapter(Suggestions).validate_python(_parse(path.read_text("utf-8")))
    except FileNotFoundError:
        raise StartError(f"{path}: there is no such file; EVENHAND_SUGGESTIONS must name one.") from None
    except OSError as error:
        raise StartError(f"{path}: cannot be read ({error.strerror}).") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise StartError(f"{path}: is not a YAML file in UTF-8.") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise StartError(f"{path}: {place or 'it'} {said_of(first)}.") from None
    for arena in found:
        if arena not in arenas:
            raise StartError(f'{path}: there is no arena "{arena}"; there is {", ".join(sorted(arenas))}.')
    return found
