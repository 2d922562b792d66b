"""What kind of browser a session is in, as far as its owner needs it to know it again in a list."""

import re
from dataclasses import dataclass

# Most call themselves by the names of others too: the first that fits is it.
_NAMES = (
    ("Edge", r"\bEdg(e|A|iOS)?/"),
    ("Opera", r"\b(OPR|Opera)/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("WeChat", r"\bMicroMessenger/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b(Chrome|Chromium|CriOS|HeadlessChrome)/"),
    ("Safari", r"\bVersion/\S+ .*\bSafari/"),
)
_SYSTEMS = (
    ("Android", r"\bAndroid\b"),
    ("iOS", r"\b(iPhone|iPad|iPod)\b"),
    ("Windows", r"\bWindows\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b"),
    ("Linux", r"\bLinux\b"),
)
_LONGEST = 512


@dataclass(frozen=True)
class Browser:
    """A browser's family and its system; None for what is not known here."""

    name: str | None
    system: str | None


def browser_of(user_agent: str | None) -> Browser:
    """The browser that a `User-Agent` names. Versions and models of devices are not kept."""
    agent = (user_agent or "")[:_LONGEST]
    return Browser(_first(_NAMES, agent), _first(_SYSTEMS, agent))


def _first(kinds: tuple[tuple[str, str], ...], agent: str) -> str | None:
    return next((name for name, pattern in kinds if re.search(pattern, agent)), None)
