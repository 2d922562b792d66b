"""HTTP of what is for the voter: their own board, what happened since they left, guesses."""

from uuid import UUID

from evenhand.accounts.dependencies import Account, PresentOf
from evenhand.accounts.idempotency import OnceOf
from evenhand.battles import votes
from evenhand.battles.dependencies import TellOf, VoteHook
from evenhand.core.errors import NotFound
from evenhand.core.routers import api_router
from evenhand.mine import board, guesses, since
from evenhand.mine.dependencies import ArenaIds, KeeperOf, OwnRankingsOf
from evenhand.mine.schemas import Guess, GuessAnswer, GuessRequest, MyBoard, PutOff, SinceYouLeft
from evenhand.storage.dependencies import Now, Work

router = api_router("mine")


@router.get("/boards/{slug}/mine")
async def get_my_board(
    slug: str,
    work: Work,
    account: Account,
    keeper: KeeperOf,
    own: OwnRankingsOf,
    arena_ids: ArenaIds,
    now: Now,
) -> MyBoard:
    """An arena's board by one's own votes alone, and where it disagrees with the arena's."""
    if slug not in arena_ids:
        raise NotFound("not_found", "There is no such arena.")
    return await board.my_board(work.session, account, arena_ids[slug], slug, keeper, own, now)


@router.get("/since-you-left")
async def get_since_you_left(
    work: Work, present: PresentOf, keeper: KeeperOf, own: OwnRankingsOf, arena_ids: ArenaIds, now: Now
) -> SinceYouLeft:
    """What happened since one was last here, before this visit."""
    return await since.since_left(work.session, present, arena_ids, keeper, own, now)


@router.post("/battles/{battle_id}/guess/time")
async def put_off(battle_id: UUID, work: Work, account: Account, now: Now) -> PutOff:
    """Take time to guess who answered: a held vote reveals later, and is not taken back any more."""
    return PutOff(final_at=await votes.put_off(work.session, account, battle_id, now))


@router.post("/battles/{battle_id}/guess")
async def guess(
    battle_id: UUID,
    request: GuessRequest,
    work: Work,
    account: Account,
    once: OnceOf,
    tell: TellOf,
    voted: VoteHook,
    now: Now,
) -> GuessAnswer:
    """Guess who answered, while one's vote is held; it is final then, and the names appear."""

    async def act() -> GuessAnswer:
        answer, events = await guesses.guess(work.session, account, battle_id, request, now)
        tell(events)
        work.after_commit(voted)
        return answer

    return await once(GuessAnswer, act)


@router.get("/battles/{battle_id}/guess")
async def get_guess(battle_id: UUID, work: Work, account: Account) -> Guess | None:
    """What one guessed on a battle of one's own, and whether it was right; null where one did not."""
    return await guesses.guess_on(work.session, account, battle_id)
