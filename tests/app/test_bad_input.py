"""What bad input gets: a problem document that says what to do, and nothing half written."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.support.arena import Answered, Arena, running_arena


async def send(arena: Arena, path: str, data: bytes, **headers: str) -> Answered:
    voter = arena.voter()
    url = f"{voter.base_url}/api/v1{path}"
    sent = {"Content-Type": "application/json", **headers}
    async with voter.http.post(url, data=data, headers=sent) as response:
        return Answered(response.status, dict(response.headers), await response.json(content_type=None))


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"arena": "nowhere", "mode": "battle"}, 422, "unknown_arena"),
        ({"arena": "text", "mode": "duel"}, 422, "unknown_mode"),
        ({"arena": "text", "mode": "direct"}, 422, "unknown_contestant"),
        ({"arena": "text", "mode": "direct", "contestants": ["nobody"]}, 422, "unknown_contestant"),
        ({"arena": "text", "mode": "battle", "contestants": ["swift"]}, 422, "unknown_contestant"),
        (
            {"arena": "text", "mode": "side_by_side", "contestants": ["swift", "swift"]},
            422,
            "unknown_contestant",
        ),
        ({"arena": "text"}, 422, "invalid_request"),
        ({"arena": "text", "mode": "battle", "surplus": 1}, 422, "invalid_request"),
        ([], 422, "invalid_request"),
    ],
)
async def test_a_conversation_that_cannot_be_is_refused(
    arena: Arena, body: Any, status: int, code: str
) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    answered = await arena.voter().call("POST", "/conversations", body)
    assert (answered.status, answered.body["code"]) == (status, code)
    assert answered.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code"} <= set(answered.body)
    async with arena.database.unit_of_work() as work:
        assert await work.session.scalar(text("SELECT count(*) FROM conversation")) == 0


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("", "empty_prompt"),
        (" \n\t", "empty_prompt"),
        ("\0", "empty_prompt"),
        ("x" * 50_001, "prompt_too_long"),
    ],
)
async def test_a_question_that_is_empty_or_too_long_writes_nothing(
    arena: Arena, question: str, code: str
) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voter = arena.voter()
    conversation = await voter.begin()
    body = {"parts": [{"type": "text", "text": question}]}
    answered = await voter.call("POST", f"/conversations/{conversation}/turns", body)
    assert (answered.status, answered.body["code"]) == (422, code)
    async with arena.database.unit_of_work() as work:
        for table in ("turn", "battle", "draw", "draw_counter", "response"):
            assert await work.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


@pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe", b"nonsense", b'{"arena": "text",}'])
async def test_malformed_json_is_called_that(arena: Arena, body: bytes) -> None:
    answered = await send(arena, "/conversations", body)
    assert answered.status in (400, 422)
    assert answered.body["code"] in ("malformed_json", "invalid_request")


async def test_a_body_of_a_hundred_megabytes_is_refused_before_it_is_read(arena: Arena) -> None:
    answered = await send(arena, "/conversations", b" " * 2_000_000)
    assert (answered.status, answered.body["code"]) == (413, "body_too_large")


async def test_a_body_without_a_declared_length_is_counted(arena: Arena) -> None:
    async def flood() -> Any:
        for _ in range(40):
            yield b" " * 65_536

    voter = arena.voter()
    url = f"{voter.base_url}/api/v1/conversations"
    async with voter.http.post(url, data=flood(), headers={"Content-Type": "application/json"}) as response:
        assert response.status == 413


SOMETHING = "0198c0de-0000-7000-8000-000000000000"
PLACE = {"end_id": SOMETHING, "turn_id": SOMETHING, "share": "0.5"}
PARTS = [{"type": "text", "text": "Why?"}]


@pytest.mark.parametrize(
    ("route", "body", "field"),
    [
        ("PATCH /consent", {"left_out": "yes"}, "left_out"),
        (f"PATCH /conversations/{SOMETHING}", {"pinned": 1}, "pinned"),
        (f"PATCH /conversations/{SOMETHING}", {"place": PLACE}, "place.share"),
        (f"POST /conversations/{SOMETHING}/turns", {"parts": PARTS, "new_pair": "false"}, "new_pair"),
        (f"POST /battles/{SOMETHING}/vote", {"choice": "a", "hold": "5"}, "hold"),
        ("POST /shares", {"conversation_id": SOMETHING, "names": 0}, "names"),
        ("POST /sign-in", {"token": "x", "bring": "no"}, "bring"),
        ("POST /sign-in/providers/company", {"connect": 1}, "connect"),
    ],
)
async def test_what_only_looks_like_a_switch_or_a_number_is_refused(
    arena: Arena, route: str, body: dict[str, Any], field: str
) -> None:
    answered = await arena.voter().call(*route.split(" "), body)
    assert (answered.status, answered.body["code"]) == (422, "invalid_request")
    assert answered.body["field"] == field


async def test_a_vote_needs_a_ready_battle_and_a_known_choice(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voter = arena.voter()
    _, asked = await voter.battle()
    reveal = f"/battles/{asked['battle_id']}/reveal"
    before = await voter.call("GET", reveal)
    assert (before.status, before.body["code"]) == (409, "not_revealed")
    wrong = await voter.vote(asked["battle_id"], "c")
    assert (wrong.status, wrong.body["code"]) == (422, "invalid_request")
    first = await voter.vote(asked["battle_id"], "a")
    second = await voter.vote(asked["battle_id"], "b")
    assert second.body == first.body
    assert (await voter.call("GET", reveal)).body["reveal"] == first.body["reveal"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://sub.evil.example"},
        {"Origin": "null"},
    ],
)
async def test_another_site_cannot_make_a_browser_act(arena: Arena, headers: dict[str, str]) -> None:
    answered = await send(arena, "/conversations", b'{"arena":"text","mode":"battle"}', **headers)
    assert (answered.status, answered.body["code"]) == (403, "cross_site")


async def test_a_name_that_is_not_ours_is_refused_even_when_it_points_here(arena: Arena) -> None:
    body = b'{"arena":"text","mode":"battle"}'
    port = arena.base_url.rpartition(":")[2]
    for host in (f"evil.example:{port}", "evil.example", ""):
        answered = await send(arena, "/conversations", body, Host=host, Origin=f"http://{host}")
        assert (answered.status, answered.body["code"]) == (421, "unknown_host")
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"):
        assert (await send(arena, "/conversations", body, Host=host)).status == 201


async def test_a_proxys_public_name_is_ours(database_url: str) -> None:
    async with running_arena(database_url, public_url="https://arena.example.org") as arena:
        answered = await send(
            arena, "/conversations", b'{"arena":"text","mode":"battle"}', Host="arena.example.org"
        )
        assert answered.status == 201
        assert answered.headers["Set-Cookie"].startswith("__Host-evenhand=")
        assert "Secure" in answered.headers["Set-Cookie"]


async def test_the_page_itself_may_act(arena: Arena) -> None:
    body = b'{"arena":"text","mode":"battle"}'
    for headers in ({"Origin": arena.base_url}, {"Sec-Fetch-Site": "same-origin"}):
        assert (await send(arena, "/conversations", body, **headers)).status == 201


async def test_an_unknown_address_of_the_api_is_a_problem_too(arena: Arena) -> None:
    for path in ("/nothing", "/conversations/not-an-id", "/boards/nowhere"):
        answered = await arena.voter().call("GET", path)
        assert answered.status in (404, 422)
        assert answered.headers["Content-Type"] == "application/problem+json"


async def test_a_database_that_is_away_is_said_and_comes_back(database_url: str) -> None:
    async with running_arena(database_url) as arena:
        broken = arena.app.state.database
        arena.app.state.database = type(broken)("postgresql://nobody@127.0.0.1:1/none")
        answered = await arena.voter().call("GET", "/health")
        assert (answered.status, answered.body["code"]) == (503, "unavailable")
        assert answered.headers["Retry-After"] == "5"
        arena.app.state.database = broken
        assert (await arena.voter().call("GET", "/health")).body["status"] == "ok"


async def test_the_session_cookie_is_hidden_from_scripts_and_opaque(arena: Arena) -> None:
    answered = await arena.voter().call("POST", "/conversations", {"arena": "text", "mode": "battle"})
    cookie = answered.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    token = cookie.split("=", 1)[1].split(";")[0]
    async with arena.database.unit_of_work() as work:
        rows = (await work.session.execute(text("SELECT token_hash FROM session"))).all()
    assert token.encode() not in bytes(rows[0][0])
