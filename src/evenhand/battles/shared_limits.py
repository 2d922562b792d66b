"""What both sides of a battle get alike, although their models differ: the smaller of what the two can.

So neither side may write longer answers or be sent more of the conversation than the other. All counts are
tokens of the one declared tokenizer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from evenhand.contestants.configurations import Configuration
from evenhand.contestants.service import Identity
from evenhand.core.errors import Invalid
from evenhand.gateway import prompt_tokens


@dataclass(frozen=True)
class SharedLimits:
    """Tokens of an answer, and of the system prompt and the conversation; None where nobody says."""

    answer: int
    prompt: int | None


def shared_limits(configurations: Iterable[Configuration]) -> SharedLimits:
    """The limits for configurations that answer the same question."""
    sides = list(configurations)
    answer = min(one.answer_limit for one in sides)
    windows = [one.context for one in sides if one.context is not None]
    if not windows:
        return SharedLimits(answer, None)
    window = min(windows)
    # In a small window the answer's place must not be all of it.
    return SharedLimits(answer, window - min(answer, window // 4))


_Someone = TypeVar("_Someone", bound=Identity)


def can_read(candidates: Iterable[_Someone], question: Sequence[str], needed: int) -> list[_Someone]:
    """Those whose context window has room for a question. Raises `Invalid` when fewer than `needed` have."""
    able = []
    tokens: dict[str, int] = {}
    for one in candidates:
        room = shared_limits([one.configuration]).prompt
        prompt = one.configuration.system_prompt
        if prompt not in tokens:
            tokens[prompt] = prompt_tokens([prompt, *question])
        if room is None or tokens[prompt] <= room:
            able.append(one)
    if len(able) < needed:
        raise Invalid(
            "too_long_for_contestants",
            "The question is longer than what those who would answer it can read; shorten it.",
        )
    return able
