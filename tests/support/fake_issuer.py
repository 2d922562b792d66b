"""An issuer of ours on loopback that does as a test says: it signs anything, and lies where it is told to.

It plays a GitHub server, too.
"""

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, RSAKey

from evenhand.core.clock import Clock

CLIENT = "arena"
SECRET = "a secret of the arena's, which is 40 long"


def unsigned(claims: dict[str, Any]) -> str:
    """A token that says that it has no signature."""

    def part(content: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


def signed(claims: dict[str, Any], key: Key, algorithm: str = "RS256", kid: str | None = "first") -> str:
    header = {"alg": algorithm} | ({} if kid is None else {"kid": kid})
    return jwt.encode(header, claims, key, algorithms=[algorithm])


class FakeIssuer:
    """What it says, and what it was asked. A test changes what it wants."""

    KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
    OTHER_KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
    CURVE = ECKey.generate_key("P-256", {"kid": "curve"})

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.url = ""
        self.keys: list[Key] = [self.KEY, self.CURVE]
        self.metadata: dict[str, Any] = {}
        """What its document has besides, or instead."""
        self.claims: dict[str, Any] = {}
        """What its token has besides, or instead; None leaves a claim out."""
        self.token: Callable[[dict[str, Any]], Any] = lambda claims: signed(claims, self.KEY)
        self.userinfo: Any = {}
        self.status = 200
        self.answer: dict[str, Any] = {}
        """What its token endpoint answers instead."""
        self.user: dict[str, Any] = {"id": 583231, "login": "ann"}
        self.emails: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self.authorizations: list[str | None] = []
        self.nonce = ""
        self.challenge = ""

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            **self.metadata,
        }

    def all_claims(self) -> dict[str, Any]:
        now = int(self.clock().timestamp())
        usual = {
            "iss": self.url,
            "sub": "ann",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "email": "ann@example.org",
            "email_verified": True,
        }
        return {name: value for name, value in (usual | self.claims).items() if value is not None}

    async def _metadata(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        return web.json_response(self.document(), status=self.status, headers={"Location": "/elsewhere"})

    async def _keys(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        return web.json_response(KeySet(self.keys).as_dict())

    async def _token(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        self.authorizations.append(request.headers.get("Authorization"))
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append(form)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.challenge:
            return web.json_response({"error": "invalid_grant"}, status=400)
        told = {"access_token": "opener", "token_type": "Bearer", "id_token": self.token(self.all_claims())}
        return web.json_response(self.answer or told)

    async def _userinfo(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        assert request.headers["Authorization"] == "Bearer opener"
        return web.json_response(self.userinfo)

    async def _user(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer opener"
        return web.json_response(self.emails if request.path.endswith("emails") else self.user)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._metadata)
        app.router.add_get("/keys", self._keys)
        app.router.add_get("/userinfo", self._userinfo)
        app.router.add_get("/api/v3/user", self._user)
        app.router.add_get("/api/v3/user/emails", self._user)
        app.router.add_post("/token", self._token)
        app.router.add_post("/login/oauth/access_token", self._token)
        return app


@asynccontextmanager
async def fake_issuer(clock: Clock) -> AsyncIterator[FakeIssuer]:
    """It, until the block is left."""
    issuer = FakeIssuer(clock)
    runner = web.AppRunner(issuer.app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    issuer.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield issuer
    finally:
        await runner.cleanup()
