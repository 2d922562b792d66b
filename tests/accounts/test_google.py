"""Of Google, only addresses are believed that Google itself gives out."""

from typing import Any

import pytest
from joserfc.jwk import KeySet

from evenhand.accounts.providers.openid import OpenIdProvider
from evenhand.accounts.providers.provider import Returning
from evenhand.core.sign_in_file import GOOGLE, GivenProvider
from tests.support.fake_issuer import CLIENT, FakeIssuer, signed
from tests.support.watch import NOON


class GoogleOnPaper:
    """Answers as Google's addresses do, without a network."""

    def __init__(self, said: dict[str, Any]) -> None:
        now = int(NOON.timestamp())
        claims = {"iss": GOOGLE, "sub": "1", "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": "n"}
        self.token = signed(claims | said, FakeIssuer.KEY)

    async def get(self, url: str, **_: Any) -> Any:
        if url == f"{GOOGLE}/.well-known/openid-configuration":
            return {
                "issuer": GOOGLE,
                "authorization_endpoint": f"{GOOGLE}/o/oauth2/v2/auth",
                "token_endpoint": "https://oauth2.googleapis.com/token",
                "jwks_uri": "https://www.googleapis.com/oauth2/v3/certs",
            }
        return KeySet([FakeIssuer.KEY]).as_dict()

    async def post(self, url: str, *_: Any) -> Any:
        assert url == "https://oauth2.googleapis.com/token"
        return {"id_token": self.token, "access_token": "opener"}


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        ({"email": "Ann@Gmail.com", "email_verified": True}, "ann@gmail.com"),
        ({"email": "ann@example.org", "email_verified": True, "hd": "example.org"}, "ann@example.org"),
        ({"email": "ann@example.org", "email_verified": True}, None),  # whose it was once
        ({"email": "ann@gmail.com", "email_verified": False}, None),
        ({"email": "ann@gmail.com"}, None),
        ({}, None),
    ],
)
async def test_an_address_is_believed_where_google_gives_it_out(
    said: dict[str, Any], believed: str | None
) -> None:
    given = GivenProvider.model_validate({"use": "google", "client_id": CLIENT})
    provider = OpenIdProvider(given, GoogleOnPaper(said))  # type: ignore[arg-type]
    claimed = await provider.who(Returning("c0de", None, "https://arena.example.org/", "n", "v"), NOON)
    assert (claimed.issuer, claimed.subject, claimed.email) == (GOOGLE, "1", believed)
