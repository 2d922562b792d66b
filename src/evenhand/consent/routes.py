"""HTTP of terms and consent."""

from typing import Annotated

from fastapi import Depends, Request, status

from evenhand.accounts.dependencies import Account, Guest
from evenhand.consent import releases, statistics
from evenhand.consent.agreements import agreements
from evenhand.consent.schemas import Agreement, Consent, ConsentChange, Operator, TermsAnswer
from evenhand.consent.statistics import BrowserOptsOut
from evenhand.consent.terms import Terms
from evenhand.core.routers import api_router
from evenhand.core.settings import Settings
from evenhand.storage.dependencies import Now, Work

router = api_router("consent")


async def _terms(request: Request) -> Terms:
    terms: Terms = request.app.state.terms
    return terms


TermsOf = Annotated[Terms, Depends(_terms)]


@router.get("/terms")
async def get_terms(request: Request, terms: TermsOf) -> TermsAnswer:
    """The terms that hold, whole."""
    settings: Settings = request.app.state.settings
    operator = Operator(name=settings.operator_name, contact=settings.operator_contact)
    return TermsAnswer(terms=terms, operator=operator)


@router.get("/consent")
async def get_consent(work: Work, account: Account, browser_opts_out: BrowserOptsOut) -> Consent:
    """What one agreed to, and whether one is left out of releases and of statistics."""
    if account is None:
        return Consent(
            agreements=[],
            left_out=False,
            opted_out_of_statistics=browser_opts_out,
            browser_opts_out=browser_opts_out,
        )
    return Consent(
        agreements=[
            Agreement(version=one.version, agreed_at=one.agreed_at)
            for one in await agreements(work.session, account)
        ],
        left_out=await releases.is_left_out(work.session, account),
        opted_out_of_statistics=browser_opts_out or await statistics.opted_out(work.session, account),
        browser_opts_out=browser_opts_out,
    )


@router.patch("/consent", status_code=status.HTTP_204_NO_CONTENT)
async def change_consent(
    change: ConsentChange, work: Work, account: Guest, browser_opts_out: BrowserOptsOut, now: Now
) -> None:
    """Leave what one asks out of releases, oneself out of statistics, or no longer.

    A stranger becomes a guest.
    """
    if change.left_out is not None:
        releases.choose(work.session, account, now, left_out=change.left_out)
    if change.opted_out_of_statistics:
        statistics.opt_out(work.session, account, now)
    elif change.opted_out_of_statistics is not None:
        await statistics.opt_in(work.session, account, browser_opts_out=browser_opts_out)
