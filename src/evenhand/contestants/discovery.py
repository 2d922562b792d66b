"""Finding contestants without a catalogue: keys in the environment, servers on this machine."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from evenhand.contestants.catalogue import CatalogueEntry, fault_of_address
from evenhand.contestants.configurations import Endpoint
from evenhand.contestants.endpoints import ListedModel, is_private, list_models
from evenhand.contestants.naming import chats, name_of, organization_of, slug_of
from evenhand.contestants.providers import known_price, providers

_OPENAI = "OPENAI_API_KEY"
_PROBE_SECONDS = 0.5
_NAMED_SECONDS = 5.0
_MOST = 20


@dataclass(frozen=True)
class LocalServer:
    """A program that serves models on this machine, and where it does unless told otherwise."""

    program: str
    base_url: str


LOCAL_SERVERS = (
    LocalServer("Ollama", "http://127.0.0.1:11434/v1"),
    LocalServer("LM Studio", "http://127.0.0.1:1234/v1"),
    LocalServer("vLLM", "http://127.0.0.1:8000/v1"),
    LocalServer("llama.cpp", "http://127.0.0.1:8080/v1"),
)


@dataclass(frozen=True)
class Found:
    """A contestant and where it came from; `may_cost` says whether calling it may cost money."""

    entry: CatalogueEntry
    origin: str
    may_cost: bool


@dataclass(frozen=True)
class Discovery:
    """What was found, and sentences about what was found and left out."""

    found: tuple[Found, ...]
    notes: tuple[str, ...] = ()


async def discover(
    environ: Mapping[str, str],
    *,
    own_port: int | None = None,
    local_servers: Sequence[LocalServer] = LOCAL_SERVERS,
) -> Discovery:
    """Look at the keys in `environ` and at the servers on this machine; `own_port` is the arena's own.

    A server that does not answer within half a second is not there, which is no error.
    """
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), headers={"User-Agent": "evenhand"})
        )
        searches = [_named_server(session, environ)]
        searches += [
            _local_server(session, server)
            for server in local_servers
            if urlsplit(server.base_url).port != own_port
        ]
        named, *local = await asyncio.gather(*searches)
    found: dict[str, Found] = {}
    for one in (*_by_keys(environ), *named.found, *(one for part in local for one in part.found)):
        found.setdefault(one.entry.slug, one)  # the same model twice is one contestant
    return Discovery(tuple(found.values()), tuple(note for part in (named, *local) for note in part.notes))


def _by_keys(environ: Mapping[str, str]) -> list[Found]:
    found = []
    for provider in providers():
        key = provider.key_in(environ)
        if key is not None and not (key == _OPENAI and _other_base_url(environ)):
            found += [Found(entry, key, may_cost=True) for entry in provider.entries(key)]
    return found


def _other_base_url(environ: Mapping[str, str]) -> str | None:
    """OPENAI_BASE_URL, when it names another server than OpenAI's own."""
    base_url = environ.get("OPENAI_BASE_URL", "").strip()
    return None if base_url.startswith("https://api.openai.com/") else base_url or None


async def _named_server(session: aiohttp.ClientSession, environ: Mapping[str, str]) -> Discovery:
    base_url = _other_base_url(environ)
    if base_url is None:
        return Discovery(())
    fault = fault_of_address(base_url)
    if fault:
        return Discovery((), (f"OPENAI_BASE_URL {fault}; it is not used.",))
    key = environ.get(_OPENAI, "").strip() or None
    models = await list_models(session, base_url, key=key, seconds=_NAMED_SECONDS)
    if models is None:
        return Discovery((), (f"OPENAI_BASE_URL: {base_url} did not list its models.",))
    return _competing(models, base_url, "OPENAI_BASE_URL", _OPENAI if key else None)


async def _local_server(session: aiohttp.ClientSession, server: LocalServer) -> Discovery:
    models = await list_models(session, server.base_url, seconds=_PROBE_SECONDS)
    return _competing(models or [], server.base_url, f"{server.program} on this machine", None)


def _competing(models: list[ListedModel], base_url: str, origin: str, key: str | None) -> Discovery:
    """Models as contestants. Where a call may be billed, only those whose price the daily cap can count."""
    free = is_private(base_url)
    usable = [model for model in models if chats(model.id) and slug_of(model.id)]
    priced = [model for model in usable if free or known_price(model.id)]
    notes = []
    if len(priced) < len(usable):
        left = len(usable) - len(priced)
        notes.append(
            f"{origin}: {left} without a known price left out; list them in a catalogue with a price."
        )
    if len(priced) > _MOST:
        notes.append(
            f"{origin}: lists {len(priced)} models; the first {_MOST} compete, a catalogue can choose."
        )
    found = [
        Found(
            CatalogueEntry(
                slug=slug_of(model.id),
                name=name_of(model.id),
                organization=organization_of(model.id),
                endpoint=Endpoint(
                    kind="openai",
                    base_url=base_url,
                    model=model.id,
                    api_key_env=key,
                    # A server on this machine may have to load the model first.
                    first_token_seconds=120.0 if free else 30.0,
                ),
                price=None if free else known_price(model.id),
                context=model.context,
            ),
            origin,
            may_cost=not free,
        )
        for model in priced[:_MOST]
    ]
    return Discovery(tuple(found), tuple(notes))
