"""`evenhand contestants add`: an entry for the catalogue, made from options."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from evenhand.arenas import load_arenas
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.catalogue_edit import append_entry
from evenhand.contestants.catalogue_errors import mistakes_of
from evenhand.contestants.endpoints import is_private
from evenhand.contestants.naming import name_of, organization_of, slug_of
from evenhand.core.errors import InputError
from evenhand.core.settings import load_settings


def add(options: Mapping[str, object], catalogue: Path | None) -> str:
    """Add the contestant that the options describe; sentences that say what was done and what to mind.

    Raises `InputError` that names the option that is wrong.
    """
    arenas = load_arenas()
    entry = _entry(options)
    for arena in entry.arenas:
        if arena not in arenas:
            raise InputError(f'--arena: there is no arena "{arena}"; there is {", ".join(sorted(arenas))}.')
    path = catalogue or load_settings().catalogue or Path("catalogue.yaml")
    append_entry(path, entry, arenas)
    said = [f"{entry.slug} is in {path}. Try it with: evenhand contestants check {entry.slug}"]
    key = entry.endpoint.api_key_env
    if key and not os.environ.get(key):
        said.append(f"The variable {key} is not set here; it must be where the arena is started.")
    if entry.price is None and not is_private(entry.endpoint.base_url):
        said.append(
            "It has no price, so the daily cap cannot count what it costs; --price-input and -output."
        )
    return "\n".join(said)


def _entry(options: Mapping[str, object]) -> CatalogueEntry:
    fields = {name: value for name, value in options.items() if value is not None}
    endpoint, price = fields["endpoint"], fields["price"]
    assert isinstance(endpoint, dict)
    assert isinstance(price, dict)
    fields["price"] = {name: value for name, value in price.items() if value is not None} or None
    model = endpoint["model"]
    fields.setdefault("slug", slug_of(model))
    fields.setdefault("name", name_of(model))
    fields.setdefault("organization", organization_of(model))
    try:
        return CatalogueEntry.model_validate(fields)
    except ValidationError as error:
        mistake = mistakes_of(error, CatalogueEntry)[0]
        option = "-".join(str(step) for step in mistake.path if step not in {"endpoint", "arenas", "limits"})
        raise InputError(
            f"--{option.replace('_', '-') or 'base-url'}: {mistake.said.removeprefix('base_url ')}."
        ) from None
