"""Google's Gemini API, `generateContent`."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from evenhand.contestants.configurations import Configuration
from evenhand.core.text import clean
from evenhand.gateway.chunks import Chunks, credible, document_in, fault_in
from evenhand.gateway.events import Delta, Finish, Message, Usage
from evenhand.gateway.faults import Fault, fault_of_error
from evenhand.gateway.kind import Request
from evenhand.gateway.prompts import api_key, limit_sent, prompt_of

_REFUSED = frozenset(
    {
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
    }
)


class _Part(msgspec.Struct, gc=False):
    text: str | None = None
    thought: bool | None = None


class _Content(msgspec.Struct, gc=False):
    parts: list[_Part] | None = None


class _Candidate(msgspec.Struct, gc=False, rename="camel"):
    index: int | None = None
    content: _Content | None = None
    finish_reason: str | None = None


class _Feedback(msgspec.Struct, gc=False, rename="camel"):
    block_reason: str | None = None


class _Usage(msgspec.Struct, gc=False, rename="camel"):
    prompt_token_count: int | None = None  # what was read from a cache included
    candidates_token_count: int | None = None
    thoughts_token_count: int | None = None


class _Chunk(msgspec.Struct, gc=False, rename="camel"):
    candidates: list[_Candidate] | None = None
    prompt_feedback: _Feedback | None = None
    usage_metadata: _Usage | None = None
    error: Any = None


_chunks = Chunks(_Chunk)


class GoogleDialect(msgspec.Struct, frozen=True):
    """Whether the limit has room for reasoning, and whether thoughts may be asked for."""

    reasoning_in_limit: bool = True
    thoughts: bool = True

    def after_refusal(self, said: str) -> "GoogleDialect | None":
        """See `Dialect`."""
        if self.thoughts and ("thinking" in said or "thought" in said):  # a model that has none
            return msgspec.structs.replace(self, thoughts=False)
        if self.reasoning_in_limit and ("maxoutputtokens" in said or "max_output_tokens" in said):
            return msgspec.structs.replace(self, reasoning_in_limit=False)
        return None


class Google:
    """`POST {base_url}/models/{model}:streamGenerateContent`."""

    dialect = GoogleDialect()

    def request(
        self, configuration: Configuration, messages: Sequence[Message], dialect: GoogleDialect
    ) -> Request:
        """See `Kind`."""
        endpoint, sampling = configuration.endpoint, configuration.sampling
        prompt = prompt_of(configuration, messages)
        generation: dict[str, Any] = {
            "maxOutputTokens": limit_sent(configuration, prompt, reasoning=dialect.reasoning_in_limit)
        }
        if not endpoint.fixed_sampling:
            generation |= {"temperature": sampling.temperature, "topP": sampling.top_p}
        thinking: dict[str, Any] = {"includeThoughts": True} if dialect.thoughts else {}
        if configuration.reasoning_effort is not None:
            thinking["thinkingLevel"] = configuration.reasoning_effort.upper()
        if thinking:
            generation["thinkingConfig"] = thinking
        body: dict[str, Any] = {
            "contents": [
                {"role": "user" if message.role == "user" else "model", "parts": [{"text": message.text}]}
                for message in prompt.messages
            ],
            "generationConfig": generation,
        }
        if prompt.system:
            body["systemInstruction"] = {"parts": [{"text": prompt.system}]}
        name = endpoint.model if "/" in endpoint.model else f"models/{endpoint.model}"
        key = api_key(endpoint.api_key_env)
        return Request(
            f"{endpoint.base_url.rstrip('/')}/{quote(name)}:streamGenerateContent?alt=sse",
            {"x-goog-api-key": key} if key is not None else {},
            msgspec.json.encode(body),
        )

    def decoder(self) -> "GenerationDecoder":
        """See `Kind`."""
        return GenerationDecoder()


class GenerationDecoder:
    """Takes the chunks of one generation in order. See `Decoder`."""

    def __init__(self) -> None:
        self.done = False  # nothing marks the end but the end of the body
        self.usage: Usage | None = None
        self._finish: str | None = None

    @property
    def finished(self) -> bool:
        """Whether a finish reason has come."""
        return self._finish is not None

    def feed(self, name: bytes, data: bytes) -> list[Delta]:
        """The deltas of one chunk. Raises `Fault` also for a prompt that was blocked."""
        if name == b"error":
            raise fault_in(data)
        return self._deltas(_chunks.read(data))

    def whole(self, body: bytes) -> list[Delta]:
        """The deltas of chunks that came as one document, or as a list of them."""
        document = document_in(body)
        chunks = [_chunks.convert(one) for one in (document if isinstance(document, list) else [document])]
        deltas = [delta for chunk in chunks for delta in self._deltas(chunk)]
        if not any(chunk.candidates for chunk in chunks):
            raise Fault("failed", "a document without an answer")
        self._finish = self._finish or "STOP"
        return deltas

    def end(self) -> list[Delta]:
        """Nothing: no text is held back."""
        return []

    def finish(self) -> Finish:
        """How it ended. A reason that is not known is no end of an answer that can be voted on."""
        if self._finish == "STOP":
            return Finish("stop")
        if self._finish == "MAX_TOKENS":
            return Finish("length")
        raise Fault("refused" if self._finish in _REFUSED else "failed", f"finishReason {self._finish}")

    def _deltas(self, chunk: _Chunk) -> list[Delta]:
        if chunk.error:
            raise fault_of_error(chunk.error)
        if chunk.prompt_feedback is not None and chunk.prompt_feedback.block_reason:
            raise Fault("refused", f"blockReason {chunk.prompt_feedback.block_reason}")
        if chunk.usage_metadata is not None:
            self.usage = _usage(chunk.usage_metadata)
        deltas: list[Delta] = []
        for candidate in chunk.candidates or ():
            if candidate.index:  # one answer was asked for; 0 and none are the first
                continue
            deltas += _deltas(candidate.content)
            if candidate.finish_reason:
                self._finish = candidate.finish_reason
        return deltas


def _deltas(content: _Content | None) -> list[Delta]:
    return [
        Delta("reasoning" if part.thought else "text", text)
        for part in (content.parts if content is not None else None) or ()
        if part.text and (text := clean(part.text))
    ]


def _usage(usage: _Usage) -> Usage:
    """The counts of a generation so far; thoughts are billed as output, but counted apart."""
    answer, thoughts = usage.candidates_token_count, usage.thoughts_token_count
    output = None if answer is None and thoughts is None else (answer or 0) + (thoughts or 0)
    return Usage(credible(usage.prompt_token_count), credible(output), credible(thoughts))
