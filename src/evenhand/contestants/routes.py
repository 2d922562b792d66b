"""HTTP of contestants."""

from evenhand.contestants.schemas import Contestant, ContestantList
from evenhand.contestants.service import everyone
from evenhand.core.routers import api_router
from evenhand.storage.dependencies import Work

router = api_router("contestants")


@router.get("/contestants")
async def list_contestants(work: Work) -> ContestantList:
    """Everyone who competes now."""
    found = await everyone(work.session)
    return ContestantList(
        contestants=[
            Contestant(
                slug=one.contestant.slug,
                name=one.contestant.name,
                organization=one.contestant.organization,
                license=one.contestant.license,
                arenas=arenas,
                price=one.configuration.price,
                context=one.configuration.context,
                demo=one.contestant.demo,
            )
            for one, arenas in found
        ]
    )
