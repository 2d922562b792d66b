"""A conversation as Markdown: what was written stands there sign for sign, formulas and code with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from evenhand.accounts.letters import Language
from evenhand.battles.schemas import AnswerPart, Battle, Conversation, Response, Turn
from evenhand.battles.states import Choice, ResponseStatus


class _Words(NamedTuple):
    question: str
    follows: str
    begins: str
    answer: str
    reasoning: str
    nothing: str
    states: Mapping[ResponseStatus, str]
    vote: str
    votes: Mapping[Choice, str]
    uncounted: str


_IN: Mapping[Language, _Words] = {
    "en": _Words(
        question="Question {number}",
        follows="follows question {number}",
        begins="a new beginning",
        answer="Answer {side}",
        reasoning="Reasoning",
        nothing="No answer.",
        states={
            "queued": "not answered yet",
            "streaming": "being written",
            "failed": "failed",
            "stopped": "stopped",
        },
        vote="Vote: {choice}",
        votes={"a": "A is better", "b": "B is better", "tie": "Tie", "both_bad": "Both are bad"},
        uncounted="does not count",
    ),
    "zh": _Words(
        question="问题 {number}",
        follows="接在问题 {number} 之后",
        begins="另起一段",
        answer="回答 {side}",
        reasoning="思考过程",
        nothing="没有回答。",
        states={"queued": "尚未回答", "streaming": "正在生成", "failed": "失败", "stopped": "已停止"},
        vote="投票：{choice}",
        votes={"a": "A 更好", "b": "B 更好", "tie": "平手", "both_bad": "都不好"},
        uncounted="不计入统计",
    ),
}


def as_markdown(conversation: Conversation, language: Language) -> str:
    """The conversation in the order in which it was asked; who answered only where its author may know."""
    words = _IN[language]
    numbers = {turn.id: number for number, turn in enumerate(conversation.turns, start=1)}
    battles = {battle.id: battle for battle in conversation.battles}
    last = {turn.battle_id: turn.id for turn in conversation.turns}
    pieces = [f"# {conversation.title}", _time(conversation.created_at)]
    for turn in conversation.turns:
        battle = battles[turn.battle_id]
        pieces += _asked(turn, numbers, words)
        for response in turn.responses:
            pieces += _answered(response, _name(battle, response), words)
        if battle.vote is not None and last[battle.id] == turn.id:
            pieces.append(_voted(battle, words))
    return "\n\n".join(pieces) + "\n"


def _asked(turn: Turn, numbers: Mapping[UUID, int], words: _Words) -> Sequence[str]:
    number = numbers[turn.id]
    before = None if turn.parent_id is None else numbers.get(turn.parent_id)
    said = [_time(turn.created_at)]
    # Only where it is another branch than one would take it for.
    if before is None and number > 1:
        said.append(words.begins)
    elif before is not None and before != number - 1:
        said.append(words.follows.format(number=before))
    heading = f"## {words.question.format(number=number)}"
    return [heading, " · ".join(said), *(part.text for part in turn.parts)]


def _answered(response: Response, name: str | None, words: _Words) -> Sequence[str]:
    heading = words.answer.format(side=response.side.upper())
    state = words.states.get(response.status)
    said = " · ".join([heading, *([name] if name else []), *([f"*{state}*"] if state else [])])
    texts = [text for part in response.parts for text in _part(part, words)]
    return [f"### {said}", *(texts or [f"*{words.nothing}*"])]


def _part(part: AnswerPart, words: _Words) -> Sequence[str]:
    if part.kind == "reasoning":
        return [f"<details><summary>{words.reasoning}</summary>", part.text, "</details>"]
    return [part.text]


def _name(battle: Battle, response: Response) -> str | None:
    if battle.reveal is None:
        return None
    side = battle.reveal.a if response.side == "a" else battle.reveal.b
    return None if side is None else side.name


def _voted(battle: Battle, words: _Words) -> str:
    assert battle.vote is not None
    said = words.vote.format(choice=words.votes[battle.vote.choice])
    return f"**{said}**" + ("" if battle.vote.counted else f" · {words.uncounted}")


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
