"""Draws the page's icons for home screens from web/public/favicon.svg: `python tools/icons.py`."""

import re
from pathlib import Path

from PIL import Image, ImageDraw

PUBLIC = Path(__file__).parents[1] / "web" / "public"
UNITS = 32
"""The side of the drawing's own square."""
FINER = 8
"""How much larger it is drawn than kept, so that edges are smooth."""


def icon(side: int, *, rounded: bool) -> Image.Image:
    """The drawing, this many pixels wide; not rounded where systems cut the edge themselves."""
    drawing = (PUBLIC / "favicon.svg").read_text("utf-8")
    scale = side * FINER / UNITS
    image = Image.new("RGBA", (side * FINER, side * FINER))
    draw = ImageDraw.Draw(image)
    for kind, attributes in re.findall(r"<(rect|circle) ([^>]*?)/>", drawing):
        of = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        fill = of.pop("fill")
        size = {name: float(value) * scale for name, value in of.items()}
        if kind == "circle":
            x, y, r = size["cx"], size["cy"], size["r"]
            draw.ellipse([x - r, y - r, x + r, y + r], fill=fill)
            continue
        x, y = size.get("x", 0), size.get("y", 0)
        whole = size["width"] == image.width
        radius = 0 if whole and not rounded else size["rx"]
        draw.rounded_rectangle([x, y, x + size["width"], y + size["height"]], radius, fill=fill)
    return image.resize((side, side), Image.Resampling.LANCZOS)


ICONS = {
    "icon-192.png": {"side": 192, "rounded": True},
    "icon-512.png": {"side": 512, "rounded": True},
    # Systems cut these to shapes of their own, and leave the middle four fifths.
    "icon-maskable-512.png": {"side": 512, "rounded": False},
    "apple-touch-icon.png": {"side": 180, "rounded": False},
}


def main() -> None:
    """Write all of them."""
    for name, how in ICONS.items():
        icon(**how).quantize(64).save(PUBLIC / name, optimize=True)


if __name__ == "__main__":
    main()
