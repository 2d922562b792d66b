import pytest

from evenhand.arenas import Sampling, load_arenas
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.configurations import Configuration, Effort, Endpoint, Kind
from evenhand.contestants.service import configure


def configuration(kind: Kind = "openai", *, fixed_sampling: bool = False) -> Configuration:
    return Configuration(
        endpoint=Endpoint(
            kind=kind, base_url="https://api.acme.example/v1", model="swift", fixed_sampling=fixed_sampling
        ),
        system_prompt="",
        sampling=Sampling(temperature=0.7, top_p=1, max_output_tokens=4096, max_reasoning_tokens=16384),
    )


def test_a_configuration_keeps_its_digest_when_evenhand_learns_more() -> None:
    digest = "b2c19a0c96e0809b1b7f90d1b0242356ade90e6f456778bfad2b4a40efbeccfb"
    assert configuration().digest() == digest


def test_another_api_or_sampling_of_the_provider_s_is_another_configuration() -> None:
    known = {configuration(), configuration("anthropic"), configuration(fixed_sampling=True)}
    assert len({one.digest() for one in known}) == 3


@pytest.mark.parametrize("fixed_sampling", [False, True])
def test_a_configuration_comes_back_from_its_document(fixed_sampling: bool) -> None:
    known = configuration(fixed_sampling=fixed_sampling)
    assert Configuration.model_validate(known.model_dump(mode="json")) == known


@pytest.mark.parametrize(
    ("effort", "set_by_hand", "first_token", "total"),
    [
        (None, {}, 30, 300),
        ("high", {}, 120, 900),
        ("low", {"first_token_seconds": 30}, 30, 900),
        ("low", {"total_seconds": 60}, 120, 60),
    ],
)
def test_a_model_that_is_asked_to_reason_has_more_time_unless_it_is_set_by_hand(
    effort: Effort | None, set_by_hand: dict[str, float], first_token: float, total: float
) -> None:
    where = {"kind": "openai", "base_url": "https://api.acme.example/v1", "model": "swift"}
    entry = CatalogueEntry.model_validate(
        {"slug": "swift", "name": "Swift", "endpoint": where | set_by_hand, "reasoning_effort": effort}
    )
    endpoint = configure(entry, load_arenas()["text"]).endpoint
    assert (endpoint.first_token_seconds, endpoint.total_seconds) == (first_token, total)
