"""What stands on a picture: a question, how its answers begin, and how it ended."""

import re
from dataclasses import dataclass

import msgspec

from evenhand.battles.states import Side
from evenhand.sharing.schemas import (
    Language,
    SharedBattle,
    SharedConversation,
    SharedName,
    SharedNames,
    SharedTurn,
)

LONGEST = 1_500
"""Characters of a text that can stand on a picture at most."""

_CHOICES: dict[Language, dict[str, str]] = {
    "en": {"better": "{} is better", "tie": "Tie", "both_bad": "Both are bad"},
    "zh": {"better": "{} 更好", "tie": "不相上下", "both_bad": "都不好"},
}
_MODES: dict[Language, dict[str, str]] = {
    "en": {"battle": "Blind battle", "side_by_side": "Side by side", "direct": "One model"},
    "zh": {"battle": "盲评对决", "side_by_side": "并排对比", "direct": "单聊"},
}
# How Markdown marks what it marks; on a picture the words alone stand.
_MARKS = re.compile(
    r"^\s{0,3}(?:#{1,6}\s+|>\s?|```.*$|~~~.*$|\|?(?:\s*:?-{3,}:?\s*\|?)+$)|\*\*|`", re.MULTILINE
)
_LINKS = re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*\)")


@dataclass(frozen=True)
class CardSide:
    """One answer: its letter, who gave it if that is told, how it begins."""

    side: Side
    name: str | None
    text: str
    chosen: bool


@dataclass(frozen=True)
class Card:
    """What a picture shows; `outcome` is empty where nobody voted."""

    arena: str
    mode: str
    question: str
    sides: tuple[CardSide, ...]
    outcome: str

    def as_bytes(self) -> bytes:
        """All that it shows, to tell it from another."""
        return msgspec.json.encode(self)


_OWN_NAME: dict[Language, str] = {"en": "Evenhand", "zh": "举手"}


def called(arena: str, language: Language) -> str:
    """An installation's name; ours is translated."""
    return _OWN_NAME[language] if arena == _OWN_NAME["en"] else arena


def card_of(shared: SharedConversation, arena: str) -> Card:
    """The card of what is shared first, in an arena of this name."""
    turn = shared.turns[0]
    battle = shared.battles[turn.battle]
    return Card(
        arena=called(arena, shared.language),
        mode=_MODES[shared.language][battle.mode],
        question=_beginning(" ".join(part.text for part in turn.parts)),
        sides=_sides(turn, battle),
        outcome=outcome(battle, shared.language),
    )


def _sides(turn: SharedTurn, battle: SharedBattle) -> tuple[CardSide, ...]:
    found = []
    for answer in turn.answers:
        name = _name_of(battle.names, answer.side)
        found.append(
            CardSide(
                side=answer.side,
                name=name.name if name else None,
                text=_beginning(answer.text),
                chosen=battle.choice == answer.side,
            )
        )
    return tuple(found)


def outcome(battle: SharedBattle, language: Language) -> str:
    """How a battle ended, in a few words; nothing where nobody voted."""
    words = _CHOICES[language]
    match battle.choice:
        case "a":
            return words["better"].format(_called(battle, "a"))
        case "b":
            return words["better"].format(_called(battle, "b"))
        case "tie" | "both_bad" as choice:
            return words[choice]
        case None:
            return ""


def _called(battle: SharedBattle, side: Side) -> str:
    name = _name_of(battle.names, side)
    return name.name if name else side.upper()


def _name_of(names: SharedNames | None, side: Side) -> SharedName | None:
    if names is None:
        return None
    return names.a if side == "a" else names.b


def _beginning(text: str) -> str:
    """How a text begins, without marks, and without what cannot be seen but moves what can."""
    plain = _MARKS.sub("", _LINKS.sub(r"\1", text[: 2 * LONGEST]))
    return "".join(one for one in plain if one == "\n" or one.isprintable())[:LONGEST].strip()
