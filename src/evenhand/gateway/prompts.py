"""What the requests of every kind are made of: the prompt, the limit that is sent, the key."""

import os
from collections.abc import Iterable, Sequence

import msgspec

from evenhand.contestants.configurations import Configuration
from evenhand.core.text import clean
from evenhand.gateway.events import Message
from evenhand.gateway.faults import Fault
from evenhand.gateway.tokens import count


class Prompt(msgspec.Struct, frozen=True):
    """What the model is given: `system` is empty when there is no system prompt."""

    system: str
    messages: list[Message]


def prompt_of(configuration: Configuration, messages: Sequence[Message]) -> Prompt:
    """The system prompt and the conversation, without characters that do harm."""
    return Prompt(
        clean(configuration.system_prompt),
        [Message(message.role, clean(message.text)) for message in messages],
    )


def prompt_tokens(texts: Iterable[str]) -> int:
    """How many tokens these messages may be for a model, counted generously.

    Other tokenizers than the declared one give more, and each message has a frame; empty ones are not sent.
    """
    return sum(count(text) + 16 for text in texts if text) * 5 // 4


def limit_sent(configuration: Configuration, prompt: Prompt, *, reasoning: bool) -> int:
    """The output limit in tokens that the provider is told; with room for the reasoning, if `reasoning`.

    It only bounds the cost: what an answer may have is held by `AnswerLimits`. It has room for the
    reasoning because most servers count that in.
    """
    sampling = configuration.sampling
    limit = sampling.max_output_tokens + sampling.max_reasoning_tokens * reasoning
    if configuration.max_output is not None:
        limit = min(limit, configuration.max_output)
    if configuration.context is None:
        return limit
    # Some servers refuse a limit that cannot fit beside the prompt.
    tokens = prompt_tokens([prompt.system, *(message.text for message in prompt.messages)])
    return max(min(limit, configuration.context - tokens), 16)


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
