"""The fonts of pictures, and which of them has a character.

They come as packages, so that Chinese is drawn on a machine that has no fonts. They are read as files:
nothing of those packages is run.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution
from itertools import groupby
from pathlib import Path

from PIL import ImageFont

REGULAR, BOLD = 400, 600

_CJK = ("manimgx-fonts-cjk", "NotoSansCJK-VF.otf.ttc")
_SIMPLIFIED = 2
"""Which of the fonts in that file writes signs as they are written on the Chinese mainland."""
_OTHERS = "manimgx-fonts"
_EVERYWHERE = 0x250
"""Below this every letter is in the first font."""
_NOWHERE = "\U0010fffe"


@cache
def _files() -> list[tuple[Path, int]]:
    """The fonts, with their places in their files: the first that has a character draws it."""
    package, name = _CJK
    first = [path for path in _of(package) if path.name == name]
    others = [path for path in _of(_OTHERS) if "Italic" not in path.name]
    return [(path, _SIMPLIFIED) for path in first] + [(path, 0) for path in sorted(others)]


def _of(package: str) -> list[Path]:
    found = distribution(package)
    return [
        Path(str(found.locate_file(file)))
        for file in found.files or []
        if file.suffix in (".ttf", ".ttc", ".otf")
    ]


class Typeface:
    """One size and weight, in all fonts. For one drawing: a font is not for two threads at once."""

    def __init__(self, size: int, weight: int = REGULAR) -> None:
        self.size = size
        self._weight = weight
        self._fonts: dict[int, ImageFont.FreeTypeFont] = {}
        self._missing: dict[int, bytes] = {}
        """How each font draws what it does not have."""
        self._found: dict[str, int] = {}

    def runs(self, text: str) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
        """The text in pieces, each with the font that has its characters."""
        numbers: list[int] = []
        for character in text:
            # What belongs to the character before it is drawn with that.
            belongs = numbers and unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf", "Sk")
            numbers.append(numbers[-1] if belongs else self._number_of(character))
        at = 0
        for number, group in groupby(numbers):
            size = len(list(group))
            yield self._font(number), text[at : at + size]
            at += size

    def width(self, text: str) -> float:
        """How wide a line is."""
        return sum(font.getlength(piece) for font, piece in self.runs(text))

    def _number_of(self, character: str) -> int:
        if ord(character) < _EVERYWHERE:
            return 0
        known = self._found.get(character)
        if known is None:
            numbers = range(len(_files()))
            known = next((number for number in numbers if self._has(number, character)), 0)
            self._found[character] = known
        return known

    def _has(self, number: int, character: str) -> bool:
        font = self._font(number)
        if number not in self._missing:
            self._missing[number] = bytes(font.getmask(_NOWHERE))
        return bytes(font.getmask(character)) != self._missing[number]

    def _font(self, number: int) -> ImageFont.FreeTypeFont:
        font = self._fonts.get(number)
        if font is None:
            path, index = _files()[number]
            font = ImageFont.truetype(path, self.size, index)
            font.set_variation_by_axes([self._weight])
            self._fonts[number] = font
        return font
