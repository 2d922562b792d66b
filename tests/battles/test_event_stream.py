"""How a stream of events leaves the process, and what its pieces say."""

import asyncio
import json
from collections.abc import AsyncGenerator

from starlette.types import Message

from evenhand.battles.event_stream import STRAIGHT, EventStream
from evenhand.battles.events import DeltaEvent, Part
from evenhand.core.ids import new_id


async def _pieces() -> AsyncGenerator[bytes]:
    yield b"second"


async def _sent(scope: dict[str, object], wrapped: list[Message]) -> None:
    async def send(message: Message) -> None:
        wrapped.append(message)

    async def receive() -> Message:
        await asyncio.Event().wait()  # the reader stays
        raise AssertionError

    await EventStream(b"first", _pieces())(scope, receive, send)


def _bodies(messages: list[Message]) -> list[bytes]:
    return [message["body"] for message in messages if message["type"] == "http.response.body"]


async def test_the_beginning_passes_all_that_look_at_it_and_the_pieces_go_straight_to_the_server() -> None:
    straight: list[Message] = []
    wrapped: list[Message] = []

    async def send_straight(message: Message) -> None:
        straight.append(message)

    await _sent({STRAIGHT: send_straight}, wrapped)
    assert [message["type"] for message in wrapped] == ["http.response.start"]
    assert _bodies(straight) == [b"first", b"second", b""]


async def test_a_server_that_offers_no_straight_way_gets_all_of_it_as_ever() -> None:
    wrapped: list[Message] = []
    await _sent({}, wrapped)
    assert _bodies(wrapped) == [b"first", b"second", b""]


def test_a_piece_says_where_it_belongs_and_what_it_is() -> None:
    conversation, turn, battle = new_id(), new_id(), new_id()
    part = Part(conversation, turn, battle, "b", 2, 1, "reasoning")
    assert json.loads(DeltaEvent(part, 7, 'so "\n第一').data()) == {
        "battle_id": str(battle),
        "turn_id": str(turn),
        "side": "b",
        "attempt": 2,
        "part": 1,
        "kind": "reasoning",
        "offset": 7,
        "text": 'so "\n第一',
    }


def test_pieces_of_a_part_are_one_run_in_whichever_battle_and_those_of_others_are_not() -> None:
    conversation, turn = new_id(), new_id()

    def run(side: str = "a", attempt: int = 1, number: int = 0) -> object:
        part = Part(conversation, turn, new_id(), side, attempt, number, "text")  # type: ignore[arg-type]
        return DeltaEvent(part, 0, "x").run

    assert run() == run()
    assert len({run(), run(side="b"), run(attempt=2), run(number=1)}) == 4
