"""The states of a response and of a battle, and which may follow which.

The database refuses every other transition by triggers; a test holds the two against each other.
"""

from typing import Literal

Side = Literal["a", "b"]
Choice = Literal["a", "b", "tie", "both_bad"]
ResponseStatus = Literal["queued", "streaming", "done", "failed", "stopped"]
BattleStatus = Literal[
    "drawn", "running", "ready", "voted", "revealed", "failed", "redrawn", "skipped", "abandoned"
]
InsteadBecause = Literal["retired", "abandoned"]
"""Why a pair takes another's place without being asked for: that has left, or was left for too long."""

SIDES: tuple[Side, Side] = ("a", "b")

RESPONSE_TRANSITIONS: dict[ResponseStatus, frozenset[ResponseStatus]] = {
    "queued": frozenset({"streaming", "failed", "stopped"}),
    "streaming": frozenset({"done", "failed", "stopped"}),
    "done": frozenset(),
    "failed": frozenset({"queued"}),
    "stopped": frozenset({"queued"}),
}

BATTLE_TRANSITIONS: dict[BattleStatus, frozenset[BattleStatus]] = {
    "drawn": frozenset({"running", "failed", "redrawn"}),
    "running": frozenset({"ready", "failed", "redrawn"}),
    "ready": frozenset({"running", "voted", "skipped", "abandoned"}),
    "voted": frozenset({"revealed"}),
    "revealed": frozenset(),
    "failed": frozenset({"running"}),
    "redrawn": frozenset(),
    "skipped": frozenset(),
    "abandoned": frozenset(),
}

IN_FLIGHT: frozenset[ResponseStatus] = frozenset({"queued", "streaming"})


def battle_after(statuses: list[ResponseStatus]) -> BattleStatus:
    """What a battle is, once its newest turn's responses are these.

    A stopped side leaves it ready: it may be voted on, and the vote does not count.
    """
    if any(status in IN_FLIGHT for status in statuses):
        return "running"
    return "failed" if "failed" in statuses else "ready"
