"""Drawing a card: the page's own colours and marks on a picture that other sites show beside a link."""

import io
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageColor, ImageDraw

from evenhand.sharing.cards import Card, CardSide
from evenhand.sharing.faces import BOLD, REGULAR, Typeface
from evenhand.sharing.lines import in_lines
from evenhand.sharing.schemas import Shape

# Drawn in twice the size: that makes round edges smooth.
_FINE = 2
_GROUND, _RAISED, _LINE = "#FAF7F2", "#FFFFFF", "#E4DDD2"
_INK, _SOFT = "#1E1A16", "#6B6257"
_SIDES = {"a": "#B4532A", "b": "#1F6A86"}
_SHADES = 16
"""How many steps an edge has from one colour to another."""


@dataclass(frozen=True)
class _Look:
    width: int
    height: int
    question: int
    """Its size of type, and the lines that it has at most."""
    lines: int


_LOOKS: dict[Shape, _Look] = {"wide": _Look(1200, 630, 36, 2), "square": _Look(1080, 1080, 44, 4)}
_MARGIN, _GAP, _INSET = 56, 24, 26
_TEXT, _HEAD, _SMALL = 23, 25, 21
_HIGH = 1.45
"""How far lines are apart, in sizes of type."""


def draw(card: Card, shape: Shape) -> bytes:
    """The card as a PNG, in which nothing stands but what is to be seen."""
    picture = _Picture(_LOOKS[shape])
    picture.draw(card)
    small = picture.image.reduce(_FINE).quantize(palette=_palette(), dither=Image.Dither.NONE)
    written = io.BytesIO()
    small.save(written, "PNG", compress_level=7)
    return written.getvalue()


@cache
def _palette() -> Image.Image:
    """Our colours and the steps between them. Left to be found, the rarer ones would be lost."""
    colours: list[int] = []
    for ground in (_GROUND, _RAISED):
        for ink in (_INK, _SOFT, _LINE, *_SIDES.values()):
            for step in range(_SHADES):
                share = step / (_SHADES - 1)
                pairs = zip(ImageColor.getrgb(ground), ImageColor.getrgb(ink), strict=True)
                colours += [round(below + (above - below) * share) for below, above in pairs]
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours)
    return palette


class _Picture:
    """A picture in the making; what is said of places is in its own, smaller measure."""

    def __init__(self, look: _Look) -> None:
        self._look = look
        self.image = Image.new("RGB", (look.width * _FINE, look.height * _FINE), _GROUND)
        self._canvas = ImageDraw.Draw(self.image)
        self._faces: dict[tuple[int, int], Typeface] = {}

    def draw(self, card: Card) -> None:
        look = self._look
        inner = look.width - 2 * _MARGIN
        self._marks(_MARGIN, 50)
        self._line(_MARGIN + 48, 44, card.arena, _SMALL, _INK, BOLD)
        self._line(look.width - _MARGIN, 44, card.mode, _SMALL, _SOFT, from_right=True)
        below = self._text(_MARGIN, 92, inner, card.question, look.question, look.lines, _INK, BOLD)
        top = below + 22
        bottom = look.height - (104 if card.outcome else 48)
        count = max(1, len(card.sides))
        width = (inner - _GAP * (count - 1)) // count
        for place, side in enumerate(card.sides):
            self._answer(_MARGIN + place * (width + _GAP), top, width, bottom, side, alone=count == 1)
        if card.outcome:
            chosen = next((one.side for one in card.sides if one.chosen), None)
            colour = _SIDES[chosen] if chosen else _INK
            line = self._cut(card.outcome, inner, 32)
            self._line(look.width // 2, look.height - 80, line, 32, colour, BOLD, centred=True)

    def _answer(self, left: int, top: int, width: int, bottom: int, side: CardSide, *, alone: bool) -> None:
        colour = _SIDES[side.side]
        edge, thick = (colour, 3) if side.chosen else (_LINE, 2)
        self._canvas.rounded_rectangle(
            self._fine(left, top, left + width, bottom), 14 * _FINE, _RAISED, edge, thick * _FINE
        )
        self._mark(left + _INSET, top + 29, 15, side.side)
        head, room = left + _INSET + 28, width - 2 * _INSET - 28
        if not alone:
            self._line(head, top + 20, side.side.upper(), _HEAD, colour, BOLD)
            head, room = head + 30, room - 30
        if side.name:
            self._line(head, top + 20, self._cut(side.name, room, _HEAD), _HEAD, _INK, BOLD)
        body = top + 70
        lines = int((bottom - 18 - body) / (_TEXT * _HIGH))
        self._text(left + _INSET, body, width - 2 * _INSET, side.text, _TEXT, lines, _INK, REGULAR)

    def _text(
        self, left: int, top: int, width: int, text: str, size: int, most: int, colour: str, weight: int
    ) -> int:
        """Draw a text in lines; where it ends."""
        face = self._face(size, weight)
        step = round(size * _HIGH)
        lines = in_lines(text, width * _FINE, most, face.width)
        for number, line in enumerate(lines):
            self._line(left, top + number * step, line, size, colour, weight)
        return top + len(lines) * step

    def _cut(self, text: str, width: int, size: int) -> str:
        """A bold text in one line."""
        return "".join(in_lines(text, width * _FINE, 1, self._face(size, BOLD).width))

    def _line(
        self,
        left: int,
        top: int,
        text: str,
        size: int,
        colour: str,
        weight: int = REGULAR,
        *,
        from_right: bool = False,
        centred: bool = False,
    ) -> None:
        face = self._face(size, weight)
        at = left * _FINE - (face.width(text) if from_right else face.width(text) / 2 if centred else 0)
        # On one line, whichever fonts the pieces are of.
        base = top * _FINE + size * _FINE * 1.08
        for font, piece in face.runs(text):
            self._canvas.text((at, base), piece, colour, font, anchor="ls")
            at += font.getlength(piece)

    def _marks(self, left: int, top: int) -> None:
        self._mark(left, top, 16, "a")
        self._mark(left + 21, top, 16, "b")

    def _mark(self, left: int, top: int, size: int, side: str) -> None:
        """A disc for side a, a square for side b, as on the page."""
        box = self._fine(left, top, left + size, top + size)
        if side == "a":
            self._canvas.ellipse(box, _SIDES[side])
        else:
            self._canvas.rounded_rectangle(box, 3 * _FINE, _SIDES[side])

    def _face(self, size: int, weight: int) -> Typeface:
        key = size * _FINE, weight
        if key not in self._faces:
            self._faces[key] = Typeface(*key)
        return self._faces[key]

    @staticmethod
    def _fine(*places: int) -> tuple[int, ...]:
        return tuple(place * _FINE for place in places)
