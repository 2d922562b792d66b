"""What an arena does beside answering requests, again and again."""

from contextlib import AbstractAsyncContextManager
from functools import partial

from evenhand.app import housekeeping, scrubbing
from evenhand.app.housekeeping import Housekeeping
from evenhand.app.scrubbing import Scrubber
from evenhand.battles import abandoned, erasing, held_votes, outages, seeds
from evenhand.battles.abandoned import Abandoned
from evenhand.battles.calling import Caller
from evenhand.battles.erasing import Eraser
from evenhand.battles.held_votes import HeldVotes
from evenhand.battles.outages import Probes
from evenhand.battles.seeds import Seeds
from evenhand.boards.keeper import VOTED
from evenhand.core.clock import Clock
from evenhand.core.tasks import repeat, running
from evenhand.history import index
from evenhand.history.index import Indexer
from evenhand.storage.engine import Database
from evenhand.storage.signals import Signals
from evenhand.storage.streams import Streams


def jobs(
    database: Database, signals: Signals, streams: Streams, caller: Caller, clock: Clock
) -> AbstractAsyncContextManager[object]:
    """The jobs, running until the block is left. Several processes may: each claims what it does."""
    # Every process hears of the vote, this one too.
    voted = partial(signals.send, VOTED, "")
    eraser = Eraser(database, signals, clock)
    return running(
        repeat(HeldVotes(database, streams, clock, voted).finalise, held_votes.PAUSE),
        repeat(Probes(database, caller, clock).probe, outages.PAUSE),
        repeat(Abandoned(database, streams, clock).record, abandoned.PAUSE),
        repeat(eraser.erase, erasing.PAUSE),
        repeat(eraser.forget_askers, erasing.FORGET_PAUSE),
        repeat(Indexer(database).write, index.PAUSE),
        repeat(Seeds(database, clock).prepare, seeds.PAUSE),
        repeat(Housekeeping(database, clock).tidy, housekeeping.PAUSE, after=housekeeping.AFTER),
        repeat(Scrubber(database, clock).scrub, scrubbing.PAUSE, after=scrubbing.AFTER),
    )
