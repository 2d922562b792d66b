"""Contestants and configurations in the database, kept in step with what was found at the start."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.arenas import Arena
from evenhand.arenas.tables import ArenaRow
from evenhand.contestants.call_limits import CallLimits
from evenhand.contestants.catalogue import CatalogueEntry, shared_call_limits
from evenhand.contestants.configurations import Configuration
from evenhand.contestants.tables import ConfigurationRow, ContestantRow, LineupRow, OutageRow
from evenhand.core.ids import new_id
from evenhand.storage.together import Prepared, together

identified = select(ContestantRow, ConfigurationRow.id, ConfigurationRow.digest).join(
    ConfigurationRow, ConfigurationRow.contestant_id == ContestantRow.id
)
"""Who configurations are; for `as_identities`."""
_identities = Prepared(
    identified.where(ConfigurationRow.id == any_(bindparam("configurations", type_=ARRAY(Uuid))))
)
listed = (
    select(ContestantRow, ConfigurationRow.id, ConfigurationRow.digest, LineupRow.weight)
    .join(LineupRow, LineupRow.contestant_id == ContestantRow.id)
    .join(ConfigurationRow, ConfigurationRow.id == LineupRow.configuration_id)
    .order_by(ContestantRow.slug)
)
"""Who is in lineups, in the order of their slugs; for `as_competitors`."""
_out = select(OutageRow.id).where(
    OutageRow.configuration_id == LineupRow.configuration_id, OutageRow.ended_at.is_(None)
)
drawable_now = listed.where(~_out.exists())
"""Who of these has no outage."""
_arena = LineupRow.arena_id == bindparam("arena")
_everybody, _drawable = Prepared(listed.where(_arena)), Prepared(drawable_now.where(_arena))


@dataclass(frozen=True)
class Identity:
    """Who a configuration is: what a commitment binds and a reveal shows."""

    contestant: ContestantRow
    configuration_id: UUID
    digest: str
    configuration: Configuration

    @property
    def limits(self) -> CallLimits:
        """How many calls its endpoint takes, as the newest lineup says."""
        return CallLimits(at_once=self.contestant.at_once, per_minute=self.contestant.per_minute)


@dataclass(frozen=True)
class Competitor(Identity):
    """Someone in an arena's lineup, with the weight in the draw."""

    weight: int


_known: dict[str, Configuration] = {}


async def _configurations(session: AsyncSession, digests: Iterable[str]) -> Mapping[str, Configuration]:
    """Configurations by digest. That says what one is, so each is read once a process."""
    unknown = {digest for digest in digests if digest not in _known}
    if unknown:
        rows = await session.execute(
            select(ConfigurationRow.digest, ConfigurationRow.document).where(
                ConfigurationRow.digest.in_(unknown)
            )
        )
        for digest, document in rows:
            _known[digest] = Configuration.model_validate(document)
    return _known


def configure(entry: CatalogueEntry, arena: Arena) -> Configuration:
    """The configuration of an entry in an arena: the arena's prompt, sampling and limits for everyone."""
    return Configuration(
        endpoint=entry.endpoint.while_thinking() if entry.reasoning_effort else entry.endpoint,
        system_prompt=arena.system_prompt,
        sampling=arena.sampling,
        reasoning_effort=entry.reasoning_effort,
        price=entry.price,
        context=entry.context,
        max_output=entry.max_output,
    )


async def set_lineup(
    session: AsyncSession,
    entries: Iterable[CatalogueEntry],
    arenas: Mapping[str, Arena],
    arena_ids: Mapping[str, UUID],
    now: datetime,
) -> None:
    """Make the lineup of every arena exactly what `entries` says.

    Contestants and configurations that are no longer in it stay in the database: battles point to them.
    """
    lineup = list(entries)
    limits = shared_call_limits(lineup)
    await session.execute(delete(LineupRow))
    for entry in lineup:
        contestant_id = await _contestant(session, entry, limits[entry.endpoint.counted_as], now)
        for slug in entry.arenas:
            configuration = configure(entry, arenas[slug])
            await session.execute(
                insert(ConfigurationRow)
                .values(
                    id=new_id(),
                    contestant_id=contestant_id,
                    digest=configuration.digest(),
                    document=configuration.model_dump(mode="json"),
                    created_at=now,
                )
                .on_conflict_do_nothing()
            )
            configuration_id = await session.scalar(
                select(ConfigurationRow.id).where(
                    ConfigurationRow.contestant_id == contestant_id,
                    ConfigurationRow.digest == configuration.digest(),
                )
            )
            await session.execute(
                insert(LineupRow).values(
                    arena_id=arena_ids[slug],
                    contestant_id=contestant_id,
                    configuration_id=configuration_id,
                    weight=1,
                )
            )


