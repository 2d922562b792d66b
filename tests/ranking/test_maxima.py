"""Quantiles of the largest z, of which most are never computed, are those of all of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.ranking import maxima
from evenhand.ranking.maxima import Singles, grouped, of_pairs, reach, top_quantiles, top_values

ALPHAS = (1e-9, 0.001, 0.05, 0.5, 0.99)


def some_worlds(seed: int, size: int, draws: int, *, coarse: bool) -> tuple[Singles, Singles]:
    """Worlds (size, draws), and scales (size, size) some of which are 0; coarse ones have many ties."""
    rng = np.random.default_rng(seed)
    worlds = rng.normal(size=(size, draws)) * rng.choice([0.3, 1.0, 3.0], size)[:, None]
    scale = rng.uniform(0.9, 1.1, (size, size)) * rng.choice([0.2, 1.0], size) * (rng.random(size) < 0.9)
    scale = scale * scale.T
    np.fill_diagonal(scale, 0.0)
    if coarse:
        worlds, scale = worlds.round(), np.ceil(scale)
    return worlds.astype(np.float32), scale.astype(np.float32)


def all_z(worlds: Singles, scale: Singles) -> Singles:
    """z_ij in each world, (size, size, draws)."""
    z: Singles = (worlds[:, None] - worlds[None]) * scale[:, :, None]
    return z


worlds_of_all_kinds = st.builds(
    some_worlds,
    st.integers(0, 10_000),
    st.integers(2, 30),
    st.sampled_from([1, 2, 20, 300]),
    coarse=st.booleans(),
)


@given(worlds_of_all_kinds, st.sampled_from(ALPHAS))
def test_quantiles_of_each_row_are_those_of_all_worlds_to_the_last_digit(
    known: tuple[Singles, Singles], alpha: float
) -> None:
    worlds, scale = known
    largest = np.abs(all_z(worlds, scale)).max(axis=1)
    groups = grouped(worlds, scale)
    bounds = reach(worlds, groups)
    assert (bounds >= largest).all()
    found = top_quantiles(np.ascontiguousarray(worlds.T), scale, groups, bounds, alpha)
    assert np.array_equal(found, np.quantile(largest, 1.0 - alpha, axis=1))
    assert (bounds >= largest).all()


@pytest.mark.parametrize("cached", [1, 100_000])
@given(worlds_of_all_kinds, st.sampled_from(ALPHAS), st.floats(0.0, 1.0))
def test_the_quantile_over_the_pairs_that_stand_is_that_of_all_worlds(
    cached: int, known: tuple[Singles, Singles], alpha: float, share: float
) -> None:
    worlds, scale = known
    bounds = reach(worlds, grouped(worlds, scale))
    stands = scale * (np.random.default_rng(0).random(scale.shape) < share)
    by_world = np.ascontiguousarray(worlds.T)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maxima, "CACHED", cached)
        found = top_values(
            bounds.max(axis=0), lambda some, least: of_pairs(by_world, stands, bounds, some, least), alpha
        )
    largest = np.maximum(all_z(worlds, stands), 0.0).max(axis=(0, 1))
    assert np.quantile(found, 1.0 - alpha) == np.quantile(largest, 1.0 - alpha)
    assert (found >= largest).all()
