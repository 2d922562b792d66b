"""HTTP of passkeys: signing in with one, making one, listing and removing them."""

import secrets
from base64 import urlsafe_b64encode
from uuid import UUID

from fastapi import Request, status

from evenhand.accounts import links, sessions
from evenhand.accounts.dependencies import DoorOf, Voter
from evenhand.accounts.entrance import Entrance, EntranceOf
from evenhand.accounts.identities import remove, ways_into
from evenhand.accounts.passkeys import ceremonies, challenges, keys
from evenhand.accounts.passkeys.authenticators import authenticator_of
from evenhand.accounts.passkeys.ceremonies import Holder, NotProven
from evenhand.accounts.passkeys.challenges import Asked
from evenhand.accounts.passkeys.party import known_party
from evenhand.accounts.passkeys.schemas import (
    Passkey,
    PasskeyList,
    PasskeyMade,
    PasskeyOptions,
    PasskeyShown,
)
from evenhand.accounts.passkeys.tables import PasskeyRow
from evenhand.accounts.passkeys.tries import trying
from evenhand.accounts.schemas import SignedIn
from evenhand.accounts.voters import add_identity, person
from evenhand.core.routers import api_router
from evenhand.storage.dependencies import DatabaseOf, Work

router = api_router("passkeys")

_HANDLE_BYTES = 32
_VALID_SECONDS = int(challenges.VALID.total_seconds())


@router.post("/sign-in/passkey/options")
async def begin_sign_in(request: Request, entrance: EntranceOf) -> PasskeyOptions:
    """What the browser asks its passkeys, whichever they are. Nobody says first who they are."""
    party = known_party(entrance.door.settings, request.scope)
    asked = Asked("sign_in", _browser_of(entrance), entrance.requester)
    challenge = await challenges.create(entrance.work.session, asked, entrance.now)
    await ceremonies.load()
    entrance.cookies.give_passkey(entrance.response, asked.browser)
    return PasskeyOptions(
        public_key=ceremonies.request_options(party, challenge), valid_seconds=_VALID_SECONDS
    )


@router.post("/sign-in/passkey")
async def sign_in_with_passkey(
    given: PasskeyShown, request: Request, entrance: EntranceOf, database: DatabaseOf
) -> SignedIn:
    """Sign in with a passkey, by a new session in place of the one that the browser had.

    What this browser's guest has comes along: whoever shows the passkey sits in front of it.
    """
    party = known_party(entrance.door.settings, request.scope)
    path = links.own_page(given.next)
    await ceremonies.load()
    session, now = entrance.work.session, entrance.now
    async with trying(entrance, database, given.credential) as challenge:
        await challenges.take(session, challenge, entrance.cookies.passkey, "sign_in", now)
        shown = ceremonies.shown_in(given.credential)
        passkey = await keys.find(session, shown.credential_id)
        if shown.user_handle != passkey.user_handle:
            raise NotProven("AnotherAccount")
        sign_count = ceremonies.check_shown(party, given.credential, challenge, passkey.public_key)
        keys.note_use(passkey, sign_count, now)
        await entrance.let_in(keys.known_by(passkey.credential_id), bring=True)
    return SignedIn(next=path)


@router.post("/passkeys/options")
async def begin_passkey(request: Request, entrance: EntranceOf) -> PasskeyOptions:
    """How the browser makes a passkey: for the account that one is signed in to, else for a new one."""
    settings = entrance.door.settings
    party = known_party(settings, request.scope)
    session, now = entrance.work.session, entrance.now
    account_id, email = await _signed_in(entrance)
    own = [] if account_id is None else await keys.all_of(session, account_id)
    keys.check_room(own)
    # One handle for all of an account's: an authenticator keeps one passkey for each.
    handle = own[0].user_handle if own else secrets.token_bytes(_HANDLE_BYTES)
    asked = Asked("make", _browser_of(entrance), entrance.requester, account_id, handle)
    challenge = await challenges.create(session, asked, now)
    await ceremonies.load()
    holder = Holder(handle, email or f"{settings.name} · {now:%Y-%m-%d}", [one.credential_id for one in own])
    entrance.cookies.give_passkey(entrance.response, asked.browser)
    return PasskeyOptions(
        public_key=ceremonies.creation_options(party, settings.name, holder, challenge),
        valid_seconds=_VALID_SECONDS,
    )


@router.post("/passkeys", status_code=status.HTTP_201_CREATED)
async def make_passkey(
    given: PasskeyMade, request: Request, entrance: EntranceOf, database: DatabaseOf
) -> Passkey:
    """Keep a passkey that the browser made. Who is signed in adds it to their account.

    For anybody else it opens a new account, which their guest's becomes, and they are signed in to it.
    """
    party = known_party(entrance.door.settings, request.scope)
    await ceremonies.load()
    session, now = entrance.work.session, entrance.now
    async with trying(entrance, database, given.credential) as challenge:
        asked = await challenges.take(session, challenge, entrance.cookies.passkey, "make", now)
        account_id, _ = await _signed_in(entrance)
        if asked.account_id != account_id:
            raise challenges.too_late()
        assert asked.user_handle is not None, "who asks for a passkey has a handle"
        made = ceremonies.check_made(party, given.credential, challenge)
        await keys.check_new(session, made.credential_id)
        known = keys.known_by(made.credential_id)
        if account_id is None:
            await entrance.let_in(known, bring=True)
        else:
            keys.check_room(await keys.all_of(session, account_id))
            await add_identity(session, account_id, known, now)
        row = await keys.keep(session, made, asked.user_handle, entrance.browser, now)
    return _shown(row)


@router.get("/passkeys")
async def list_passkeys(work: Work, voter: Voter, door: DoorOf) -> PasskeyList:
    """One's passkeys, and whether nothing else opens the account."""
    own = await keys.all_of(work.session, voter.account_id)
    ways = await ways_into(work.session, door, voter.account_id)
    others = any(one.works for one in ways if one.identity.kind != "passkey")
    return PasskeyList(passkeys=[_shown(one) for one in own], only_way=not others)


@router.delete("/passkeys/{passkey_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_passkey(passkey_id: UUID, work: Work, voter: Voter, door: DoorOf) -> None:
    """Let a passkey open the account no more. Where one is signed in, one stays so."""
    await remove(work.session, door, voter.account_id, passkey_id, {"passkey"})


def _browser_of(entrance: Entrance) -> str:
    """The secret that this browser is known by while a passkey is asked for."""
    return entrance.cookies.passkey or sessions.new_token()


async def _signed_in(entrance: Entrance) -> tuple[UUID | None, str | None]:
    """The account that one is signed in to, and its address; guests have none yet."""
    if entrance.present is None:
        return None, None
    who = await person(entrance.work.session, entrance.present.account_id)
    return (entrance.present.account_id, who.email) if who.kind == "voter" else (None, None)


def _shown(row: PasskeyRow) -> Passkey:
    return Passkey(
        id=row.id,
        credential_id=urlsafe_b64encode(row.credential_id).rstrip(b"=").decode(),
        authenticator=authenticator_of(row.aaguid),
        browser=row.browser,
        system=row.system,
        created_at=row.created_at,
        used_at=row.used_at,
        works=row.refused_at is None,
    )
