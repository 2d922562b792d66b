"""No link tells who answered before the vote, nor after it where the names are not shared."""

import json
from collections.abc import Callable

import pytest

from evenhand.app import shared_page
from evenhand.sharing import cards, routes, shown
from evenhand.sharing.cards import Card
from evenhand.sharing.schemas import SharedConversation, SharedName, SharedNames
from tests.contract.walk import MARKS, Leaving, enter_marked, secrets_of
from tests.contract.walk import routes as documented
from tests.sharing.acts import Sharer, fetch
from tests.support.arena import Arena, running_arena

Plant = Callable[[pytest.MonkeyPatch], None]

SHARED = {"GET /api/v1/shares/{token}", "GET /api/v1/shares/{token}/picture.png"}
"""What others get by a link, beside its page."""
OWN = {
    "POST /api/v1/shares",
    "GET /api/v1/shares",
    "DELETE /api/v1/shares/{token}",
    "GET /api/v1/battles/{battle_id}/card.png",
}
"""What the owner alone gets."""


async def leaving(arena: Arena, token: str, pictures: list[Card]) -> Leaving:
    """Everything that leaves by a link: texts, headers, pictures and what is drawn on them."""
    found = Leaving()
    for path in (
        f"/api/v1/shares/{token}",
        f"/s/{token}",
        *(f"/api/v1/shares/{token}/picture.png?shape={shape}" for shape in ("wide", "square")),
    ):
        got = await fetch(arena, path)
        assert got.status == 200, path
        content = got.body.decode("latin-1") if got.kind == "image/png" else got.text
        found.add(path.replace(token, "…"), content, got.headers)
    found.add("pictures", *(json.loads(card.as_bytes()) for card in pictures))
    return found


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Card]:
    """What was drawn on pictures."""
    found: list[Card] = []
    honest = cards.card_of

    def noted(shared: SharedConversation, arena: str) -> Card:
        found.append(honest(shared, arena))
        return found[-1]

    monkeypatch.setattr(routes, "card_of", noted)
    return found


async def nameless(arena: Arena, drawn: list[Card]) -> tuple[Leaving, set[str]]:
    """What leaves by a link without names to a chat whose second battle has no vote, and what must not."""
    await enter_marked(arena)
    sharer = Sharer(arena, arena.voter())
    conversation, _ = await sharer.voted("Say something.")
    await sharer.ask_on(conversation, "And the secret of the second battle?")
    token = await sharer.share(conversation_id=conversation, names=False)
    found = await leaving(arena, token, drawn)
    return found, await secrets_of(arena) | {"second battle"} | await ids_of(sharer, conversation)


async def ids_of(sharer: Sharer, conversation: str) -> set[str]:
    """The ids that others could look up elsewhere."""
    whole = await sharer.voter.read(conversation)
    return {battle["id"] for battle in whole["battles"]} | {turn["id"] for turn in whole["turns"]}


async def test_a_link_without_names_tells_who_answered_nowhere(arena: Arena, drawn: list[Card]) -> None:
    found, secrets = await nameless(arena, drawn)
    assert found.leaks(secrets) == set()
    assert len(drawn) == 2
    assert "A plain answer" in found.pieces["pictures"]


async def test_a_link_with_names_tells_them_and_the_same_look_finds_them(
    arena: Arena, drawn: list[Card]
) -> None:
    await enter_marked(arena)
    sharer = Sharer(arena, arena.voter())
    _, battle = await sharer.voted()
    found = await leaving(arena, await sharer.share(battle_id=battle), drawn)
    assert found.leaks(set(MARKS)) == {"/api/v1/shares/…", "/s/…", "pictures"}
    # No price, no licence, nothing that proves or measures.
    assert found.leaks({"licence", "salt", "commitment", "tokens", "price"}) == set()


async def test_every_route_of_sharing_is_looked_at(arena: Arena) -> None:
    document = (await arena.voter().call("GET", "/openapi.json")).body
    found = {f"{method} {path}" for path, method in documented(document)}
    assert {one for one in found if "/shares" in one or "card.png" in one} == SHARED | OWN


def _names_in_the_view(patch: pytest.MonkeyPatch) -> None:
    honest = shown._battle
    patch.setattr(shown, "_battle", lambda battle, *, names: honest(battle, names=True))


def _every_turn_in_the_view(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(shown, "may_be_shown", lambda turn, battle: True)


def _name_on_the_picture(patch: pytest.MonkeyPatch) -> None:
    noted = routes.card_of

    def telling(shared: SharedConversation, arena: str) -> Card:
        name = SharedName(name="Quetzal 7", organization=None)
        battles = [
            battle.model_copy(update={"names": SharedNames(a=name, b=name)}) for battle in shared.battles
        ]
        return noted(shared.model_copy(update={"battles": battles}), arena)

    patch.setattr(routes, "card_of", telling)


def _name_in_the_head(patch: pytest.MonkeyPatch) -> None:
    honest = shared_page.head_of
    patch.setattr(shared_page, "head_of", lambda *given: f"{honest(*given)}<!-- Zanzibar Labs -->")


def _name_in_a_header(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(routes.UNLISTED, "x-served-by", "quetzal-cluster")


@pytest.mark.parametrize(
    "plant",
    [
        _names_in_the_view,
        _every_turn_in_the_view,
        _name_on_the_picture,
        _name_in_the_head,
        _name_in_a_header,
    ],
)
async def test_a_leak_planted_in_what_is_shared_is_found(
    database_url: str, monkeypatch: pytest.MonkeyPatch, drawn: list[Card], plant: Plant
) -> None:
    plant(monkeypatch)
    async with running_arena(database_url) as arena:
        found, secrets = await nameless(arena, drawn)
        assert found.leaks(secrets) != set()
