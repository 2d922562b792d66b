"""HTTP of boards."""

from typing import Annotated

from fastapi import Depends, Request

from evenhand.boards.keeper import BoardKeeper
from evenhand.boards.schemas import Board, BoardList, BoardSummary
from evenhand.core.routers import api_router

router = api_router("boards")


async def _keeper(request: Request) -> BoardKeeper:
    keeper: BoardKeeper = request.app.state.boards
    return keeper


Keeper = Annotated[BoardKeeper, Depends(_keeper)]


@router.get("/boards")
async def list_boards(keeper: Keeper) -> BoardList:
    """Every board there is."""
    return BoardList(
        boards=[BoardSummary.model_validate(board, from_attributes=True) for board in await keeper.all()]
    )


@router.get("/boards/{slug}")
async def get_board(slug: str, keeper: Keeper) -> Board:
    """A board: an arena's by the arena's slug, an imported one by its own."""
    return await keeper.get(slug)
