"""Signing in elsewhere, as people do, with browsers that are none: away, through the form there, and back."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import yaml
from yarl import URL

from tests.support.arena import Answered, Voter


def sign_in_file(folder: Path, *providers: dict[str, Any]) -> Path:
    """A sign-in file with these."""
    path = folder / "sign-in.yaml"
    path.write_text(yaml.safe_dump({"providers": list(providers)}), "utf-8")
    return path


def query_of(address: str) -> dict[str, str]:
    """What stands after the question mark."""
    return dict(parse_qsl(urlsplit(address).query))


async def go(voter: Voter, provider: str = "company", **more: Any) -> Answered:
    """Asks the arena where to go for a provider."""
    return await voter.call("POST", f"/sign-in/providers/{provider}", more)


async def away(voter: Voter, provider: str = "company", **more: Any) -> str:
    """The provider's page that somebody is sent to."""
    begun = await go(voter, provider, **more)
    assert begun.status == 200, begun
    return str(begun.body["address"])


async def back(voter: Voter, address: str) -> str:
    """Comes back from a provider, to an address with its answer: the page of the arena that one lands on."""
    async with voter.http.get(URL(address, encoded=True), allow_redirects=False) as response:
        assert response.status == 303, await response.text()
        return response.headers["Location"]


async def through_the_form(voter: Voter, address: str, login: str = "ann", *, cancel: bool = False) -> str:
    """Signs in at the real provider; the address of the arena that it sends one back to."""
    async with voter.http.get(URL(address, encoded=True)) as form:
        assert form.status == 200, await form.text()
        page = form.url
    data = {"login": login, **({"cancel": "1"} if cancel else {})}
    async with voter.http.post(page, data=data, allow_redirects=False) as answered:
        onward = URL(answered.headers["Location"])
    async with voter.http.get(page.join(onward), allow_redirects=False) as answered:
        return answered.headers["Location"]


async def signed_in(voter: Voter, login: str = "ann", **more: Any) -> str:
    """The whole way; the page of the arena that one lands on."""
    return await back(voter, await through_the_form(voter, await away(voter, **more), login))
