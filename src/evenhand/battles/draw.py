"""The draw: which two contestants meet, and who stands on which side. Verifiable by anyone afterwards.

Every choice comes from one stream of bits, HMAC-SHA256(day's seed, message ‖ block number), where the message
names the algorithm, the arena, the day, the counter, the client's nonce and the digest of the weights. The
seed's SHA-256 is known the day before and the seed the day after, so a draw can be replayed by anyone and
steered by nobody.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from evenhand.battles.states import Side

ALGORITHM = "evenhand-draw-1"


@dataclass(frozen=True)
class Ticket:
    """What fixes a draw before it is made. `counter` has no gaps within an arena's day."""

    arena: str
    day: date
    counter: int
    client_nonce: str
    weights_digest: str

    def message(self) -> bytes:
        """The bytes that the day's seed is applied to."""
        fields = [
            ALGORITHM,
            self.arena,
            self.day.isoformat(),
            str(self.counter),
            self.client_nonce,
            self.weights_digest,
        ]
        return "\n".join(fields).encode()


@dataclass(frozen=True)
class Drawn:
    """The outcome. `first` was drawn first and stands on side a unless `swapped`.

    `probability` is that of this pair, in either order, given the eligible set (and the kept one, if any);
    `tie_side` is whose answer goes on after a tie.
    """

    first: UUID
    second: UUID
    swapped: bool
    tie_side: Side
    probability: float


def weights_digest(eligible: Sequence[UUID], weights: Sequence[int]) -> str:
    """SHA-256, in hexadecimal, of the eligible configurations and their weights as canonical JSON."""
    pairs = [[str(identity), weight] for identity, weight in zip(eligible, weights, strict=True)]
    return hashlib.sha256(json.dumps(pairs, separators=(",", ":")).encode()).hexdigest()


class _Bits:
    """An endless stream of bits from a seed and a message."""

    def __init__(self, seed: bytes, message: bytes) -> None:
        self._seed = seed
        self._message = message
        self._block = 0
        self._pool = 0
        self._size = 0

    def take(self, bits: int) -> int:
        while self._size < bits:
            block = self._message + b"\n" + str(self._block).encode()
            digest = hmac.digest(self._seed, block, "sha256")
            self._pool = (self._pool << 256) | int.from_bytes(digest, "big")
            self._size += 256
            self._block += 1
        self._size -= bits
        value = self._pool >> self._size
        self._pool &= (1 << self._size) - 1
        return value

    def below(self, bound: int) -> int:
        """An even choice from 0 … bound - 1; values that would favour the low ones are thrown away."""
        bits = (bound - 1).bit_length()
        while (value := self.take(bits)) >= bound:
            pass
        return value


def _choose(bits: _Bits, eligible: Sequence[UUID], weights: Sequence[int]) -> int:
    point = bits.below(sum(weights))
    for index, weight in enumerate(weights):
        point -= weight
        if point < 0:
            return index
    raise AssertionError("the point lies below the sum of the weights")


def draw(
    seed: bytes,
    ticket: Ticket,
    eligible: Sequence[UUID],
    weights: Sequence[int],
    *,
    kept: UUID | None = None,
) -> Drawn:
    """Draw two different configurations by their weights, without replacement, and their sides.

    With `kept` (a redraw: the other side failed), that one stays and only its opponent is drawn; `eligible`
    then holds the possible opponents. `swapped` then has no meaning: the kept one stays on its side.
    """
    bits = _Bits(seed, ticket.message())
    total = sum(weights)
    first_index = -1 if kept is not None else _choose(bits, eligible, weights)
    rest = [index for index in range(len(eligible)) if index != first_index]
    second_index = rest[_choose(bits, [eligible[i] for i in rest], [weights[i] for i in rest])]
    w_second = weights[second_index]
    if kept is not None:
        first, probability = kept, w_second / total
    else:
        first, w_first = eligible[first_index], weights[first_index]
        probability = (w_first * w_second / total) * (1 / (total - w_first) + 1 / (total - w_second))
    swapped = bool(bits.take(1))
    tie_side: Side = "b" if bits.take(1) else "a"
    return Drawn(first, eligible[second_index], swapped, tie_side, probability)
