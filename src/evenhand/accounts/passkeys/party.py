"""Which site passkeys are for: its domain, and the origin at which they are shown."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import Scope

from evenhand.accounts.door import base_url
from evenhand.core.errors import Unavailable
from evenhand.core.settings import Settings

_USUAL_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Party:
    """The domain that a passkey belongs to (the *relying party's id*), and the page's origin."""

    id: str
    origin: str


def party_of(settings: Settings, scope: Scope) -> Party | None:
    """The site that a request came to, as browsers name it; None where they allow no passkeys.

    They want a name rather than an address in figures, and https, except on the machine itself.
    """
    url = urlsplit(base_url(settings, scope))
    name = _ascii(url.hostname or "")
    if name is None or _is_address(name) or not (url.scheme == "https" or name == "localhost"):
        return None
    port = "" if url.port in (None, _USUAL_PORTS[url.scheme]) else f":{url.port}"
    return Party(name, f"{url.scheme}://{name}{port}")


def known_party(settings: Settings, scope: Scope) -> Party:
    """The same. Raises `Unavailable` where there are no passkeys."""
    party = party_of(settings, scope)
    if party is None:
        raise Unavailable(
            "passkeys_off",
            "Passkeys need an arena with a name and https (EVENHAND_PUBLIC_URL); sign in another way.",
        )
    return party


def _ascii(name: str) -> str | None:
    """A name as browsers write it in an origin."""
    try:
        return name.lower() if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
