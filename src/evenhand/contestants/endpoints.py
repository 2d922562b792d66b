"""Servers that list their models: asked what they have, with little patience and no trust."""

import asyncio
import ipaddress
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

_LARGEST_LIST = 1 << 20


@dataclass(frozen=True)
class ListedModel:
    """A model that a server lists; `context` in tokens, None where it does not say."""

    id: str
    context: int | None


async def list_models(
    session: aiohttp.ClientSession, base_url: str, *, key: str | None = None, seconds: float
) -> list[ListedModel] | None:
    """What `GET {base_url}/models` lists; None when no OpenAI-compatible server answers there."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        async with (
            asyncio.timeout(seconds),
            session.get(f"{base_url.rstrip('/')}/models", headers=headers, allow_redirects=False) as response,
        ):
            if response.status != 200:
                return None
            body = bytearray()
            async for chunk in response.content.iter_chunked(1 << 16):
                body += chunk
                if len(body) > _LARGEST_LIST:
                    return None
            document = json.loads(body)
    except (aiohttp.ClientError, OSError, ValueError, RecursionError, TimeoutError):
        return None
    items = document.get("data") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return None
    return [ListedModel(item["id"], _context(item)) for item in items if _has_id(item)]


def is_private(base_url: str) -> bool:
    """Whether an address is on this machine or in a network of one's own, where calls are not billed."""
    host = (urlsplit(base_url).hostname or "").rstrip(".")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".lan", ".internal"))
    return address.is_loopback or address.is_private


def _has_id(item: Any) -> bool:
    name = item.get("id") if isinstance(item, dict) else None
    return isinstance(name, str) and 0 < len(name) <= 200 and name.isprintable()


def _context(item: dict[str, Any]) -> int | None:
    meta = item.get("meta")
    # vLLM; LM Studio; llama.cpp
    said = [item.get("max_model_len"), item.get("loaded_context_length")]
    said.append(meta.get("n_ctx") if isinstance(meta, dict) else None)
    return next((value for value in said if type(value) is int and value > 0), None)
