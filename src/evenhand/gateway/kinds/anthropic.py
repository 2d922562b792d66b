"""Anthropic's Messages API."""

from collections.abc import Sequence
from typing import Any

import msgspec

from evenhand.contestants.configurations import Configuration
from evenhand.core.text import clean
from evenhand.gateway.chunks import Chunks, credible, document_in, fault_in
from evenhand.gateway.events import Delta, Finish, Message, Usage
from evenhand.gateway.faults import Fault
from evenhand.gateway.kind import Request
from evenhand.gateway.prompts import api_key, limit_sent, prompt_of

_VERSION = "2023-06-01"


class _Piece(msgspec.Struct, gc=False):
    """A content block, or the delta of one, or of the message."""

    type: str | None = None
    text: str | None = None
    thinking: str | None = None
    stop_reason: str | None = None


class _Details(msgspec.Struct, gc=False):
    thinking_tokens: int | None = None


class _Usage(msgspec.Struct, gc=False):
    input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    output_tokens: int | None = None
    output_tokens_details: _Details | None = None


class _Whole(msgspec.Struct, gc=False):
    """A whole message, or the beginning of one."""

    content: list[_Piece] | None = None
    stop_reason: str | None = None
    usage: _Usage | None = None
    error: Any = None


class _Event(msgspec.Struct, gc=False):
    type: str | None = None
    delta: _Piece | None = None
    content_block: _Piece | None = None
    message: _Whole | None = None
    usage: _Usage | None = None
    error: Any = None


_events = Chunks(_Event)
_wholes = Chunks(_Whole)


class AnthropicDialect(msgspec.Struct, frozen=True):
    """Whether the limit has room for reasoning: older models can give less than the sum of both."""

    reasoning_in_limit: bool = True

    def after_refusal(self, said: str) -> "AnthropicDialect | None":
        """See `Dialect`."""
        too_much = "max_tokens" in said and "context limit" not in said  # the latter is the prompt's doing
        return AnthropicDialect(False) if self.reasoning_in_limit and too_much else None


class Anthropic:
    """`POST {base_url}/messages`."""

    dialect = AnthropicDialect()

    def request(
        self, configuration: Configuration, messages: Sequence[Message], dialect: AnthropicDialect
    ) -> Request:
        """See `Kind`."""
        endpoint, sampling = configuration.endpoint, configuration.sampling
        prompt = prompt_of(configuration, messages)
        body: dict[str, Any] = {
            "model": endpoint.model,
            "max_tokens": limit_sent(configuration, prompt, reasoning=dialect.reasoning_in_limit),
            "messages": [{"role": message.role, "content": message.text} for message in prompt.messages],
            "stream": True,
        }
        if prompt.system:
            body["system"] = prompt.system
        if not endpoint.fixed_sampling:
            body["temperature"] = sampling.temperature
            if sampling.top_p < 1:  # 1 asks for nothing, and many models refuse the two together
                body["top_p"] = sampling.top_p
        if configuration.reasoning_effort is not None:
            body["thinking"] = {"type": "adaptive", "display": "summarized"}
            body["output_config"] = {"effort": configuration.reasoning_effort}
        key = api_key(endpoint.api_key_env)
        return Request(
            f"{endpoint.base_url.rstrip('/')}/messages",
            {"anthropic-version": _VERSION} | ({"x-api-key": key} if key is not None else {}),
            msgspec.json.encode(body),
        )

    def decoder(self) -> "MessageDecoder":
        """See `Kind`."""
        return MessageDecoder()


class MessageDecoder:
    """Takes the events of one message in order. See `Decoder`."""

    def __init__(self) -> None:
        self.done = False
        self._usage = _Usage()
        self._stop: str | None = None

    @property
    def finished(self) -> bool:
        """Whether a stop reason has come."""
        return self._stop is not None

    @property
    def usage(self) -> Usage | None:
        """What was counted; the prompt with what was written to the cache and read from it."""
        said = self._usage
        parts = (said.input_tokens, said.cache_creation_input_tokens, said.cache_read_input_tokens)
        prompt = sum(part or 0 for part in parts) if any(part is not None for part in parts) else None
        if prompt is None and said.output_tokens is None:
            return None
        details = said.output_tokens_details
        return Usage(
            credible(prompt),
            credible(said.output_tokens),
            credible(details.thinking_tokens if details else None),
        )

    def feed(self, name: bytes, data: bytes) -> list[Delta]:
        """The deltas of one event; none for pings, signatures and whatever else is no text."""
        if name == b"error":
            raise fault_in(data)
        event = _events.read(data)
        if event.error or event.type == "error":
            raise fault_in(data)
        if event.delta is not None:
            self._stop = event.delta.stop_reason or self._stop
        if event.message is not None:
            self._count(event.message.usage)
        self._count(event.usage)
        self.done = self.done or event.type == "message_stop"
        return _deltas(event.delta or event.content_block)

    def whole(self, body: bytes) -> list[Delta]:
        """The deltas of a message that came as one document."""
        message = _wholes.convert(document_in(body))
        if message.error or message.content is None:
            raise fault_in(body)
        self._count(message.usage)
        self._stop = message.stop_reason or "end_turn"
        return [delta for block in message.content for delta in _deltas(block)]

    def end(self) -> list[Delta]:
        """Nothing: no text is held back."""
        return []

    def finish(self) -> Finish:
        """How the message ended. A reason that is not known is no end of an answer that can be voted on."""
        if self._stop in {"end_turn", "stop_sequence"}:
            return Finish("stop")
        if self._stop in {"max_tokens", "model_context_window_exceeded"}:
            return Finish("length")
        raise Fault("refused" if self._stop == "refusal" else "failed", f"stop_reason {self._stop}")

    def _count(self, usage: _Usage | None) -> None:
        """Take over counts that were said; each is of the whole message so far."""
        if usage is not None:
            for field in usage.__struct_fields__:
                if (said := getattr(usage, field)) is not None:
                    setattr(self._usage, field, said)


def _deltas(piece: _Piece | None) -> list[Delta]:
    if piece is None:
        return []
    if piece.text and (text := clean(piece.text)):
        return [Delta("text", text)]
    if piece.thinking and (thinking := clean(piece.thinking)):
        return [Delta("reasoning", thinking)]
    return []
