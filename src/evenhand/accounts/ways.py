"""How people can sign in to an installation, as its settings have it."""

from typing import Literal
from urllib.parse import urlsplit

from evenhand.core.loopback import is_loopback
from evenhand.core.settings import Settings

Way = Literal["mail", "console", "off"]


def email_way(settings: Settings) -> Way:
    """How a sign-in link reaches somebody.

    By the mail server; without one on the console of an arena that only this machine reaches, where whoever
    reads it is whoever asks; else not at all.
    """
    if settings.smtp_host is not None:
        return "mail"
    public = urlsplit(settings.public_url or "").hostname
    only_here = is_loopback(settings.host) and (public is None or is_loopback(public))
    return "console" if only_here else "off"
