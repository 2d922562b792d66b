"""One attempt at one answer, whatever kind of endpoint gives it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

import aiohttp

from evenhand.contestants.configurations import Configuration
from evenhand.gateway.events import Finish, Message, StreamEvent
from evenhand.gateway.faults import Fault, fault_of_response
from evenhand.gateway.kind import D, Kind, Request
from evenhand.gateway.limits import AnswerLimits
from evenhand.gateway.reading import NETWORK_ERRORS, AnswerReader

_LONGEST_ERROR_BODY = 64 << 10


class Attempts:
    """Calls endpoints and streams their answers; remembers each server's dialect."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._dialects: dict[tuple[str, str, str], Any] = {}  # of the kind that is the first of the key

    async def attempt(
        self, kind: Kind[D], configuration: Configuration, messages: Sequence[Message], deadline: float
    ) -> AsyncGenerator[Sequence[StreamEvent], None]:
        """What comes of one call, in the portions that the network brings.

        `deadline` is the loop's time at which the whole answer must be there. Ends with a `Finish` or
        raises `Fault`. Closing the generator aborts the request.
        """
        endpoint = configuration.endpoint
        began = asyncio.get_running_loop().time()
        first = min(began + endpoint.first_token_seconds, deadline)
        response = await self._open(kind, configuration, messages, first)
        try:
            reader = AnswerReader(response.content, endpoint, began, deadline)
            decoder, limits = kind.decoder(), AnswerLimits(configuration.sampling)
            async with aclosing(reader.deltas(decoder)) as portions:
                async for deltas in portions:
                    if kept := limits.apply(deltas):
                        yield kept
                    if limits.reached:
                        yield [Finish("length")]
                        return
            finish = decoder.finish()
            yield [decoder.usage, finish] if decoder.usage is not None else [finish]
            await reader.drain()
        finally:
            response.close()

    async def _open(
        self, kind: Kind[D], configuration: Configuration, messages: Sequence[Message], deadline: float
    ) -> aiohttp.ClientResponse:
        """A response with status 200, whose body has not been read. Raises `Fault`."""
        endpoint = configuration.endpoint
        server = (endpoint.kind, endpoint.base_url, endpoint.model)
        try:
            async with asyncio.timeout_at(deadline):
                while True:
                    dialect: D = self._dialects.get(server, kind.dialect)
                    request = kind.request(configuration, messages, dialect)
                    response = await self._post(request, endpoint.connect_seconds)
                    if response.status == 200:
                        return response
                    said = await _error_body(response)
                    words = said.decode("utf-8", "replace").lower()
                    other = dialect.after_refusal(words) if response.status in {400, 422} else None
                    if other is None:
                        break
                    self._dialects[server] = other
        except TimeoutError as error:
            connecting = isinstance(error, aiohttp.ConnectionTimeoutError)
            raise Fault("timeout", "no connection in time" if connecting else "no response in time") from None
        except NETWORK_ERRORS as error:
            again = isinstance(error, aiohttp.ClientConnectionError) and not isinstance(
                error, aiohttp.ClientSSLError
            )
            raise Fault("failed", f"{type(error).__name__}: {error}", retried=again) from None
        raise fault_of_response(response.status, said, response.headers.get("Retry-After"))

    async def _post(self, request: Request, connect_seconds: float) -> aiohttp.ClientResponse:
        return await self._session.post(
            request.url,
            data=request.body,
            headers={
                "Content-Type": "application/json",
                "Accept": "text/event-stream",
                "Accept-Encoding": "identity",
                **request.headers,
            },
            allow_redirects=False,  # a redirect could carry the key and the prompt to somebody else
            timeout=aiohttp.ClientTimeout(total=None, connect=connect_seconds),
        )


async def _error_body(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    try:
        while len(body) < _LONGEST_ERROR_BODY and (data := await response.content.readany()):
            body += data
    except aiohttp.ClientError:
        pass  # the status says enough
    finally:
        response.close()
    return body
