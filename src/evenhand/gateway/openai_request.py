"""The request to an OpenAI-compatible server, in the dialect that the server accepts."""

import os
from collections.abc import Sequence
from typing import Any

import msgspec

from evenhand.contestants.configurations import Configuration
from evenhand.core.text import clean
from evenhand.gateway.events import Message
from evenhand.gateway.faults import Fault
from evenhand.gateway.tokens import count


class Dialect(msgspec.Struct, frozen=True):
    """Where servers differ in what they accept. None of it changes what the model is asked to do."""

    limit_field: str = "max_tokens"
    reasoning_in_limit: bool = True
    stream_options: bool = True

    def after_refusal(self, status: int, body: bytes) -> "Dialect | None":
        """The dialect to try instead, when the server refused the request's form; else None."""
        if status not in {400, 422}:
            return None
        said = body.decode("utf-8", "replace").lower()
        if self.stream_options and "stream_options" in said:
            return msgspec.structs.replace(self, stream_options=False)
        unsupported = "unsupported" in said or "not supported" in said
        if self.limit_field == "max_tokens" and unsupported and "max_completion_tokens" in said:
            return msgspec.structs.replace(self, limit_field="max_completion_tokens")
        limit = any(word in said for word in ("max_tokens", "max_completion_tokens", "in the completion"))
        if self.reasoning_in_limit and limit and not unsupported:  # more than the model can give
            return msgspec.structs.replace(self, reasoning_in_limit=False)
        return None


def request_body(configuration: Configuration, messages: Sequence[Message], dialect: Dialect) -> bytes:
    """The JSON body of the call.

    The limit sent is only what bounds the cost: what an answer may have is held by `AnswerLimits`. It has
    room for the reasoning, because most servers count that in.
    """
    if configuration.system_prompt:
        messages = [Message("system", configuration.system_prompt), *messages]
    sent = [{"role": message.role, "content": clean(message.text)} for message in messages]
    sampling = configuration.sampling
    limit = sampling.max_output_tokens + sampling.max_reasoning_tokens * dialect.reasoning_in_limit
    if configuration.context is not None:  # some servers refuse a limit that cannot fit beside the prompt
        prompt = sum(count(message["content"]) + 16 for message in sent)
        limit = max(min(limit, configuration.context - prompt * 5 // 4), 16)
    body: dict[str, Any] = {
        "model": configuration.endpoint.model,
        "messages": sent,
        "stream": True,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        dialect.limit_field: limit,
    }
    if dialect.stream_options:
        body["stream_options"] = {"include_usage": True}
    if configuration.reasoning_effort is not None:
        body["reasoning_effort"] = configuration.reasoning_effort
    return msgspec.json.encode(body)


def api_key(name: str | None) -> str | None:
    """The key in the environment variable `name`; None when there is no name.

    Raises `Fault` when the variable is not set or holds what no header can carry.
    """
    if name is None:
        return None
    key = os.environ.get(name, "").strip()
    if not key:
        raise Fault("failed", f"the environment variable {name} with the API key is not set")
    if not (key.isascii() and key.isprintable()):
        raise Fault("failed", f"the environment variable {name} holds characters that no API key has")
    return key
