"""Addresses of providers, taken apart for a request."""

from typing import NamedTuple
from urllib.parse import quote, urlsplit

_PORTS = {"http": 80, "https": 443}
_IN_TARGETS = "/?%:@!$&'()*+,;=~-._"


class AddressError(ValueError):
    """An address that cannot be called, and why."""


class Origin(NamedTuple):
    """Where a connection leads to."""

    host: str
    port: int
    secure: bool


class Address(NamedTuple):
    """What is connected to, and what the request says: its `Host` header, its path with the query."""

    origin: Origin
    host: str
    target: str


def parse(url: str) -> Address:
    """Take an address apart. Raises `AddressError`."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
        name = (parts.hostname or "").encode("idna").decode()
    except (ValueError, KeyError) as error:
        raise AddressError(f"{url!r} cannot be called: {error}") from None
    if parts.username is not None:
        raise AddressError("an address holds no user and password; a key goes into api_key_env")
    if not name or not name.isprintable() or " " in name:
        raise AddressError(f"{url!r} names no server")
    host = f"[{name}]" if ":" in name else name
    if parts.port is not None:
        host += f":{parts.port}"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(Origin(name, port, parts.scheme == "https"), host, quote(target, safe=_IN_TARGETS))
