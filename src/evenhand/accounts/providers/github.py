"""GitHub, which speaks OAuth 2 without OpenID Connect: who somebody is, its API says."""

from datetime import datetime
from typing import Any

from evenhand.accounts.emails import LONGEST
from evenhand.accounts.providers.openid import usual_email, with_query
from evenhand.accounts.providers.provider import Claimed, Leaving, ProviderWrong, Returning
from evenhand.accounts.providers.web import Web, error_in
from evenhand.core.sign_in_file import GITHUB, GivenProvider


class GitHubProvider:
    """GitHub, or an Enterprise server of the same kind."""

    def __init__(self, given: GivenProvider, web: Web) -> None:
        self.slug = given.slug
        self.name = given.name
        self.issuer = given.issuer
        self.trusts_email = given.trust_email
        self._given = given
        self._web = web
        self._site = given.issuer.rstrip("/")
        self._api = "https://api.github.com" if self.issuer == GITHUB else f"{self._site}/api/v3"

    async def address(self, leaving: Leaving, _: datetime) -> str:
        """Its page that asks whether we may know who somebody is."""
        asked = {
            "client_id": self._given.client_id,
            "redirect_uri": leaving.redirect_uri,
            "scope": "user:email",
            "state": leaving.state,
            "code_challenge": leaving.challenge,
            "code_challenge_method": "S256",
        }
        return with_query(f"{self._site}/login/oauth/authorize", asked)

    async def who(self, returning: Returning, _: datetime) -> Claimed:
        """Who its API says it is. The number stays when somebody takes another name."""
        if returning.issuer is not None and returning.issuer not in (
            self.issuer,
            f"{self._site}/login/oauth",
        ):
            raise ProviderWrong("the answer is another issuer's")
        token = await self._redeemed(returning)
        user = await self._web.get(f"{self._api}/user", token=token)
        number = user.get("id") if isinstance(user, dict) else None
        if not isinstance(number, int) or isinstance(number, bool):
            raise ProviderWrong("it does not say who it is")
        login = user.get("login")
        label = login[:LONGEST] if isinstance(login, str) and login else None
        email = await self._email(token) if self.trusts_email else None
        return Claimed(self.issuer, str(number), label, email)

    async def _redeemed(self, returning: Returning) -> str:
        assert self._given.client_secret is not None, "the sign-in file was checked"
        form = {
            "client_id": self._given.client_id,
            "client_secret": self._given.client_secret.get_secret_value(),
            "code": returning.code,
            "redirect_uri": returning.redirect_uri,
            "code_verifier": returning.verifier,
        }
        answer: Any = await self._web.post(f"{self._site}/login/oauth/access_token", form, {})
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):  # what it refuses it answers with status 200, too
            raise ProviderWrong(f"it does not take the code{error_in(answer)}")
        return token

    async def _email(self, token: str) -> str | None:
        """The address that somebody is written to there, if it was verified."""
        listed = await self._web.get(f"{self._api}/user/emails", token=token)
        entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        return next(
            (
                usual_email(one.get("email"))
                for one in entries
                if one.get("primary") is True and one.get("verified") is True
            ),
            None,
        )
