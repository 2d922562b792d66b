"""Configurations: exactly what answers on one side of a battle. Immutable, named by a digest.

A change to any field makes a new configuration. Keys are not part of it: only the name of the
environment variable that holds one.
"""

import hashlib
import json
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from evenhand.arenas import Sampling

Kind = Literal["openai", "anthropic", "google"]
"""The shapes of API that the gateway knows."""
Counted = tuple[str, str | None, str]
"""What a provider counts calls by: its address, the name of the key's variable, the model."""
Effort = Literal["low", "medium", "high"]
"""How much a model is asked to reason."""
_THINKING = {"first_token_seconds": 120.0, "total_seconds": 900.0}
"""The time that takes."""


class Endpoint(BaseModel):
    """Where a model is called, and how long each step of a call may take (seconds).

    With `fixed_sampling` the model takes no temperature and no top-p: its provider sets them, and the
    arena's are not sent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    base_url: Annotated[str, Field(pattern=r"^https?://")]
    model: Annotated[str, Field(min_length=1)]
    api_key_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    connect_seconds: Annotated[float, Field(gt=0)] = 5.0
    first_token_seconds: Annotated[float, Field(gt=0)] = 30.0
    stall_seconds: Annotated[float, Field(gt=0)] = 30.0
    total_seconds: Annotated[float, Field(gt=0)] = 300.0
    # Left out where false, so that configurations from before it keep their digests.
    fixed_sampling: Annotated[bool, Field(exclude_if=lambda fixed: not fixed)] = False

    @property
    def counted_as(self) -> Counted:
        """Endpoints that are the same here are one for the provider's limits, whatever API they speak."""
        return self.base_url.rstrip("/"), self.api_key_env, self.model

    def while_thinking(self) -> Self:
        """The same for a model that is asked to reason: more time for what nobody has set a time for."""
        unset = {name: value for name, value in _THINKING.items() if name not in self.model_fields_set}
        return self.model_copy(update=unset)


class Price(BaseModel):
    """US dollars per million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: Annotated[float, Field(ge=0)]
    output: Annotated[float, Field(ge=0)]


class Configuration(BaseModel):
    """What a battle points to.

    `context` and `max_output`, the longest answer that the model can give, are in tokens; None where nobody
    says.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoint: Endpoint
    system_prompt: str
    sampling: Sampling
    reasoning_effort: Effort | None = None
    price: Price | None = None
    context: Annotated[int, Field(ge=1)] | None = None
    max_output: Annotated[int | None, Field(ge=1, exclude_if=lambda limit: limit is None)] = None

    @property
    def answer_limit(self) -> int:
        """The most tokens that an answer may have: the arena's limit, or the model's own where it is less."""
        return min(self.sampling.max_output_tokens, self.max_output or self.sampling.max_output_tokens)

    def with_answer_limit(self, tokens: int) -> Self:
        """The same with another limit for the answer, as a call may need it."""
        if tokens == self.sampling.max_output_tokens:
            return self
        return self.model_copy(
            update={"sampling": self.sampling.model_copy(update={"max_output_tokens": tokens})}
        )

    def with_instructions(self, text: str) -> Self:
        """The same with more in the system prompt, as a call may need it."""
        if not text:
            return self
        prompts = [self.system_prompt, text] if self.system_prompt else [text]
        return self.model_copy(update={"system_prompt": "\n\n".join(prompts)})

    def canonical(self) -> str:
        """The text that the digest is taken over: JSON with sorted keys and no spaces."""
        return json.dumps(
            self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )

    def digest(self) -> str:
        """SHA-256 of the canonical text, as 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def cost(self, input_tokens: int, output_tokens: int) -> float:
        """What a call costs, in US dollars; 0 where there is no price."""
        if self.price is None:
            return 0.0
        return (input_tokens * self.price.input + output_tokens * self.price.output) / 1_000_000
