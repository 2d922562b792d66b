"""How long an answer may get, held by us: providers count differently, or not at all."""

from evenhand.arenas import Sampling
from evenhand.gateway.events import Delta
from evenhand.gateway.tokens import count, head

MOST_CHARACTERS = 2_000_000
"""The most characters of one answer with its reasoning, whatever the limits in tokens say."""


class _Budget:
    """Tokens of one kind that may still come. Counts late, because counting each piece costs more.

    A text has at most as many tokens as UTF-8 bytes, so nothing needs counting until the bytes since the
    last count could reach the limit. Pieces counted apart may give a few tokens more than one text.
    """

    def __init__(self, limit: int) -> None:
        self.left = limit
        self.pending: list[str] = []
        self.bytes = 0

    def recount(self) -> str | None:
        """None if the text that came last fits in whole; else the part of it that does."""
        *earlier, text = self.pending
        before = "".join(earlier)
        used = count(before + text)
        if used > self.left:
            return head(before + text, self.left)[len(before) :]
        self.left -= used
        self.pending.clear()
        self.bytes = 0
        return None


class AnswerLimits:
    """The limits of one answer: tokens of text, tokens of reasoning, characters of both."""

    def __init__(self, sampling: Sampling) -> None:
        self._text = _Budget(sampling.max_output_tokens)
        self._reasoning = _Budget(sampling.max_reasoning_tokens)
        self._characters = MOST_CHARACTERS
        self.reached = False
        """Whether a limit cut something off. The answer ends there."""

    @property
    def started(self) -> bool:
        """Whether anything has come."""
        return self._characters < MOST_CHARACTERS

    def apply(self, deltas: list[Delta]) -> list[Delta]:
        """The deltas that fit; the last one may be shortened."""
        for position, delta in enumerate(deltas):
            budget = self._text if delta.kind == "text" else self._reasoning
            text = delta.text
            budget.pending.append(text)
            budget.bytes += len(text) if text.isascii() else 4 * len(text)
            part = budget.recount() if budget.bytes > budget.left else None
            self._characters -= len(text)
            if part is None and self._characters < 0:
                part = text[: self._characters]
            if part is not None:
                self.reached = True
                return deltas[:position] + ([Delta(delta.kind, part)] if part else [])
        return deltas
