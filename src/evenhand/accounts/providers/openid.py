"""A provider that speaks OpenID Connect: the code flow with PKCE, found by its issuer."""

import base64
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from evenhand.accounts.emails import LONGEST, email_of
from evenhand.accounts.providers.metadata import Issuer, Metadata
from evenhand.accounts.providers.provider import Claimed, Leaving, ProviderWrong, Returning
from evenhand.accounts.providers.tokens import Claims, key_id_of, verified
from evenhand.accounts.providers.web import Web, error_in
from evenhand.core.errors import Invalid
from evenhand.core.sign_in_file import GOOGLE, GivenProvider


class OpenIdProvider:
    """One issuer, and us as it knows us."""

    def __init__(self, given: GivenProvider, web: Web) -> None:
        self.slug = given.slug
        self.name = given.name
        self.issuer = given.issuer
        self.trusts_email = given.trust_email
        self._given = given
        self._web = web
        self._at = Issuer(web, given.issuer)

    async def address(self, leaving: Leaving, now: datetime) -> str:
        """Its authorization endpoint, with what we ask for."""
        endpoint = (await self._at.metadata(now)).authorization_endpoint
        asked = {
            "response_type": "code",
            "client_id": self._given.client_id,
            "redirect_uri": leaving.redirect_uri,
            "scope": "openid email",
            "state": leaving.state,
            "nonce": leaving.nonce,
            "code_challenge": leaving.challenge,
            "code_challenge_method": "S256",
        }
        return with_query(endpoint, asked)

    async def who(self, returning: Returning, now: datetime) -> Claimed:
        """Who the ID token says it is, for whom the code was."""
        metadata = await self._at.metadata(now)
        _check_issuer(metadata, returning.issuer)
        answer = await self._redeemed(metadata, returning)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderWrong("it gives no ID token")
        claims = verified(
            token,
            await self._at.keys(now, key_id_of(token)),
            issuer=self.issuer,
            client_id=self._given.client_id,
            nonce=returning.nonce,
            now=now,
        )
        said = claims if "email" in claims else await self._more(metadata, claims, answer.get("access_token"))
        return Claimed(self.issuer, claims["sub"], _label(said), self._email(said))

    async def _redeemed(self, metadata: Metadata, returning: Returning) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": returning.code,
            "redirect_uri": returning.redirect_uri,
            "code_verifier": returning.verifier,
        }
        headers = {}
        client, secret = self._given.client_id, self._given.client_secret
        if secret is None:
            form["client_id"] = client
        elif "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            pair = f"{quote_plus(client)}:{quote_plus(secret.get_secret_value())}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": client, "client_secret": secret.get_secret_value()}
        answer = await self._web.post(metadata.token_endpoint, form, headers)
        if not isinstance(answer, dict) or "error" in answer:
            raise ProviderWrong(f"it does not take the code{error_in(answer)}")
        return answer

    async def _more(self, metadata: Metadata, claims: Claims, token: object) -> Claims:
        """What it says only when asked; many leave the address out of their tokens."""
        if metadata.userinfo_endpoint is None or not isinstance(token, str):
            return claims
        said = await self._web.get(metadata.userinfo_endpoint, token=token)
        if not isinstance(said, dict) or said.get("sub") != claims["sub"]:
            raise ProviderWrong("it tells of somebody else than its token")
        return said

    def _email(self, said: Claims) -> str | None:
        """The address that it vouches for, if the operator trusts it in that."""
        if not self.trusts_email or said.get("email_verified") not in (True, "true"):
            return None
        email = usual_email(said.get("email"))
        if email is not None and self.issuer == GOOGLE and not _is_googles(email, said):
            return None
        return email


def with_query(endpoint: str, asked: dict[str, str]) -> str:
    """An endpoint's address with a query, beside one that it may have."""
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"


def usual_email(written: object) -> str | None:
    """An address in its usual form; None for anything else."""
    try:
        return email_of(written) if isinstance(written, str) else None
    except Invalid:
        return None


def _check_issuer(metadata: Metadata, given: str | None) -> None:
    """Whether it is this issuer that answers (RFC 9207): else the code of one could be taken to another."""
    if given is None and not metadata.authorization_response_iss_parameter_supported:
        return
    if given != metadata.issuer:
        raise ProviderWrong("the answer is another issuer's")


def _is_googles(email: str, said: Claims) -> bool:
    """Whether Google itself gives out the address; of others it only knows whose they were once."""
    return email.endswith(("@gmail.com", "@googlemail.com")) or bool(said.get("hd"))


def _label(said: Claims) -> str | None:
    for name in ("email", "preferred_username", "name"):
        if isinstance(said.get(name), str) and said[name].strip():
            return str(said[name]).strip()[:LONGEST]
    return None
