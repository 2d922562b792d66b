"""What goes over the wire about terms and consent."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, StrictBool, model_validator

from evenhand.consent.terms import Terms


class Operator(BaseModel):
    """Who runs this arena, and how they are reached, as far as they say so."""

    name: str | None
    contact: str | None


class TermsAnswer(BaseModel):
    """The terms that hold, in both languages, and whose they are."""

    terms: Terms
    operator: Operator


class Agreement(BaseModel):
    """A version of the terms that one agreed to."""

    version: str
    agreed_at: datetime


class Consent(BaseModel):
    """What one agreed to, newest first, and whether one's conversations are left out of releases.

    `opted_out_of_statistics`: one is in no figure of how often people come back. `browser_opts_out`: this
    browser asks for that by itself.
    """

    agreements: list[Agreement]
    left_out: bool
    opted_out_of_statistics: bool
    browser_opts_out: bool


class ConsentChange(BaseModel):
    """Leave all of one's conversations out of releases, oneself out of statistics, or no longer."""

    model_config = ConfigDict(extra="forbid")

    left_out: StrictBool | None = None
    opted_out_of_statistics: StrictBool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.left_out is None and self.opted_out_of_statistics is None:
            raise ValueError("nothing is to be changed")
        return self
