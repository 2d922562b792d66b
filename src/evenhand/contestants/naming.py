"""Names for models that nobody has named yet, made from the id that their server uses."""

import re

# Servers list these beside the models that chat.
_NO_CHAT = re.compile(
    r"(^|[-_/:.])(\w*embed\w*|rerank\w*|bge|gte|e5|minilm|whisper|tts|clip)([-_/:.]|$)", re.IGNORECASE
)


def chats(model: str) -> bool:
    """Whether a model of this id can be expected to hold a conversation."""
    return _NO_CHAT.search(model) is None


def name_of(model: str) -> str:
    """What people call it: `Qwen/Qwen2.5-0.5B` is Qwen2.5-0.5B, `llama3.2:latest` is llama3.2."""
    name = model.rstrip("/").rsplit("/", 1)[-1]
    name = name.removesuffix(".gguf").removesuffix(":latest").replace(":", " ")
    return name[:100] or model[:100]


def slug_of(model: str) -> str:
    """The slug it gets; empty when the id has no letter or digit to make one of."""
    return re.sub(r"[^a-z0-9._-]+", "-", name_of(model).lower()).strip("-._")[:64]


def organization_of(model: str) -> str | None:
    """Who made it, where the id says so: `Qwen/Qwen2.5-0.5B` is Qwen's."""
    parts = model.split("/")
    return parts[0][:100] or None if len(parts) == 2 else None
