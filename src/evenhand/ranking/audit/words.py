"""Numbers and names as a report writes them."""

import unicodedata
from collections.abc import Sequence

NARROW = "\u00a0"
"""A space at which no line is broken."""
LONG = 40
"""A name is cut to so many characters."""


def name(text: str, most: int = LONG) -> str:
    """Return a name on one line, cut where it is long, and without what would turn the text around it."""
    plain = "".join(
        " " if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp") else one for one in text[:400]
    )
    plain = " ".join(plain.split()) or "(no name)"
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def names(texts: Sequence[str], most: int = 5) -> str:
    """Return a list of names, the first of many."""
    shown = [name(one) for one in texts[:most]]
    rest = len(texts) - len(shown)
    if rest > 0:
        return f"{', '.join(shown)} and {rest:,} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def of(number: int, one: str, many: str | None = None) -> str:
    """Return a number of things: 1 vote, 1,204 votes."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(share: float, digits: int = 1) -> str:
    """Return a share in per cent, with as many digits as a small one needs."""
    value = 100.0 * share
    while 0 < abs(value) < 10.0**-digits * 5 and digits < 6:
        digits += 1
    return f"{value:.{digits}f}{NARROW}%"


def percentage_points(share: float) -> str:
    """Return a difference of shares."""
    return f"{100.0 * share:.1f} percentage points"


def points(value: float, *, sign: bool = False) -> str:
    """Return points of a rating."""
    text = f"{value:+.1f}" if sign else f"{value:.1f}"
    return text.replace("-", "−")


def chance(p: float) -> str:
    """Return a p value."""
    return "p < 0.0001" if p < 1e-4 else f"p = {p:.4f}" if p < 0.01 else f"p = {p:.2f}"
