"""ID tokens: who signed in, signed by the issuer, for us, now, and for this very sign-in."""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from evenhand.accounts.providers.provider import ProviderWrong

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Those with a key of the issuer's own: never `none`, and none with a secret that we know, too."""
CLOCKS_APART = timedelta(minutes=2)

Claims = Mapping[str, Any]


def key_id_of(token: str) -> object:
    """Which key a token says that it was signed with; None when it does not say."""
    try:
        return jws.extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError) as error:
        raise ProviderWrong(f"its token cannot be read: {type(error).__name__}") from None


def verified(token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now: datetime) -> Claims:
    """What a token says (OpenID Connect Core 1.0, 3.1.3.7). Raises `ProviderWrong` when it is no proof."""
    key_id = key_id_of(token)
    try:
        key = keys.get_by_kid(key_id if isinstance(key_id, str) else None)
        claims: Claims = jwt.decode(token, key, algorithms=ALGORITHMS).claims
    except (JoseError, ValueError) as error:
        raise ProviderWrong(f"its token is not signed as it must be: {type(error).__name__}") from None
    fault = _fault(claims, issuer, client_id, nonce, now)
    if fault is not None:
        raise ProviderWrong(f"its token has {fault}")
    return claims


def _fault(claims: Claims, issuer: str, client_id: str, nonce: str, now: datetime) -> str | None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp", None if len(audiences) > 1 else client_id)
    expires, issued, begins = (_moment(claims.get(name)) for name in ("exp", "iat", "nbf"))
    given_nonce, subject = claims.get("nonce"), claims.get("sub")
    if claims.get("iss") != issuer:
        return "another issuer"
    if client_id not in audiences or party != client_id:
        return "another audience"
    if expires is None or expires + CLOCKS_APART.total_seconds() <= now.timestamp():
        return "expired"
    if any(
        one is not None and one - CLOCKS_APART.total_seconds() > now.timestamp() for one in (issued, begins)
    ):
        return "a time to come"
    if not isinstance(given_nonce, str) or not hmac.compare_digest(given_nonce.encode(), nonce.encode()):
        return "another nonce"
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        return "no subject"
    return None


def _moment(claim: Any) -> float | None:
    return float(claim) if isinstance(claim, int | float) and not isinstance(claim, bool) else None
