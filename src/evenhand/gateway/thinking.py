"""Reasoning that a model writes into its answer, between `<think>` and `</think>`, told apart."""

from evenhand.gateway.events import Delta

_OPEN = "<think>"
_CLOSE = "</think>"
_MOST_HELD = 256


class ThinkSplitter:
    """Sorts the text of one answer, in pieces of any size, into reasoning and answer.

    Only an answer that *starts* with `<think>` has reasoning: the tag may be what somebody asked about.
    White space before the reasoning and before the answer that follows it is dropped, so an empty thought
    leaves nothing behind.
    """

    def __init__(self) -> None:
        self._held = ""  # what cannot be told yet: the beginning of a tag, or white space before one
        self._thinking = False
        self._strip = False

    plain: bool = False
    """True once the rest is answer, untouched: the caller may then bypass `feed`."""

    def feed(self, text: str) -> list[Delta]:
        """The deltas that `text` settles."""
        if self.plain:
            return [Delta("text", text)]
        text = self._held + text
        self._held = ""
        if not self._thinking and not self._strip:
            start = text.lstrip()
            if start != _OPEN and _OPEN.startswith(start) and len(text) <= _MOST_HELD:
                self._held = text
                return []
            if not start.startswith(_OPEN):
                self.plain = True
                return [Delta("text", text)]
            self._thinking = self._strip = True
            text = start[len(_OPEN) :]
        return self._reasoning(text) if self._thinking else self._answer(text)

    def end(self) -> list[Delta]:
        """The deltas for what was held back, once no more text comes."""
        held, self._held = self._held, ""
        return [Delta("reasoning" if self._thinking else "text", held)] if held else []

    def _reasoning(self, text: str) -> list[Delta]:
        if self._strip:
            text = text.lstrip()
        thought, closed, rest = text.partition(_CLOSE)
        if closed:
            self._thinking, self._strip = False, True
            return ([Delta("reasoning", thought)] if thought else []) + self._answer(rest)
        keep = len(thought) - _overlap(thought)
        self._held = thought[keep:]
        if not keep:
            return []
        self._strip = False
        return [Delta("reasoning", thought[:keep])]

    def _answer(self, text: str) -> list[Delta]:
        text = text.lstrip()
        if not text:
            return []
        self.plain = True
        return [Delta("text", text)]


def _overlap(text: str) -> int:
    """How many characters at the end of `text` may be the beginning of the closing tag."""
    return next((n for n in range(min(len(_CLOSE) - 1, len(text)), 0, -1) if _CLOSE.startswith(text[-n:])), 0)
