import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from evenhand.contestants.configurations import Price
from evenhand.contestants.discovery import LocalServer, discover
from evenhand.contestants.endpoints import is_private
from tests.support.fake_provider import FakeProvider, Scenario

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Answer], Awaitable[LocalServer]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a server that answers every request like this; the address is where models are looked for."""
    runners = []

    async def start(answer: Answer) -> LocalServer:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return LocalServer("Someone", f"http://127.0.0.1:{runner.addresses[0][1]}/v1")

    yield start
    for runner in runners:
        await runner.cleanup()


def says(document: object) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(document)

    return answer


async def test_nothing_anywhere_is_nothing_found() -> None:
    nobody = LocalServer("Nobody", "http://127.0.0.1:9/v1")
    assert await discover({"HOME": "/", "OPENAI_API_KEY": " "}, local_servers=[nobody]) == await discover(
        {}, local_servers=[]
    )


@pytest.mark.parametrize(
    ("key", "kind", "base_url"),
    [
        ("OPENAI_API_KEY", "openai", "https://api.openai.com/v1"),
        ("ANTHROPIC_API_KEY", "anthropic", "https://api.anthropic.com/v1"),
        ("GEMINI_API_KEY", "google", "https://generativelanguage.googleapis.com/v1beta"),
    ],
)
async def test_a_key_brings_models_of_its_api_with_prices_that_may_cost_money(
    key: str, kind: str, base_url: str
) -> None:
    found = (await discover({key: "k"}, local_servers=[])).found
    assert len(found) >= 2
    for one in found:
        endpoint = one.entry.endpoint
        assert (one.origin, one.may_cost) == (key, True)
        assert (endpoint.kind, endpoint.base_url, endpoint.api_key_env) == (kind, base_url, key)
        assert one.entry.price is not None
        assert one.entry.price.output > 0


async def test_models_that_take_no_sampling_are_marked_and_state_their_effort() -> None:
    found = (await discover({"ANTHROPIC_API_KEY": "k"}, local_servers=[])).found
    assert {one.entry.endpoint.fixed_sampling for one in found} == {True}
    assert [one.entry.reasoning_effort for one in found] == ["medium", "high"]


async def test_the_same_model_from_two_providers_is_one_contestant() -> None:
    environ = {"OPENROUTER_API_KEY": "k", "TOGETHER_API_KEY": "k"}
    slugs = [one.entry.slug for one in (await discover(environ, local_servers=[])).found]
    assert len(slugs) == len(set(slugs)) > 0


async def test_models_of_a_server_on_this_machine_cost_nothing() -> None:
    names = {name: Scenario() for name in ("llama3.2:1b", "nomic-embed-text", "acme/Swift-1")}
    async with FakeProvider(scenarios=names) as provider:
        discovery = await discover({}, local_servers=[LocalServer("Ollama", provider.base_url)])
    assert [(one.entry.slug, one.entry.organization) for one in discovery.found] == [
        ("llama3.2-1b", None),
        ("swift-1", "acme"),
    ]
    for one in discovery.found:
        assert (one.origin, one.may_cost, one.entry.price) == ("Ollama on this machine", False, None)
        assert one.entry.endpoint.base_url == provider.base_url
    assert discovery.found[1].entry.endpoint.model == "acme/Swift-1"


async def test_the_arena_does_not_find_itself() -> None:
    async with FakeProvider(scenarios={"swift": Scenario()}) as provider:
        server = LocalServer("vLLM", provider.base_url)
        assert (await discover({}, own_port=provider.port, local_servers=[server])).found == ()


async def test_a_context_window_is_taken_where_the_server_names_it(serve: Serve) -> None:
    vllm = {"id": "a", "max_model_len": 8192}
    llama_cpp = {"id": "b", "meta": {"n_ctx": 4096, "n_ctx_train": 32768}}
    odd = {"id": "c", "max_model_len": "many", "meta": None}
    server = await serve(says({"data": [vllm, llama_cpp, odd]}))
    found = (await discover({}, local_servers=[server])).found
    assert [one.entry.context for one in found] == [8192, 4096, None]


@pytest.mark.parametrize(
    "document", [{}, [], "hello", {"data": 3}, {"data": [3, {}, {"id": ""}, {"id": 4}, {"id": "a\nb"}]}]
)
async def test_a_server_of_another_kind_is_passed_over(serve: Serve, document: object) -> None:
    assert (await discover({}, local_servers=[await serve(says(document))])).found == ()


async def test_a_page_a_redirect_and_an_endless_list_are_passed_over(serve: Serve) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>", content_type="text/html")

    async def redirect(request: web.Request) -> web.Response:
        if request.path == "/elsewhere":
            return web.json_response({"data": [{"id": "trap"}]})
        raise web.HTTPFound("/elsewhere")

    async def endless(_: web.Request) -> web.Response:
        return web.Response(text='{"data": [{"id": "big"}], "x": "' + "x" * (1 << 21) + '"}')

    servers = [await serve(answer) for answer in (page, redirect, endless)]
    assert (await discover({}, local_servers=servers)).found == ()


async def test_a_server_that_never_answers_does_not_hold_up_the_start(serve: Serve) -> None:
    async def never(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with FakeProvider(scenarios={"swift": Scenario()}) as provider:
        servers = [await serve(never), LocalServer("vLLM", provider.base_url)]
        found = (await discover({}, local_servers=servers)).found
    assert [one.entry.slug for one in found] == ["swift"]


async def test_another_base_url_is_asked_what_it_has_with_the_key(serve: Serve) -> None:
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.path, request.headers.get("Authorization")))
        return web.json_response({"data": [{"id": "ours"}]})

    base_url = (await serve(answer)).base_url
    environ = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": base_url}
    (one,) = (await discover(environ, local_servers=[])).found
    assert asked == [("/v1/models", "Bearer k")]
    assert (one.entry.slug, one.origin, one.may_cost) == ("ours", "OPENAI_BASE_URL", False)
    assert (one.entry.endpoint.base_url, one.entry.endpoint.api_key_env) == (base_url, "OPENAI_API_KEY")


async def test_where_calls_may_be_billed_only_models_with_a_known_price_compete(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server on loopback stands in for one in the internet.
    monkeypatch.setattr("evenhand.contestants.discovery.is_private", lambda _: False)
    server = await serve(says({"data": [{"id": "gpt-6-luna"}, {"id": "secret-sauce"}]}))
    discovery = await discover({"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": server.base_url}, local_servers=[])
    assert [(one.entry.slug, one.may_cost) for one in discovery.found] == [("gpt-6-luna", True)]
    assert discovery.found[0].entry.price == Price(input=0.1, output=0.5)
    assert discovery.notes == (
        "OPENAI_BASE_URL: 1 without a known price left out; list them in a catalogue with a price.",
    )


@pytest.mark.parametrize(
    ("base_url", "said"),
    [
        ("http://127.0.0.1:9/v1", "did not list its models"),
        ("http://me:hunter2@127.0.0.1:9/v1", "must hold no user name"),
        ("http://[", "must be http:// or https://"),
        ("hello", "must be http:// or https://"),
    ],
)
async def test_a_base_url_that_is_of_no_use_is_said(base_url: str, said: str) -> None:
    discovery = await discover({"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": base_url}, local_servers=[])
    assert discovery.found == ()
    assert said in discovery.notes[0]
    assert "hunter2" not in discovery.notes[0]


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "10.1.2.3", "gpu-box", "gpu.local"])
def test_a_host_of_ones_own_is_private(host: str) -> None:
    assert is_private(f"http://{host}:8000/v1")


@pytest.mark.parametrize("host", ["api.openai.com", "8.8.8.8", "localhost.example.com"])
def test_a_host_in_the_internet_is_not_private(host: str) -> None:
    assert not is_private(f"https://{host}/v1")
