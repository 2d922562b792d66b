"""HTTP of links: one's own, what they show to whoever has them, and pictures."""

from uuid import UUID

from fastapi import status
from starlette.responses import Response

from evenhand.accounts.dependencies import Account, FindAccount
from evenhand.accounts.idempotency import OnceOf
from evenhand.accounts.limits import note_wrong_try
from evenhand.core.errors import NotFound
from evenhand.core.routers import api_router
from evenhand.sharing import pictures, shares
from evenhand.sharing.cards import card_of
from evenhand.sharing.dependencies import AddressOf, ArenaNameOf, PainterOf, RequesterOf
from evenhand.sharing.schemas import Language, Shape, Share, SharedConversation, ShareList, ShareRequest
from evenhand.sharing.tables import ShareRow
from evenhand.storage.dependencies import DatabaseOf, Now, Work
from evenhand.storage.engine import Database

router = api_router("sharing")

UNLISTED = {"x-robots-tag": "noindex, nofollow, noarchive"}
"""Headers of what whoever has the link may read, and nobody should find."""
_PNG: dict[int | str, dict[str, object]] = {200: {"content": {"image/png": {}}, "description": "A PNG"}}


@router.post("/shares", status_code=status.HTTP_201_CREATED)
async def make_share(
    request: ShareRequest, work: Work, account: Account, once: OnceOf, address: AddressOf, now: Now
) -> Share:
    """Make a link to one of one's own conversations or battles, as far as others may be shown it now."""
    return await once(Share, lambda: shares.make(work.session, account, request, address, now))


@router.get("/shares")
async def list_shares(
    work: Work,
    account: Account,
    address: AddressOf,
    conversation: UUID | None = None,
    battle: UUID | None = None,
) -> ShareList:
    """One's own links, newest first; to one conversation or one battle alone, where that is named."""
    return await shares.own_shares(work.session, account, address, conversation, battle)


@router.delete("/shares/{token}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_share(token: str, work: Work, account: Account) -> None:
    """Take back one of one's own links: nobody reads by it from now on."""
    await shares.revoke(work.session, account, token)


@router.get("/shares/{token}")
async def read_share(
    token: str, response: Response, database: DatabaseOf, requester: RequesterOf, now: Now
) -> SharedConversation:
    """What a link shows, to whoever has it."""
    response.headers.update(UNLISTED)
    return (await _open(database, token, requester, now))[1]


@router.get("/shares/{token}/picture.png", response_class=Response, responses=_PNG)
async def share_picture(
    token: str,
    database: DatabaseOf,
    requester: RequesterOf,
    painter: PainterOf,
    arena: ArenaNameOf,
    now: Now,
    shape: Shape = "wide",
) -> Response:
    """A picture of what a link shows first. Drawn when it is first asked for, gone when the link is."""
    row, shared = await _open(database, token, requester, now)
    card = card_of(shared, arena)
    drawn_from = pictures.digest_of(card, shape)
    async with database.unit_of_work() as work:
        png = await pictures.kept(work.session, row.id, shape, drawn_from)
    if png is None:
        png = await painter.draw(card, shape)
        async with database.unit_of_work() as work:
            if not await pictures.keep(work.session, row.id, shape, drawn_from, png):
                raise _nothing()
    # Other sites show it beside the link.
    return Response(png, 200, {**UNLISTED, "cross-origin-resource-policy": "cross-origin"}, "image/png")


@router.get("/battles/{battle_id}/card.png", response_class=Response, responses=_PNG)
async def result_card(
    battle_id: UUID,
    find_account: FindAccount,
    database: DatabaseOf,
    painter: PainterOf,
    arena: ArenaNameOf,
    now: Now,
    names: bool = False,
    shape: Shape = "wide",
    language: Language = "en",
) -> Response:
    """A picture of one's own battle, to show around without a link; refused before the vote is final."""
    request = ShareRequest(battle_id=battle_id, names=names, language=language)
    # No connection waits while others' pictures are drawn.
    async with database.unit_of_work() as work:
        account = await find_account(work.session)
        shared = await shares.own_result(work.session, account, request, now)
    return Response(await painter.draw(card_of(shared, arena), shape), 200, None, "image/png")


async def _open(
    database: Database, token: str, requester: bytes, now: Now
) -> tuple[ShareRow, SharedConversation]:
    """A link and what it shows. Raises `NotFound` for a token that is none, or none any more.

    A wrong try is counted: too many of one requester are told to wait.
    """
    async with database.unit_of_work() as work:
        found = await shares.open_share(work.session, token)
    if found is None:
        await note_wrong_try(database, requester, now)
        raise _nothing()
    return found


def _nothing() -> NotFound:
    return NotFound("unknown_share", "There is nothing at this link; whoever shared it may have revoked it.")
