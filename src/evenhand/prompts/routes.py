"""HTTP of one's own prompts."""

from uuid import UUID

from fastapi import status

from evenhand.accounts.dependencies import Account, Guest
from evenhand.accounts.idempotency import OnceOf
from evenhand.core.routers import api_router
from evenhand.prompts import service
from evenhand.prompts.schemas import Prompt, PromptChange, PromptList, PromptRequest
from evenhand.storage.dependencies import Now, Work

router = api_router("prompts")


@router.get("/prompts")
async def list_prompts(work: Work, account: Account) -> PromptList:
    """One's own prompts, the one used last first."""
    return await service.prompts(work.session, account)


@router.post("/prompts", status_code=status.HTTP_201_CREATED)
async def save_prompt(request: PromptRequest, work: Work, account: Guest, once: OnceOf, now: Now) -> Prompt:
    """Keep a prompt; a stranger becomes a guest."""
    return await once(Prompt, lambda: service.save_prompt(work.session, account, request, now))


@router.patch("/prompts/{prompt_id}")
async def change_prompt(
    prompt_id: UUID, change: PromptChange, work: Work, account: Account, now: Now
) -> Prompt:
    """Change a prompt, or note that it was used; what is left out stays as it is."""
    return await service.change_prompt(work.session, account, prompt_id, change, now)


@router.delete("/prompts/{prompt_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_prompt(prompt_id: UUID, work: Work, account: Account) -> None:
    """Delete a prompt."""
    await service.delete_prompt(work.session, account, prompt_id)
