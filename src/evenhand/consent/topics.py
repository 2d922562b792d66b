"""What a question seems to be about, as far as it is left out of releases for that: health, law.

A list of words, no more; provisional, and on the side of leaving out. It runs at every question, on the
question alone, and takes a third of a microsecond a character.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Literal, get_args

import yaml

Topic = Literal["health", "law"]


def topics_of(texts: Iterable[str]) -> list[Topic]:
    """The topics of what was asked, in the order of their names."""
    asked = "\n".join(texts).casefold()
    return [topic for topic, pattern in _patterns().items() if pattern.search(asked)]


@cache
def _patterns() -> dict[Topic, re.Pattern[str]]:
    file = resources.files("evenhand.consent") / "topics.yaml"
    words: dict[Topic, list[str]] = yaml.safe_load(file.read_text("utf-8"))
    return {topic: _pattern(words[topic]) for topic in get_args(Topic)}


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    spelt = [word for word in words if word.isascii()]
    signs = [word for word in words if not word.isascii()]
    begun = "|".join(re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in spelt)
    return re.compile(rf"(?<!\w)(?:{begun})(?!\w)|{'|'.join(map(re.escape, signs))}", re.ASCII)
