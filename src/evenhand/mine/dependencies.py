"""What the routes of one's own are handed by the application."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from evenhand.boards.keeper import BoardKeeper
from evenhand.mine.board import OwnRankings


async def _keeper(request: Request) -> BoardKeeper:
    keeper: BoardKeeper = request.app.state.boards
    return keeper


async def _arena_ids(request: Request) -> Mapping[str, UUID]:
    arena_ids: Mapping[str, UUID] = request.app.state.arena_ids
    return arena_ids


async def _own_rankings(request: Request) -> OwnRankings:
    own: OwnRankings = request.app.state.own_rankings
    return own


KeeperOf = Annotated[BoardKeeper, Depends(_keeper)]
ArenaIds = Annotated[Mapping[str, UUID], Depends(_arena_ids)]
OwnRankingsOf = Annotated[OwnRankings, Depends(_own_rankings)]
