"""An answer as it comes in: published piece by piece, and measured when it ends."""

import time
from collections import deque
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from evenhand.battles.beginning import Job
from evenhand.battles.events import DeltaEvent, Part, PartKind
from evenhand.battles.responses import Outcome
from evenhand.battles.states import ResponseStatus
from evenhand.gateway import Delta, Finish, GatewayError, StreamEvent, Usage
from evenhand.gateway.style import measure
from evenhand.gateway.tokens import count as count_tokens
from evenhand.storage.streams import Streams

MOST_PARTS = 1000
"""How often an answer may change between reasoning and text."""
TIMELINE_MS = 100
"""How much time an entry of an answer's timeline stands for."""


class Answer:
    """What one call has given so far. Parts change where the kind of text does.

    What comes is shown at once, or held until `release`; the times kept are those of the provider.
    """

    def __init__(self, job: Job, streams: Streams, *, paced: bool = False) -> None:
        self.called = False
        """Whether the call has begun."""
        self.held = 0
        """Characters that have come and are not shown yet."""
        self.over = False
        """Whether nothing more will come."""
        self._job = job
        self._streams = streams
        self._paced = paced
        self._queued = time.monotonic()
        self._started = self._queued
        self._first: float | None = None
        self._ended: float | None = None
        self._characters = 0
        self._timeline: list[tuple[int, int]] = []
        self._parts: list[Part] = []
        self._texts: list[list[str]] = []
        self._shown: list[int] = []
        self._queue: deque[tuple[int, str]] = deque()
        self._usage: Usage | None = None
        self._finish: Finish | None = None

    @property
    def waits(self) -> bool:
        """Whether the call waits for its turn at the endpoint."""
        return not self.called and not self.over

    def begin(self) -> None:
        """The call begins: from here on the time is the provider's."""
        self.called = True
        self._started = time.monotonic()

    def move(self, battle_id: UUID) -> None:
        """What is shown from now on belongs to another battle: the other side was drawn anew."""
        self._job.battle_id = battle_id
        self._parts = [replace(part, battle_id=battle_id) for part in self._parts]

    def take(self, event: StreamEvent) -> None:
        """Take one event of the gateway. This is the hot path: it runs for every token."""
        if isinstance(event, Delta):
            if not self._parts or self._parts[-1].kind != event.kind:
                self._begin_part(event.kind)
            text = event.text
            self._texts[-1].append(text)
            self._note(len(text))
            part = len(self._parts) - 1
            if self._paced:
                self._queue.append((part, text))
                self.held += len(text)
            else:
                self._show(part, text)
        elif isinstance(event, Usage):
            self._usage = event
        else:
            self._finish = event

    def release(self, most: int | None = None) -> None:
        """Show what is held, at most so many characters."""
        left = self.held if most is None else min(most, self.held)
        self.held -= left
        while left:
            part, text = self._queue.popleft()
            texts = [text]
            size = len(text)
            while size < left and self._queue and self._queue[0][0] == part:
                text = self._queue.popleft()[1]
                texts.append(text)
                size += len(text)
            whole = "".join(texts)
            if size > left:
                self._queue.appendleft((part, whole[left:]))
                whole = whole[:left]
            left -= len(whole)
            self._show(part, whole)

    def end(self) -> None:
        """Nothing more will come: the time until now is what the provider took."""
        self.over = True
        self._ended = time.monotonic()

    def _note(self, characters: int) -> None:
        self._characters += characters
        now = round((time.monotonic() - self._started) * 1000)
        if self._timeline and now - self._timeline[-1][0] < TIMELINE_MS:
            self._timeline[-1] = (self._timeline[-1][0], self._characters)
        else:
            self._timeline.append((now, self._characters))

    def _begin_part(self, kind: PartKind) -> None:
        if self._first is None:
            self._first = time.monotonic()
        number = len(self._parts)
        if number == MOST_PARTS:
            raise GatewayError("failed", "the answer changes between text and reasoning without end")
        job = self._job
        self._parts.append(
            Part(job.conversation_id, job.turn_id, job.battle_id, job.side, job.number, number, kind)
        )
        self._texts.append([])
        self._shown.append(0)

    def _show(self, part: int, text: str) -> None:
        self._streams.publish(DeltaEvent(self._parts[part], self._shown[part], text))
        self._shown[part] += len(text)

    def done(self) -> Outcome:
        """The outcome of a call that ended by itself."""
        if self._finish is None:
            return self.failed("failed", "the stream ended without a finish reason")
        if all(part.kind != "text" for part in self._parts):
            return self.failed("failed", "the answer was empty")
        return self._outcome("done", finish_reason=self._finish.reason)

    def stopped(self) -> Outcome:
        """The outcome of a call that the user stopped; one that had finished before is done."""
        return self._outcome("stopped") if self._finish is None else self.done()

    def failed(self, error: str, cause: str) -> Outcome:
        """The outcome of a call that gave no whole answer; `error` is public, `cause` is not."""
        return self._outcome("failed", error=error, cause=cause)

    def _outcome(
        self,
        status: ResponseStatus,
        *,
        finish_reason: str | None = None,
        error: str | None = None,
        cause: str | None = None,
    ) -> Outcome:
        parts = [(part.kind, "".join(texts)) for part, texts in zip(self._parts, self._texts, strict=True)]
        text = "".join(text for kind, text in parts if kind == "text")
        # A call that ended before its first token may have been read, and then its prompt is paid for.
        unread = not self.called or (status == "failed" and error != "timeout" and not parts)
        reported = self._usage is not None and self._finish is not None
        usage = Usage(None, None, None) if unread and self._usage is None else self._billed(parts)
        cost = self._job.configuration.cost(usage.input_tokens or 0, usage.output_tokens or 0)
        ended = self._ended or time.monotonic()
        began = self._started if self.called else ended
        return Outcome(
            status,
            finish_reason,
            error,
            cause,
            parts,
            usage,
            reported,
            round((began - self._queued) * 1000),
            None if self._first is None else round((self._first - began) * 1000),
            round((ended - began) * 1000),
            Decimal(str(cost)),
            measure(text).to_dict() if text else None,
            self._timeline,
        )

    def _billed(self, parts: list[tuple[PartKind, str]]) -> Usage:
        """What the provider counted; our own count where it gives none, or not of the whole answer."""
        said = self._usage
        if said is not None and self._finish is not None:
            return said
        counted = self._count(parts)
        if said is None:
            return counted
        return Usage(
            counted.input_tokens if said.input_tokens is None else said.input_tokens,
            max(counted.output_tokens or 0, said.output_tokens or 0),
            max(counted.reasoning_tokens or 0, said.reasoning_tokens or 0) or None,
        )

    def _count(self, parts: list[tuple[PartKind, str]]) -> Usage:
        """Our own count."""
        prompts = [self._job.configuration.system_prompt, *(message.text for message in self._job.messages)]
        sent = sum(count_tokens(text) for text in prompts)
        reasoning = sum(count_tokens(text) for kind, text in parts if kind == "reasoning")
        answer = sum(count_tokens(text) for kind, text in parts if kind == "text")
        return Usage(sent, answer + reasoning, reasoning or None)
