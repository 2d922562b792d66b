"""What goes over the wire: what one set on the page. All of it is chosen from lists."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, StrictBool, model_validator

from evenhand.accounts.letters import Language
from evenhand.battles.presets import Preset

Theme = Literal["system", "light", "dark"]


class PreferencesChange(BaseModel):
    """What is left out stays as it is; null: as if it had never been chosen."""

    model_config = ConfigDict(extra="forbid")

    theme: Theme | None = None
    language: Language | None = None
    single_keys: StrictBool | None = None
    guess_first: StrictBool | None = None
    since_you_left: StrictBool | None = None
    rail: StrictBool | None = None
    linked_scroll: StrictBool | None = None
    preset: Preset | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing is to be changed")
        return self


class Preferences(BaseModel):
    """What one chose, in whichever browser; null: nothing, so all is as usual.

    `single_keys`: whether keys without Control do something. `rail`: whether the menu is shown beside a wide
    page. `linked_scroll`: whether two answers scroll together.
    """

    theme: Theme | None
    language: Language | None
    single_keys: bool | None
    guess_first: bool | None
    since_you_left: bool | None
    rail: bool | None
    linked_scroll: bool | None
    preset: Preset | None
