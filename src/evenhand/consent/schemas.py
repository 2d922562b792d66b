"""What goes over the wire about terms and consent."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, StrictBool

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
    """What one agreed to, newest first, and whether one's conversations are left out of releases."""

    agreements: list[Agreement]
    left_out: bool


class ConsentChange(BaseModel):
    """Leave all of one's conversations out of releases, or no longer."""

    model_config = ConfigDict(extra="forbid")

    left_out: StrictBool
