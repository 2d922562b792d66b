"""Who reads the page: in which language, on what, and what it says to them."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "web" / "src"

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@cache
def _texts(language: str, namespace: str) -> dict[str, Any]:
    # The boards are a part of the page by themselves, with their texts beside them.
    boards = namespace == "boards"
    file = f"boards/locales/{language}.json" if boards else f"i18n/locales/{language}/{namespace}.json"
    texts: dict[str, Any] = json.loads((PAGE / file).read_text("utf-8"))
    return texts


@dataclass(frozen=True)
class Reader:
    """Somebody with a language and a window."""

    locale: str
    size: Any

    @property
    def on_phone(self) -> bool:
        return self.size is PHONE

    @property
    def pause(self) -> str:
        """What parts two sentences."""
        return "" if self.locale == "zh-CN" else " "

    @property
    def elsewhere(self) -> "Reader":
        """The same person at their other device."""
        return Reader(self.locale, DESKTOP if self.on_phone else PHONE)

    def says(self, key: str, **values: object) -> re.Pattern[str]:
        """What the page says to them under a key of its texts, `page` where no namespace is named.

        The text may hold anything where a value is not given; of several it is the one for `count`.
        """
        namespace, _, path = key.rpartition(":")
        text: Any = _texts(self.locale[:2], namespace or "page")
        *parents, name = path.split(".")
        for parent in parents:
            text = text[parent]
        if name not in text and "count" in values:
            name += "_one" if self.locale.startswith("en") and values["count"] == 1 else "_other"
        pieces = re.split(r"\{\{(\w+)\}\}", text[name])
        for place in range(1, len(pieces), 2):
            pieces[place] = re.escape(str(values[pieces[place]])) if pieces[place] in values else ".*"
        pieces[::2] = [re.escape(piece) for piece in pieces[::2]]
        return re.compile("".join(pieces))


ENGLISH_DESK = Reader("en-GB", DESKTOP)
CHINESE_PHONE = Reader("zh-CN", PHONE)


def _each(*readers: Reader) -> pytest.MarkDecorator:
    names = [f"{one.locale[:2]} {'phone' if one.on_phone else 'desk'}" for one in readers]
    return pytest.mark.parametrize("reader", readers, ids=names, indirect=True)


both_readers = _each(ENGLISH_DESK, CHINESE_PHONE)
every_reader = _each(ENGLISH_DESK, CHINESE_PHONE, Reader("en-GB", PHONE), Reader("zh-CN", DESKTOP))
