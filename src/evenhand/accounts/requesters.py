"""Where a request comes from, as a keyed hash: enough to count by, and no address."""

import hmac
import os
from ipaddress import IPv6Address, IPv6Network, ip_address

from pydantic import SecretStr


class Requesters:
    """Hashes network addresses; without a key of the operator's, with one of its own that ends with it."""

    def __init__(self, key: SecretStr | None) -> None:
        self._key = os.urandom(32) if key is None else key.get_secret_value().encode()

    def hash_of(self, address: str | None, purpose: str = "") -> bytes:
        """The hash of an IPv4 address, or of an IPv6 network of /56: a single home has as many addresses.

        What is counted for another purpose has another hash.
        """
        return hmac.digest(self._key, f"{purpose}{_network(address)}".encode(), "sha256")


def _network(address: str | None) -> str:
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(IPv6Network((parsed.packed, 56), strict=False))
    return str(parsed)
