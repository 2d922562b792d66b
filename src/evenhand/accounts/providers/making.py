"""The providers of a sign-in file. Only arenas that have any load what it takes to speak with them."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

from evenhand.accounts.providers.github import GitHubProvider
from evenhand.accounts.providers.openid import OpenIdProvider
from evenhand.accounts.providers.provider import Provider
from evenhand.accounts.providers.web import open_web
from evenhand.core.sign_in_file import GivenProvider


@asynccontextmanager
async def open_providers(given: Iterable[GivenProvider]) -> AsyncIterator[Mapping[str, Provider]]:
    """Them, by slug, until the block is left. None is asked anything yet."""
    async with open_web() as web:
        yield {
            one.slug: GitHubProvider(one, web) if one.use == "github" else OpenIdProvider(one, web)
            for one in given
        }
