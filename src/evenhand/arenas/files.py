"""Arena files: the YAML that says what an arena takes, gives and allows."""

from importlib import resources
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

Mode = Literal["battle", "side_by_side", "direct"]


class Sampling(BaseModel):
    """How answers are sampled and how long they may get; the same for both sides.

    Reasoning has a limit of its own, so that it cannot eat the answer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: Annotated[float, Field(ge=0, le=2)]
    top_p: Annotated[float, Field(gt=0, le=1)]
    max_output_tokens: Annotated[int, Field(ge=1)]
    max_reasoning_tokens: Annotated[int, Field(ge=0)]


class Arena(BaseModel):
    """One arena. `name` maps a language to what the page calls it there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    name: dict[Literal["en", "zh"], str]
    modes: tuple[Mode, ...]
    system_prompt: str
    sampling: Sampling
    max_prompt_characters: Annotated[int, Field(ge=1)]
    max_turns: Annotated[int, Field(ge=1)]
    pacing: bool = True
    """Whether both answers of a blind battle are shown in one rhythm, whatever their speed."""


def load_arenas() -> dict[str, Arena]:
    """The arenas that come with the package, by slug, in the order of their file names."""
    folder = resources.files("evenhand.arenas") / "builtin"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name
    )
    arenas = (Arena.model_validate(yaml.safe_load(file.read_text("utf-8"))) for file in files)
    return {arena.slug: arena for arena in arenas}
