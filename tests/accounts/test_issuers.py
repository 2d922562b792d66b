"""What an issuer says is believed only when all of it is as it must be; else nobody is signed in."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import text

from evenhand.accounts import limits
from evenhand.accounts.providers import web
from evenhand.app.housekeeping import Housekeeping
from tests.support.arena import Arena, Voter, running_arena
from tests.support.elsewhere import away, back, go, query_of, sign_in_file
from tests.support.fake_issuer import CLIENT, SECRET, FakeIssuer, fake_issuer, signed, unsigned
from tests.support.signing_in import me
from tests.support.watch import Watch

KEY = FakeIssuer.KEY


class Street:
    """An arena, and the issuers that it has."""

    def __init__(self, arena: Arena, issuers: dict[str, FakeIssuer]) -> None:
        self.arena = arena
        self.issuers = issuers
        self.issuer = issuers["first"]

    async def leave(self, voter: Voter, provider: str = "first") -> str:
        """Somebody goes to an issuer: the state that they leave with."""
        query = query_of(await away(voter, provider))
        issuer = self.issuers[provider]
        issuer.nonce, issuer.challenge = query.get("nonce", ""), query["code_challenge"]
        return query["state"]

    async def come_back(self, voter: Voter, provider: str = "first", **query: str) -> str:
        """They come back: what the page is told, or where they go on."""
        callback = f"{self.arena.base_url}/api/v1/sign-in/providers/{provider}/callback"
        page = await back(voter, f"{callback}?{urlencode(query)}")
        return query_of(page).get("problem", page)

    async def sign_in(self, provider: str = "first", **query: str) -> tuple[str, str]:
        """A stranger goes and comes back: what the page is told, and what they are then."""
        voter = self.arena.voter()
        state = await self.leave(voter, provider)
        said = await self.come_back(voter, provider, **{"code": "c0de", "state": state} | query)
        return said, (await me(voter))[0]


@pytest.fixture
async def street(
    database_url: str, tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Street]:
    monkeypatch.setenv("COMPANY_SECRET", SECRET)
    async with AsyncExitStack() as stack:
        issuers = {
            slug: await stack.enter_async_context(fake_issuer(watch)) for slug in ("first", "second", "code")
        }
        file = sign_in_file(
            tmp_path,
            *(
                {
                    "use": "github" if slug == "code" else "openid",
                    "slug": slug,
                    "name": slug,
                    "issuer": issuer.url,
                    "client_id": CLIENT,
                    "client_secret_env": "COMPANY_SECRET",
                }
                for slug, issuer in issuers.items()
            ),
        )
        arena = await stack.enter_async_context(running_arena(database_url, clock=watch, sign_in_file=file))
        yield Street(arena, issuers)


async def ways(voter: Voter) -> list[tuple[str, str | None]]:
    listed = (await voter.call("GET", "/identities")).body["identities"]
    return [(one["kind"], one["label"]) for one in listed]


BELIEVED = ("/", "voter")
NOT_BELIEVED = ("provider_not_believed", "stranger")


async def test_a_token_that_is_as_it_must_be_signs_somebody_in(street: Street) -> None:
    assert await street.sign_in() == BELIEVED
    [form] = street.issuer.forms
    assert (form["grant_type"], form["code"]) == ("authorization_code", "c0de")
    pair = base64.b64decode(str(street.issuer.authorizations[0]).removeprefix("Basic ")).decode()
    assert pair == f"{CLIENT}:{SECRET.replace(' ', '+').replace(',', '%2C').replace(chr(39), '%27')}"
    assert "client_secret" not in form


WRONG: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "somebody-else"},
    "no audience": {"aud": None},
    "several audiences without the one it was given to": {"aud": [CLIENT, "other"]},
    "several audiences and given to another": {"aud": [CLIENT, "other"], "azp": "other"},
    "given to another": {"azp": "other"},
    "another nonce": {"nonce": "of another sign-in"},
    "no nonce": {"nonce": None},
    "no expiry": {"exp": None},
    "an expiry in words": {"exp": "tomorrow"},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a number for a subject": {"sub": 7},
}


@pytest.mark.parametrize("claims", list(WRONG.values()), ids=list(WRONG))
async def test_a_token_with_a_wrong_claim_signs_nobody_in(street: Street, claims: dict[str, Any]) -> None:
    street.issuer.claims = claims
    assert await street.sign_in() == NOT_BELIEVED


@pytest.mark.parametrize(
    ("claim", "seconds", "said"),
    [
        ("exp", -119, BELIEVED),
        ("exp", -121, NOT_BELIEVED),
        ("iat", 119, BELIEVED),
        ("iat", 121, NOT_BELIEVED),
        ("nbf", 121, NOT_BELIEVED),
    ],
)
async def test_clocks_may_be_two_minutes_apart(
    street: Street, watch: Watch, claim: str, seconds: int, said: tuple[str, str]
) -> None:
    street.issuer.claims = {claim: int(watch().timestamp()) + seconds}
    assert await street.sign_in() == said


PUBLIC = KEY.as_pem(private=False)
FORGED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "nobody": unsigned,
    "nobody, though it is said": lambda claims: signed(claims, KEY).rpartition(".")[0] + ".",
    "our secret": lambda claims: signed(claims, OctKey.import_key(SECRET), "HS256"),
    "its public key as a secret": lambda claims: signed(claims, OctKey.import_key(PUBLIC.hex()), "HS256"),
    "another key of the same name": lambda claims: signed(claims, FakeIssuer.OTHER_KEY),
    "a key that it has not": lambda claims: signed(claims, FakeIssuer.OTHER_KEY, kid="third"),
    "a key that is not named among several": lambda claims: signed(claims, KEY, kid=None),
    "nothing that is a token": lambda _: "a.b.c",
    "an empty text": lambda _: "",
    "a number": lambda _: 7,
}


@pytest.mark.parametrize("token", list(FORGED.values()), ids=list(FORGED))
async def test_a_token_signed_by_another_signs_nobody_in(
    street: Street, token: Callable[[dict[str, Any]], Any]
) -> None:
    street.issuer.token = token
    assert await street.sign_in() == NOT_BELIEVED


async def test_a_changed_token_signs_nobody_in(street: Street) -> None:
    def changed(claims: dict[str, Any]) -> str:
        head, _, seal = signed(claims, KEY).split(".")
        return f"{head}.{signed(claims | {'sub': 'bob'}, KEY).split('.')[1]}.{seal}"

    street.issuer.token = changed
    assert await street.sign_in() == NOT_BELIEVED


async def test_a_key_for_encryption_signs_nobody_in(street: Street) -> None:
    key = RSAKey.generate_key(2048, {"kid": "sealed", "use": "enc"})
    street.issuer.keys = [KEY, key]
    again = RSAKey.import_key(key.as_dict(private=True) | {"use": "sig"})
    street.issuer.token = lambda claims: signed(claims, again, kid="sealed")
    assert await street.sign_in() == NOT_BELIEVED


async def test_other_kinds_of_keys_are_as_good(street: Street) -> None:
    street.issuer.token = lambda claims: signed(claims, FakeIssuer.CURVE, "ES256", "curve")
    assert await street.sign_in() == BELIEVED


async def test_a_new_key_of_the_issuer_is_found(street: Street, watch: Watch) -> None:
    assert await street.sign_in() == BELIEVED
    new = RSAKey.generate_key(2048, {"kid": "new"})
    street.issuer.keys = [new]
    street.issuer.token = lambda claims: signed(claims, new, kid="new")
    watch.time += timedelta(minutes=2)
    assert await street.sign_in() == BELIEVED
    assert street.issuer.asked.count("/keys") == 2
    assert street.issuer.asked.count("/.well-known/openid-configuration") == 1


async def test_the_code_of_one_issuer_is_not_taken_to_another(street: Street) -> None:
    voter = street.arena.voter()
    state = await street.leave(voter, "first")
    assert await street.come_back(voter, "second", code="c0de", state=state) == "sign_in_not_begun"
    assert "/token" not in street.issuers["second"].asked
    assert (await me(voter))[0] == "stranger"


@pytest.mark.parametrize(
    ("promised", "given", "said"),
    [
        (True, "own", BELIEVED),
        (False, "own", BELIEVED),
        (False, None, BELIEVED),
        (True, None, NOT_BELIEVED),
        (True, "https://elsewhere.example", NOT_BELIEVED),
        (False, "https://elsewhere.example", NOT_BELIEVED),
    ],
)
async def test_an_answer_names_its_issuer_and_is_that_ones(
    street: Street, promised: bool, given: str | None, said: tuple[str, str]
) -> None:
    issuer = street.issuer
    issuer.metadata = {"authorization_response_iss_parameter_supported": promised}
    query = {} if given is None else {"iss": issuer.url if given == "own" else given}
    assert await street.sign_in(**query) == said
    assert ("/token" in issuer.asked) == (said == BELIEVED)


async def test_an_issuer_that_names_itself_otherwise_is_not_gone_to(street: Street) -> None:
    street.issuer.metadata = {"issuer": "https://elsewhere.example"}
    refused = await go(street.arena.voter(), "first")
    assert (refused.status, refused.body["code"]) == (503, "provider_not_believed")


@pytest.mark.parametrize("name", ["token_endpoint", "jwks_uri", "userinfo_endpoint"])
async def test_nothing_is_sent_unencrypted_to_another_machine(street: Street, name: str) -> None:
    street.issuer.metadata = {name: "http://login.example.org/"}
    street.issuer.claims = {"email": None}
    assert await street.sign_in() == NOT_BELIEVED


@pytest.mark.parametrize("status", [301, 302, 307])
async def test_nobody_is_followed_elsewhere(street: Street, status: int) -> None:
    street.issuer.status = status
    assert (await go(street.arena.voter(), "first")).body["code"] == "provider_not_believed"
    assert street.issuer.asked == ["/.well-known/openid-configuration"]


async def test_an_endless_answer_is_not_read_on(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "LARGEST", 100)
    assert (await go(street.arena.voter(), "first")).body["code"] == "provider_not_believed"


async def test_what_userinfo_says_of_somebody_else_is_not_believed(street: Street) -> None:
    issuer = street.issuer
    issuer.metadata = {"userinfo_endpoint": f"{issuer.url}/userinfo"}
    issuer.claims = {"email": None}
    issuer.userinfo = {"sub": "bob", "email": "bob@example.org", "email_verified": True}
    assert await street.sign_in() == NOT_BELIEVED
    issuer.userinfo["sub"] = "ann"
    assert await street.sign_in() == BELIEVED


async def test_a_sign_in_that_took_too_long_is_begun_again(street: Street, watch: Watch) -> None:
    voter = street.arena.voter()
    for seconds, said in ((599, "/"), (600, "sign_in_not_begun")):
        state = await street.leave(voter)
        watch.time += timedelta(seconds=seconds)
        assert await street.come_back(voter, code="c0de", state=state) == said


@pytest.mark.parametrize("query", [{}, {"state": "made up"}, {"code": "c0de"}, {"state": "", "code": "c0de"}])
async def test_what_nobody_began_signs_nobody_in(street: Street, query: dict[str, str]) -> None:
    voter = street.arena.voter()
    await street.leave(voter)
    assert await street.come_back(voter, **query) == "sign_in_not_begun"
    assert "/token" not in street.issuer.asked


async def test_a_provider_that_cannot_answer_is_said_to_be_down(street: Street) -> None:
    street.issuer.token = lambda _: 1 / 0  # a fault of its own, which it answers with status 500
    assert await street.sign_in("first") == ("provider_unavailable", "stranger")
    assert await street.sign_in("second") == BELIEVED


async def test_a_provider_that_says_nothing_is_not_waited_for(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "ANSWER_SECONDS", 0.2)
    silent = await asyncio.start_server(lambda *_: asyncio.Event().wait(), "127.0.0.1", 0)
    issuer = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}"
    provider = {"slug": "silent", "name": "Silent", "issuer": issuer, "client_id": CLIENT}
    async with running_arena(database_url, sign_in_file=sign_in_file(tmp_path, provider)) as arena:
        assert (await go(arena.voter(), "silent")).body["code"] == "provider_unavailable"
    silent.close()


async def test_an_arena_starts_without_its_providers(database_url: str, tmp_path: Path) -> None:
    gone = {"slug": "gone", "name": "Gone", "issuer": "http://127.0.0.1:9", "client_id": CLIENT}
    async with running_arena(database_url, sign_in_file=sign_in_file(tmp_path, gone)) as arena:
        refused = await go(arena.voter(), "gone")
        assert (refused.status, refused.body["code"]) == (503, "provider_unavailable")
        assert (await arena.voter().call("GET", "/health")).status == 200


async def test_a_secret_is_sent_in_the_form_where_the_issuer_wants_that(street: Street) -> None:
    street.issuer.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert await street.sign_in() == BELIEVED
    assert street.issuer.forms[0]["client_secret"] == SECRET
    assert street.issuer.authorizations == [None]


async def test_no_network_address_begins_without_end(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FLOWS", 2)
    answers = [await go(street.arena.voter(), "first") for _ in range(3)]
    assert [one.status for one in answers] == [200, 200, 429]
    assert answers[2].body["code"] == "too_many_sign_ins"


async def test_what_was_begun_is_forgotten(street: Street, watch: Watch) -> None:
    await street.leave(street.arena.voter())
    watch.time += timedelta(hours=1, seconds=1)
    await Housekeeping(street.arena.database, watch).tidy()
    async with street.arena.database.unit_of_work() as work:
        assert await work.session.scalar(text("SELECT count(*) FROM sign_in_flow")) == 0


async def test_at_github_somebody_is_known_by_their_number(street: Street) -> None:
    github = street.issuers["code"]
    github.answer = {"access_token": "opener"}
    first, second = street.arena.voter(), street.arena.voter()
    for voter, login in ((first, "ann"), (second, "ann-who-took-another-name")):
        github.user["login"] = login
        state = await street.leave(voter, "code")
        assert await street.come_back(voter, "code", code="c0de", state=state) == "/"
    assert (await first.call("GET", "/me")).body["id"] == (await second.call("GET", "/me")).body["id"]
    assert await ways(first) == [("oidc", "ann")]
    assert github.forms[0]["client_secret"] == SECRET


@pytest.mark.parametrize(
    ("emails", "known"),
    [
        ([{"email": "Ann@Example.org", "primary": True, "verified": True}], ["ann@example.org"]),
        ([{"email": "ann@example.org", "primary": True, "verified": False}], []),
        ([{"email": "ann@example.org", "primary": False, "verified": True}], []),
        ([{"primary": True, "verified": True}], []),
        ([], []),
    ],
)
async def test_of_github_the_verified_first_address_is_believed(
    street: Street, emails: list[dict[str, Any]], known: list[str]
) -> None:
    github, voter = street.issuers["code"], street.arena.voter()
    github.answer, github.emails = {"access_token": "opener"}, emails
    state = await street.leave(voter, "code")
    assert await street.come_back(voter, "code", code="c0de", state=state) == "/"
    assert [label for kind, label in await ways(voter) if kind == "email"] == known


async def test_an_address_that_changed_hands_does_not_open_the_account_of_who_had_it(street: Street) -> None:
    github = street.issuers["code"]
    github.answer = {"access_token": "opener"}
    github.emails = [{"email": "ann@example.org", "primary": True, "verified": True}]
    before, now = street.arena.voter(), street.arena.voter()
    for voter, number in ((before, 1), (now, 2)):
        github.user["id"] = number
        state = await street.leave(voter, "code")
        assert await street.come_back(voter, "code", code="c0de", state=state) == "/"
    assert await ways(before) == [("oidc", "ann"), ("email", "ann@example.org")]
    assert await ways(now) == [("oidc", "ann")]


@pytest.mark.parametrize("user", [{}, {"id": "583231"}, {"id": True, "login": "ann"}])
async def test_whom_github_does_not_name_is_not_signed_in(street: Street, user: dict[str, Any]) -> None:
    github = street.issuers["code"]
    github.answer, github.user = {"access_token": "opener"}, user
    assert await street.sign_in("code") == NOT_BELIEVED


async def test_a_code_that_github_refuses_signs_nobody_in(street: Street) -> None:
    street.issuers["code"].answer = {"error": "bad_verification_code"}  # with status 200
    assert await street.sign_in("code") == NOT_BELIEVED
