"""Contestants and configurations in the database, kept in step with what was found at the start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.arenas import Arena
from evenhand.arenas.tables import ArenaRow
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.configurations import Configuration
from evenhand.contestants.tables import ConfigurationRow, ContestantRow, LineupRow, OutageRow
from evenhand.core.ids import new_id


@dataclass(frozen=True)
class Identity:
    """Who a configuration is: what a commitment binds and a reveal shows."""

    contestant: ContestantRow
    configuration_id: UUID
    digest: str
    configuration: Configuration


@dataclass(frozen=True)
class Competitor(Identity):
    """Someone in an arena's lineup, with the weight in the draw."""

    weight: int


_known: dict[str, Configuration] = {}


def _configuration(row: ConfigurationRow) -> Configuration:
    """A row's configuration. Its digest says what it is, so each is read once a process."""
    found = _known.get(row.digest)
    if found is None:
        found = _known[row.digest] = Configuration.model_validate(row.document)
    return found


def configure(entry: CatalogueEntry, arena: Arena) -> Configuration:
    """The configuration of an entry in an arena: the arena's prompt, sampling and limits for everyone."""
    return Configuration(
        endpoint=entry.endpoint,
        system_prompt=arena.system_prompt,
        sampling=arena.sampling,
        reasoning_effort=entry.reasoning_effort,
        price=entry.price,
        context=entry.context,
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
    await session.execute(delete(LineupRow))
    for entry in entries:
        contestant_id = await _contestant(session, entry, now)
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


async def _contestant(session: AsyncSession, entry: CatalogueEntry, now: datetime) -> UUID:
    described = {
        "name": entry.name,
        "organization": entry.organization,
        "license": entry.license,
        "demo": entry.demo,
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
    statement = (
        select(ContestantRow, ConfigurationRow, LineupRow.weight)
        .join(LineupRow, LineupRow.contestant_id == ContestantRow.id)
        .join(ConfigurationRow, ConfigurationRow.id == LineupRow.configuration_id)
        .where(LineupRow.arena_id == arena_id)
        .order_by(ContestantRow.slug)
    )
    if drawable:
        out = select(OutageRow.id).where(
            OutageRow.configuration_id == LineupRow.configuration_id, OutageRow.ended_at.is_(None)
        )
        statement = statement.where(~out.exists())
    rows = await session.execute(statement)
    return [
        Competitor(contestant, row.id, row.digest, _configuration(row), weight)
        for contestant, row, weight in rows
    ]


async def everyone(session: AsyncSession) -> list[tuple[Identity, list[str]]]:
    """Every contestant in some arena's lineup, with the arenas, in the order of their slugs."""
    rows = await session.execute(
        select(ContestantRow, ConfigurationRow, ArenaRow.slug)
        .join(LineupRow, LineupRow.contestant_id == ContestantRow.id)
        .join(ConfigurationRow, ConfigurationRow.id == LineupRow.configuration_id)
        .join(ArenaRow, ArenaRow.id == LineupRow.arena_id)
        .order_by(ContestantRow.slug, ArenaRow.slug)
    )
    found: dict[UUID, tuple[Identity, list[str]]] = {}
    for contestant, row, arena in rows:
        identity = Identity(contestant, row.id, row.digest, _configuration(row))
        found.setdefault(contestant.id, (identity, []))[1].append(arena)
    return list(found.values())


async def identities(session: AsyncSession, configuration_ids: Iterable[UUID]) -> dict[UUID, Identity]:
    """Who stands behind configurations, by configuration id, whether still in the lineup or not."""
    wanted = list(configuration_ids)
    if not wanted:
        return {}
    rows = await session.execute(
        select(ConfigurationRow, ContestantRow)
        .join(ContestantRow, ContestantRow.id == ConfigurationRow.contestant_id)
        .where(ConfigurationRow.id.in_(wanted))
    )
    return {row.id: Identity(contestant, row.id, row.digest, _configuration(row)) for row, contestant in rows}


async def known_contestants(session: AsyncSession, slugs: Iterable[str]) -> dict[str, ContestantRow]:
    """Contestants by slug, whether still in the lineup or not."""
    rows = await session.scalars(select(ContestantRow).where(ContestantRow.slug.in_(list(slugs))))
    return {row.slug: row for row in rows}
