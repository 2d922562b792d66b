"""`chat.completion.chunk` objects, as servers really send them, into deltas."""

from typing import Any

import msgspec

from evenhand.core.text import clean
from evenhand.gateway.chunks import Chunks, credible, document_in, fault_in
from evenhand.gateway.events import Delta, Finish, Usage
from evenhand.gateway.faults import Fault, fault_of_error
from evenhand.gateway.thinking import ThinkSplitter


class _Words(msgspec.Struct, gc=False):
    """The `delta` of a chunk or the `message` of a whole answer."""

    content: str | list[Any] | None = None
    reasoning_content: Any = None
    reasoning: Any = None
    thinking: Any = None
    refusal: Any = None


class _Choice(msgspec.Struct, gc=False):
    index: int | None = 0
    delta: _Words | None = None
    message: _Words | None = None
    finish_reason: str | None = None


class _Details(msgspec.Struct, gc=False):
    reasoning_tokens: int | None = None


class _Usage(msgspec.Struct, gc=False):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    completion_tokens_details: _Details | None = None


class _Chunk(msgspec.Struct, gc=False):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    error: Any = None
    object: str | None = None


_chunks = Chunks(_Chunk)


class ChunkDecoder:
    """Takes the events of one answer in order; keeps how it ended and what it is said to have used."""

    def __init__(self) -> None:
        self.done = False
        """Whether `[DONE]` has come."""
        self.usage: Usage | None = None
        self._finish: str | None = None
        self._split = ThinkSplitter()
        self._half = ""  # a high surrogate whose other half comes with the next chunk

    @property
    def finished(self) -> bool:
        """Whether a finish reason has come: from then on the answer is complete, whatever follows."""
        return self._finish is not None

    def feed(self, name: bytes, data: bytes) -> list[Delta]:
        """The deltas of one event. Raises `Fault` for an error object and for what is no JSON."""
        if data == b"[DONE]":
            self.done = True
            return []
        if name == b"error":
            raise fault_in(data)
        chunk = _chunks.read(data)
        if chunk.error or chunk.object == "error":
            raise fault_in(data)
        if chunk.usage is not None:
            self.usage = _usage(chunk.usage)
        deltas: list[Delta] = []
        for choice in chunk.choices or ():
            if choice.index:  # one answer was asked for; 0 and null are the first
                continue
            if choice.delta is not None:
                self._words(choice.delta, deltas)
            if choice.finish_reason:
                self._finish = choice.finish_reason
        return deltas

    def whole(self, body: bytes) -> list[Delta]:
        """The deltas of an answer that came as one JSON document instead of a stream."""
        document = document_in(body)
        if isinstance(document, list) and document:  # Google wraps errors so
            document = document[0]
        chunk = _chunks.convert(document)
        if chunk.error or chunk.object == "error" or not chunk.choices:
            raise fault_of_error(chunk.error or document)
        if chunk.usage is not None:
            self.usage = _usage(chunk.usage)
        deltas: list[Delta] = []
        first = chunk.choices[0]
        if first.message is not None:
            self._words(first.message, deltas)
        self._finish = first.finish_reason or "stop"
        return deltas + self.end()

    def end(self) -> list[Delta]:
        """The deltas that were held back; call it once, when the stream is over."""
        deltas: list[Delta] = []
        if self._half:
            self._half = ""
            deltas += self._split.feed("\ufffd")
        return deltas + self._split.end()

    def finish(self) -> Finish:
        """How the answer ended. Raises `Fault` when the provider broke it off."""
        if self._finish in {"length", "max_tokens"}:
            return Finish("length")
        if self._finish == "content_filter":
            raise Fault("refused", "finish_reason content_filter")
        if self._finish == "insufficient_system_resource":
            raise Fault("overloaded", f"finish_reason {self._finish}")
        if self._finish == "error":
            raise Fault("failed", "finish_reason error")
        return Finish("stop")

    def _words(self, words: _Words, deltas: list[Delta]) -> None:
        reasoning = words.reasoning_content or words.reasoning or words.thinking
        if reasoning and isinstance(reasoning, str) and (reasoning := clean(reasoning)):
            deltas.append(Delta("reasoning", reasoning))
        content = words.content or words.refusal
        if isinstance(content, list):
            for part in content:
                self._part(part, deltas)
        elif isinstance(content, str):
            self._text(content, deltas)

    def _part(self, part: Any, deltas: list[Delta]) -> None:
        """One of Mistral's content parts: text, or thinking that is a list of texts in turn."""
        if not isinstance(part, dict):
            return
        thinking = part.get("thinking")
        if isinstance(thinking, list):
            thinking = "".join(str(piece.get("text", "")) for piece in thinking if isinstance(piece, dict))
        if isinstance(thinking, str) and (thinking := clean(thinking)):
            deltas.append(Delta("reasoning", thinking))
        elif isinstance(text := part.get("text"), str):
            self._text(text, deltas)

    def _text(self, text: str, deltas: list[Delta]) -> None:
        # Proxies that cut UTF-16 send the two halves of an emoji as escapes in two chunks.
        text = self._half + text
        self._half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        text = clean(text[:-1] if self._half else text)
        if not text:
            return
        if self._split.plain:
            deltas.append(Delta("text", text))
        else:
            deltas += self._split.feed(text)


def _usage(usage: _Usage) -> Usage:
    details = usage.completion_tokens_details
    return Usage(
        credible(usage.prompt_tokens),
        credible(usage.completion_tokens),
        credible(details.reasoning_tokens if details else None),
    )
