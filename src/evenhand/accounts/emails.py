"""E-mail addresses: what is taken for one, and the form in which it is compared."""

import re
import unicodedata

from evenhand.core.errors import Invalid

LONGEST = 254
"""Characters that an address has at most (RFC 5321)."""

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST_LOCAL = 64


def email_of(written: str) -> str:
    """An address in lower case, its domain as the mail's servers write it.

    Raises `Invalid` for what is none. What stands before the @ must be of ASCII: few servers take more.
    """
    # Input methods write ＠ and 。, too.
    local, at, domain = unicodedata.normalize("NFKC", written).replace("。", ".").strip().rpartition("@")
    try:
        # ASCII stays as it is; the codec would refuse labels that only look odd.
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode()
        # An older rule writes ß as ss, which is somebody else's domain.
        meant = domain.isascii() or ascii_domain.encode().decode("idna") == domain.lower()
        labels = ascii_domain.split(".") if meant else []
    except UnicodeError:
        labels = []
    well_formed = (
        at
        and len(local) <= _LONGEST_LOCAL
        and _LOCAL.fullmatch(local)
        and labels
        and all(_LABEL.fullmatch(label) for label in labels)
    )
    email = f"{local}@{'.'.join(labels)}".lower()
    if not well_formed or len(email) > LONGEST:
        raise Invalid("not_an_email", "This is not an e-mail address; write it as name@example.org.")
    return email
