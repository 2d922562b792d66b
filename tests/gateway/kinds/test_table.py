from typing import get_args

from evenhand.contestants.configurations import Kind
from evenhand.gateway.kinds import KINDS
from tests.support.fake_shapes import SHAPES


def test_every_kind_that_a_catalogue_may_name_can_be_called_and_played() -> None:
    assert set(KINDS) == set(get_args(Kind)) == set(SHAPES)
