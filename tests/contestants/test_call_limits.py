import pytest

from evenhand.arenas import load_arenas
from evenhand.contestants.call_limits import UNLIMITED, CallLimits
from evenhand.contestants.catalogue import CatalogueEntry, shared_call_limits
from evenhand.contestants.configurations import Endpoint
from evenhand.contestants.service import configure


def entry(slug: str, model: str = "swift", **limits: int) -> CatalogueEntry:
    endpoint = Endpoint(kind="openai", base_url="https://api.acme.example/v1", model=model)
    return CatalogueEntry(slug=slug, name=slug, endpoint=endpoint, limits=CallLimits(**limits))


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 60])
@pytest.mark.parametrize("processes", [1, 2, 4])
def test_the_shares_of_all_processes_are_the_whole_or_one_each(limit: int, processes: int) -> None:
    whole = CallLimits(at_once=limit, per_minute=limit)
    shares = [whole.share(number, processes) for number in range(processes)]
    assert sum(share.at_once or 0 for share in shares) == max(limit, processes)
    assert sum(share.per_minute or 0 for share in shares) == max(limit, processes)


def test_no_limit_has_no_share() -> None:
    assert UNLIMITED.share(1, 2) == UNLIMITED


def test_contestants_at_one_endpoint_keep_to_each_other_s_limits() -> None:
    one, two, other = entry("one", at_once=4), entry("two", at_once=3, per_minute=60), entry("other", "calm")
    limits = shared_call_limits([one, two, other])
    assert limits[one.endpoint.counted_as] == CallLimits(at_once=3, per_minute=60)
    assert limits[two.endpoint.counted_as] == CallLimits(at_once=3, per_minute=60)
    assert limits[other.endpoint.counted_as] == UNLIMITED


def test_how_many_calls_are_made_changes_nothing_of_the_configuration() -> None:
    arena = load_arenas()["text"]
    assert configure(entry("one", at_once=4), arena).digest() == configure(entry("one"), arena).digest()
