"""What an issuer says of itself: where it is asked, and its keys. It is read when first needed."""

from datetime import datetime, timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError

from evenhand.accounts.providers.provider import ProviderWrong
from evenhand.accounts.providers.web import Web

GOOD_FOR = timedelta(hours=1)
"""How long what was read is taken for true."""
KEYS_ANEW = timedelta(minutes=1)
"""How soon keys are read again when a token is signed with one that is not among them."""


class Metadata(BaseModel):
    """The members of an issuer's document that signing in makes use of (OpenID Connect Discovery 1.0)."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Issuer:
    """One issuer. Its answers are kept, its failures not."""

    def __init__(self, web: Web, issuer: str) -> None:
        self._web = web
        self._issuer = issuer
        self._metadata: tuple[datetime, Metadata] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    async def metadata(self, now: datetime) -> Metadata:
        """What it says of itself. Raises `ProviderDown` and `ProviderWrong`."""
        if self._metadata is None or now - self._metadata[0] > GOOD_FOR:
            self._metadata = now, await self._discover()
        return self._metadata[1]

    async def keys(self, now: datetime, key_id: object) -> KeySet:
        """Its keys for signing, read anew when one is wanted that is not among them."""
        if self._keys is not None:
            age = now - self._keys[0]
            known = key_id is None or any(key.kid == key_id for key in self._keys[1])
            if age <= (GOOD_FOR if known else KEYS_ANEW):
                return self._keys[1]
        jwks_uri = (await self.metadata(now)).jwks_uri
        self._keys = now, _signing_keys(await self._web.get(jwks_uri))
        return self._keys[1]

    async def _discover(self) -> Metadata:
        found = await self._web.get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        try:
            metadata = Metadata.model_validate(found)
        except ValidationError as error:
            place = ".".join(str(step) for step in error.errors()[0]["loc"])
            raise ProviderWrong(f"what it says of itself is not whole: {place}") from None
        if metadata.issuer != self._issuer:  # else one issuer could pass for another
            raise ProviderWrong("it names another issuer than the sign-in file")
        return metadata


def _signing_keys(found: Any) -> KeySet:
    listed = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise ProviderWrong("it has no keys")
    public = [key for key in listed if isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP")]
    try:
        return KeySet.import_key_set({"keys": [key for key in public if key.get("use", "sig") == "sig"]})
    except (JoseError, ValueError, TypeError, KeyError):
        raise ProviderWrong("its keys cannot be used") from None
