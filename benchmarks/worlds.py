"""Small worlds whose truth is known: contestants, people and answers, and the votes that come of them."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking import Cells
from evenhand.ranking.board import SCALE
from evenhand.ranking.rows import VoteRows

Array = NDArray[np.float64]

FEW = (100, 301)
"""Votes of a newcomer, from and below."""
HABIT, VARIETY = 0.4, 0.8
"""How far contestants, and answers of one contestant, differ in the logarithm of a measure."""
MEASURES = ("length", "headers", "bold", "lists")

_below = np.frompyfunc(NormalDist().cdf, 1, 1)


@dataclass(frozen=True)
class World:
    """Who takes part, and how votes come about.

    spread: standard deviation of the contestants' θ; votes: all of them; newcomers: contestants beside the
    established ones, each with 100 to 300 votes; ties: their share among equals; effects: β of the first
    measures; voters: people, of whom some vote far more often than others, or 0 where every vote is somebody
    else's; taste: the share of a voter's leanings, for or against each contestant, in what decides a vote.
    """

    established: int = 10
    newcomers: int = 0
    votes: int = 1500
    spread: float = 0.5
    ties: float = 0.35
    effects: tuple[float, ...] = ()
    voters: int = 0
    taste: float = 0.0

    @property
    def size(self) -> int:
        """Contestants."""
        return self.established + self.newcomers

    def draw(self, rng: np.random.Generator) -> "Drawn":
        """Draw contestants and their votes.

        Expected scores follow the model exactly, also where a voter's votes depend on each other: leanings
        and luck make one standard normal variable together, and whether that of a vote lies beyond a bound
        decides it (a Gaussian copula).
        """
        theta = rng.normal(0, self.spread, self.size)
        theta -= theta.mean()
        a, b = self._pairs(rng)
        x = self._covariates(rng, a, b)
        p = 1.0 / (1.0 + np.exp(theta[b] - theta[a] - np.asarray(self.effects) @ x))
        tied = self.ties * 4.0 * p * (1.0 - p)
        luck, voter = rng.standard_normal(self.votes), None
        if self.voters:
            activity = 1.0 / np.sqrt(1.0 + np.arange(self.voters))
            voter = rng.choice(self.voters, self.votes, p=activity / activity.sum()).astype(np.int32)
            leaning = rng.standard_normal((self.voters, self.size))
            gap = (leaning[voter, a] - leaning[voter, b]) / np.sqrt(2.0)
            luck = np.sqrt(self.taste) * gap + np.sqrt(1.0 - self.taste) * luck
        u = _below(-luck).astype(np.float64)
        outcome = np.where(u < p - tied / 2, 0, np.where(u < p + tied / 2, 2, 1))
        return Drawn(self, theta, a, b, outcome, x, voter)

    def _pairs(self, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        number = rng.integers(*FEW, self.newcomers)
        new = self.established + np.repeat(np.arange(self.newcomers), number)
        first = np.concatenate([new, rng.integers(0, self.established, self.votes - len(new))])
        # Of newcomers, whose number is beyond, this is anybody established.
        second = (first + rng.integers(1, self.established, self.votes)) % self.established
        second[: len(new)] = rng.integers(0, self.established, len(new))
        turned = rng.random(self.votes) < 0.5
        return np.where(turned, second, first), np.where(turned, first, second)

    def _covariates(self, rng: np.random.Generator, a: NDArray[np.int64], b: NDArray[np.int64]) -> Array:
        """Draw what the answers measure, and return the covariates of style control, (K, N)."""
        habits = 4.0 + HABIT * rng.standard_normal((len(self.effects), self.size))
        answers = VARIETY * rng.standard_normal((2, len(self.effects), self.votes))
        of_a, of_b = np.floor(np.exp(habits[:, a] + answers[0])), np.floor(np.exp(habits[:, b] + answers[1]))
        x = (of_a - of_b) / np.maximum(of_a + of_b, 1.0)
        scaled: Array = x / np.sqrt(np.square(x).mean(axis=1, keepdims=True))
        return scaled


@dataclass(frozen=True)
class Drawn:
    """Votes (N) and the truth behind them: θ (size), of mean 0; covariates: (K, N)."""

    world: World
    theta: Array
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    outcome: NDArray[np.int64]
    covariates: Array
    voter: NDArray[np.int32] | None

    @property
    def ratings(self) -> Array:
        """The true ratings in points, (size), of mean 1000."""
        return 1000.0 + SCALE * self.theta

    def votes(self) -> VoteRows:
        """The votes as `rank` takes them."""
        pairs, pair = np.unique(self.a * self.world.size + self.b, return_inverse=True)
        return VoteRows(
            self.world.size,
            pairs // self.world.size,
            pairs % self.world.size,
            pair.astype(np.int32),
            self.outcome.astype(np.uint8),
            self.covariates.astype(np.float32),
            cluster=self.voter,
            contestants=tuple(NAMES[: self.world.size].tolist()),
            covariates=MEASURES[: len(self.covariates)],
            clustered_by="voter",
        )


NAMES = np.array([f"{number:03}" for number in range(1000)])
"""What contestants are called: their number."""


def counted(size: int, a: NDArray[np.int64], b: NDArray[np.int64], outcome: NDArray[np.int64]) -> Cells:
    """Count votes on contestants that are called by their numbers."""
    one = np.zeros((3, len(a), 4))
    one[:, np.arange(len(a)), outcome] = 1.0
    return Cells(NAMES[:size].tolist(), a, b, one)


def tied_votes(rng: np.random.Generator, model: str, parameter: float, theta: Array, votes: int) -> Cells:
    """Draw votes by a model of ties, as its paper writes it (`evenhand.ranking.tie_models`)."""
    size = len(theta)
    a = rng.integers(0, size, votes)
    b = (a + rng.integers(1, size, votes)) % size
    one, other = np.exp(theta[a]), np.exp(theta[b])
    if model == "rao-kupper":
        wide = np.exp(parameter)
        wins, loses = one / (one + wide * other), other / (other + wide * one)
        bad = np.zeros(votes)
    elif model == "davidson":
        total = one + other + parameter * np.sqrt(one * other)
        wins, loses, bad = one / total, other / total, np.zeros(votes)
    else:
        wide = 1.0 + np.exp(parameter)
        wins, loses = one / (one + wide * other + 1.0), other / (other + wide * one + 1.0)
        bad = 1.0 / (1.0 + one + other)
    bounds = np.cumsum([wins, loses, 1.0 - wins - loses - bad], axis=0)
    return counted(size, a, b, (rng.random(votes) > bounds).sum(axis=0))
