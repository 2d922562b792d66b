"""Providers whose key in the environment is enough to compete: the table in providers.yaml."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.configurations import Effort, Endpoint, Kind, Price


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: str
    name: str
    model: str
    price: Price
    context: int
    organization: str | None = None
    license: str = "proprietary"
    fixed_sampling: bool = False
    reasoning_effort: Effort | None = None


class Provider(BaseModel):
    """A provider; the first of `keys` that is set is used.

    A model is the provider's own unless it says whose it is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    keys: tuple[str, ...]
    kind: Kind = "openai"
    base_url: str
    models: tuple[_Model, ...]

    def key_in(self, environ: Mapping[str, str]) -> str | None:
        """The name of the variable that holds a key of this provider."""
        return next((key for key in self.keys if environ.get(key, "").strip()), None)

    def entries(self, key: str) -> list[CatalogueEntry]:
        """Its models, called with the key in the variable of that name."""
        return [
            CatalogueEntry(
                slug=model.slug,
                name=model.name,
                organization=model.organization or self.name,
                license=model.license,
                endpoint=Endpoint(
                    kind=self.kind,
                    base_url=self.base_url,
                    model=model.model,
                    api_key_env=key,
                    fixed_sampling=model.fixed_sampling,
                ),
                price=model.price,
                context=model.context,
                reasoning_effort=model.reasoning_effort,
            )
            for model in self.models
        ]


@cache
def providers() -> tuple[Provider, ...]:
    """All providers in the table."""
    text = (resources.files("evenhand.contestants") / "providers.yaml").read_text("utf-8")
    return TypeAdapter(tuple[Provider, ...]).validate_python(yaml.safe_load(text))


def known_price(model: str) -> Price | None:
    """The price of a model id, wherever in the table it stands; the dearest where there are several."""
    prices = [known.price for provider in providers() for known in provider.models if known.model == model]
    return max(prices, key=lambda price: price.output, default=None)
