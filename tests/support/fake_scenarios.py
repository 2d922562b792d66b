"""What a fake model can do, whatever API it is asked through."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.fake_answers import answer_to, pieces


@dataclass
class Scenario:
    """How a model behaves. `stall_after` and `error_after` count pieces of the answer.

    What is None, or named in OpenAI's words, each API says in its own.
    """

    text: str | None = None  # None: a plausible answer
    reasoning: str = ""
    reasoning_field: str = "reasoning_content"  # OpenAI's servers differ in it
    inline_think: bool = False  # the reasoning stands in the answer, between <think> and </think>
    echo: bool = False  # the answer is the messages that came, as JSON
    first_token_seconds: float = 0.0
    tokens_per_second: float | None = None  # None: as fast as it goes
    fail_times: int = 0  # so many calls get `status` and `body`, later ones are fine
    fails_anew: bool = False  # so many calls of each question, told apart by their last message
    status: int = 500
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    error_after: int | None = None
    error: Any = None
    stall_after: int | None = None  # until `released` is set
    released: asyncio.Event = field(default_factory=asyncio.Event)
    cut_after_bytes: int | None = None
    raw: list[bytes] | None = None  # the body, written in these pieces
    done: bool = True  # whether the mark of the end comes, where there is one
    usage: bool = True
    finish_reason: str | None = "stop"
    ignores_stream: bool = False  # answers with one JSON document
    honours_limit: bool = True
    keep_alive_seconds: float | None = None  # a sign of life at this interval while it stalls
    hangs: bool = False  # the body does not end until `released` is set


SCENARIOS: dict[str, Callable[[], Scenario]] = {
    "fast": lambda: Scenario(tokens_per_second=200.0, first_token_seconds=0.1),
    "slow": lambda: Scenario(tokens_per_second=5.0, first_token_seconds=2.0),
    "flood": lambda: Scenario(text="flood " * 20_000, honours_limit=False),
    "echo": lambda: Scenario(echo=True),
    "think": lambda: Scenario(
        reasoning="Let me think about that. ", inline_think=True, tokens_per_second=50.0
    ),
    "reasoning": lambda: Scenario(reasoning="Let me think about that. " * 5, tokens_per_second=50.0),
    "fail": lambda: Scenario(fail_times=1 << 30),
    "flaky": lambda: Scenario(fail_times=2, status=503, tokens_per_second=50.0),
    "refuse": lambda: Scenario(finish_reason="content_filter", text=""),
    "error": lambda: Scenario(error_after=5, tokens_per_second=50.0),
    "cut": lambda: Scenario(cut_after_bytes=2_000, tokens_per_second=50.0),
    "stall": lambda: Scenario(stall_after=5, tokens_per_second=50.0),
}


@dataclass
class Call:
    """One request and what became of it. Times are of `time.monotonic`; `port` is the caller's."""

    model: str
    port: int
    headers: dict[str, str]
    url: str
    body: dict[str, Any]
    started: float
    ended: float | None = None
    aborted: bool = False  # the caller went before the answer was whole
    over: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True)
class Asked:
    """What a request asks for, without the shape that it came in; `messages` with role and content."""

    messages: list[dict[str, str]]
    limit: int | None
    stream: bool


@dataclass(frozen=True)
class Answer:
    """What a model says: pieces of (`text` or `reasoning`, text), and how it ends. Counts are of pieces."""

    pieces: list[tuple[str, str]]
    finish: str | None
    sent: int
    thought: int


def answer_of(scenario: Scenario, model: str, asked: Asked) -> Answer:
    """The answer of a model, within the limit that the caller set."""
    text = scenario.text
    if scenario.echo:
        text = json.dumps(asked.messages, ensure_ascii=False)
    elif text is None:
        text = answer_to(model, asked.messages[-1]["content"])
    reasoning = scenario.reasoning
    if scenario.inline_think:
        reasoning, text = "", f"<think>\n{reasoning}\n</think>\n\n{text}"
    said = [("reasoning", piece) for piece in pieces(reasoning)] + [("text", piece) for piece in pieces(text)]
    finish = scenario.finish_reason
    if scenario.honours_limit and asked.limit is not None and len(said) > asked.limit:
        said, finish = said[: asked.limit], "length"
    sent = sum(len(pieces(message["content"])) for message in asked.messages)
    return Answer(said, finish, sent, sum(kind == "reasoning" for kind, _ in said))
