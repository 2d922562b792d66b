"""Passkeys as people use them: a browser at `localhost`, and the device that keeps them."""

from typing import Any

from tests.support.arena import Answered, Voter
from tests.support.authenticator import Authenticator
from tests.support.signing_in import Town


def origin_of(town: Town) -> str:
    """Where passkeys can be used: at the name of this machine, not at its address."""
    return town.arena.base_url.replace("127.0.0.1", "localhost")


def at_home(town: Town) -> Voter:
    """A stranger whose browser is at that name."""
    voter = town.voter()
    voter.base_url = origin_of(town)
    return voter


def device(town: Town, **kind: Any) -> Authenticator:
    return Authenticator(origin_of(town), **kind)


async def asked(voter: Voter, path: str) -> dict[str, Any]:
    """What the browser is to do."""
    options = await voter.call("POST", path)
    assert options.status == 200, options
    public_key: dict[str, Any] = options.body["public_key"]
    return public_key


async def send_made(voter: Voter, credential: dict[str, Any]) -> Answered:
    return await voter.call("POST", "/passkeys", {"credential": credential})


async def send_shown(voter: Voter, credential: dict[str, Any], **more: Any) -> Answered:
    return await voter.call("POST", "/sign-in/passkey", {"credential": credential, **more})


async def make(voter: Voter, device: Authenticator, **lies: Any) -> Answered:
    return await send_made(voter, device.make(await asked(voter, "/passkeys/options"), **lies))


async def show(voter: Voter, device: Authenticator, **lies: Any) -> Answered:
    return await send_shown(voter, device.show(await asked(voter, "/sign-in/passkey/options"), **lies))


async def listed(voter: Voter) -> list[dict[str, Any]]:
    answered = await voter.call("GET", "/passkeys")
    assert answered.status == 200, answered
    passkeys: list[dict[str, Any]] = answered.body["passkeys"]
    return passkeys
