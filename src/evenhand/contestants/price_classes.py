"""Classes of price: what quotas tell apart."""

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import ColumnElement, Float, cast, func, select

from evenhand.contestants.configurations import Price
from evenhand.contestants.tables import ConfigurationRow, LineupRow

PriceClass = Literal["free", "low", "high"]

_INPUTS = 3
"""How many tokens are read for each that is written, in the one price that stands for two."""


def blended(price: Price | None) -> float:
    """One price for both, in US dollars per million tokens; 0 where nobody says."""
    return 0.0 if price is None else (_INPUTS * price.input + price.output) / (_INPUTS + 1)


def class_of(usd: float, high_from_usd: float) -> PriceClass:
    """The class of a blended price."""
    if usd <= 0:
        return "free"
    return "high" if usd >= high_from_usd else "low"


def dearest_class(prices: Iterable[Price | None], high_from_usd: float) -> PriceClass:
    """The class of the dearest of some."""
    return class_of(max(map(blended, prices)), high_from_usd)


def _usd(name: str) -> ColumnElement[float]:
    return cast(ConfigurationRow.document["price"][name].astext, Float)


dearest_price = select(func.max((_INPUTS * _usd("input") + _usd("output")) / (_INPUTS + 1))).join(
    LineupRow, LineupRow.configuration_id == ConfigurationRow.id
)
"""The highest blended price in lineups, also of those who are not drawn just now."""