async def _contestant(
    session: AsyncSession, entry: CatalogueEntry, limits: CallLimits, now: datetime
) -> UUID:
    described = {
        "name": entry.name,
        "organization": entry.organization,
        "license": entry.license,
        "demo": entry.demo,
        **limits.model_dump(),
    }
    identity: UUID = (
        await session.execute(
            insert(ContestantRow)
            .values(id=new_id(), slug=entry.slug, created_at=now, **described)
            .on_conflict_do_update(index_elements=["slug"], set_=described)
            .returning(ContestantRow.id)
        )
    ).scalar_one()
    return identity


async def competitors(session: AsyncSession, arena_id: UUID, *, drawable: bool = False) -> list[Competitor]:
    """Everyone in an arena's lineup, in the order of their slugs; only who has no outage, if `drawable`."""
    found = (_drawable if drawable else _everybody)(arena=arena_id)
    await together(session, found)
    return await as_competitors(session, found.rows)


async def as_competitors(
    session: AsyncSession, rows: Sequence[tuple[ContestantRow, UUID, str, int]]
) -> list[Competitor]:
    """Rows of `listed`, with the configurations themselves."""
    known = await _configurations(session, (digest for _, _, digest, _ in rows))
    return [
        Competitor(contestant, identity, digest, known[digest], weight)
        for contestant, identity, digest, weight in rows
    ]


async def everyone(session: AsyncSession) -> list[tuple[Identity, list[str]]]:
    """Every contestant in some arena's lineup, with the arenas, in the order of their slugs."""
    found = await session.execute(
        select(ContestantRow, ConfigurationRow.id, ConfigurationRow.digest, ArenaRow.slug)
        .join(LineupRow, LineupRow.contestant_id == ContestantRow.id)
        .join(ConfigurationRow, ConfigurationRow.id == LineupRow.configuration_id)
        .join(ArenaRow, ArenaRow.id == LineupRow.arena_id)
        .order_by(ContestantRow.slug, ArenaRow.slug)
    )
    rows = found.all()
    known = await _configurations(session, (row.digest for row in rows))
    everyone: dict[UUID, tuple[Identity, list[str]]] = {}
    for contestant, identity, digest, arena in rows:
        one = Identity(contestant, identity, digest, known[digest])
        everyone.setdefault(contestant.id, (one, []))[1].append(arena)
    return list(everyone.values())


async def identities(session: AsyncSession, configuration_ids: Iterable[UUID]) -> dict[UUID, Identity]:
    """Who stands behind configurations, by configuration id, whether still in the lineup or not."""
    wanted = list(configuration_ids)
    if not wanted:
        return {}
    found = _identities(configurations=wanted)
    await together(session, found)
    return await as_identities(session, found.rows)


async def as_identities(
    session: AsyncSession, rows: Sequence[tuple[ContestantRow, UUID, str]]
) -> dict[UUID, Identity]:
    """Rows of `identified`, with the configurations themselves, by configuration id."""
    known = await _configurations(session, (digest for _, _, digest in rows))
    return {
        identity: Identity(contestant, identity, digest, known[digest])
        for contestant, identity, digest in rows
    }


async def known_contestants(session: AsyncSession, slugs: Iterable[str]) -> dict[str, ContestantRow]:
    """Contestants by slug, whether still in the lineup or not."""
    rows = await session.scalars(select(ContestantRow).where(ContestantRow.slug.in_(list(slugs))))
    return {row.slug: row for row in rows}
