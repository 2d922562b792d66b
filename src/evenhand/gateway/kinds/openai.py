"""OpenAI's chat completions, which most providers and local servers speak, each in a dialect of its own."""

from collections.abc import Sequence
from typing import Any

import msgspec

from evenhand.contestants.configurations import Configuration
from evenhand.gateway.events import Message
from evenhand.gateway.kind import Request
from evenhand.gateway.kinds.openai_chunks import ChunkDecoder
from evenhand.gateway.prompts import api_key, limit_sent, prompt_of


class OpenAIDialect(msgspec.Struct, frozen=True):
    """The name of the limit, whether it has room for reasoning, and whether usage may be asked for."""

    limit_field: str = "max_tokens"
    reasoning_in_limit: bool = True
    stream_options: bool = True

    def after_refusal(self, said: str) -> "OpenAIDialect | None":
        """See `Dialect`."""
        if self.stream_options and "stream_options" in said:
            return msgspec.structs.replace(self, stream_options=False)
        unsupported = "unsupported" in said or "not supported" in said
        if self.limit_field == "max_tokens" and unsupported and "max_completion_tokens" in said:
            return msgspec.structs.replace(self, limit_field="max_completion_tokens")
        limit = any(word in said for word in ("max_tokens", "max_completion_tokens", "in the completion"))
        if self.reasoning_in_limit and limit and not unsupported:  # more than the model can give
            return msgspec.structs.replace(self, reasoning_in_limit=False)
        return None


class OpenAI:
    """`POST {base_url}/chat/completions`."""

    dialect = OpenAIDialect()

    def request(
        self, configuration: Configuration, messages: Sequence[Message], dialect: OpenAIDialect
    ) -> Request:
        """See `Kind`."""
        endpoint, sampling = configuration.endpoint, configuration.sampling
        prompt = prompt_of(configuration, messages)
        body: dict[str, Any] = {
            "model": endpoint.model,
            "messages": [{"role": "system", "content": prompt.system}] * bool(prompt.system)
            + [{"role": message.role, "content": message.text} for message in prompt.messages],
            "stream": True,
            dialect.limit_field: limit_sent(configuration, prompt, reasoning=dialect.reasoning_in_limit),
        }
        if not endpoint.fixed_sampling:
            body |= {"temperature": sampling.temperature, "top_p": sampling.top_p}
        if dialect.stream_options:
            body["stream_options"] = {"include_usage": True}
        if configuration.reasoning_effort is not None:
            body["reasoning_effort"] = configuration.reasoning_effort
        key = api_key(endpoint.api_key_env)
        return Request(
            f"{endpoint.base_url.rstrip('/')}/chat/completions",
            {"Authorization": f"Bearer {key}"} if key is not None else {},
            msgspec.json.encode(body),
        )

    def decoder(self) -> ChunkDecoder:
        """See `Kind`."""
        return ChunkDecoder()
