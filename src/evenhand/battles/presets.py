"""Presets: what somebody wants of every answer, said to both sides in the same public words.

They are added to the system prompt of both sides alike, and the turn keeps what was chosen and the version of
the words. So a version that was released is never edited: other words are another version, at the end.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict

Length = Literal["short", "usual", "thorough"]
Tone = Literal["usual", "plain", "friendly", "formal"]
Language = Literal[
    "ar", "de", "en", "es", "fr", "hi", "id", "it", "ja", "ko", "pt", "ru", "tr", "vi", "zh-Hans", "zh-Hant"
]
"""Languages by their BCP 47 tags."""


class Wording(BaseModel):
    """The words of one version. What is `usual` adds none; `closing` ends whatever is said."""

    model_config = ConfigDict(frozen=True)

    version: int
    length: Mapping[Literal["short", "thorough"], str]
    tone: Mapping[Literal["plain", "friendly", "formal"], str]
    language: Mapping[Language, str]
    language_of_the_question: str
    closing: str


_NAMES: Mapping[Language, str] = {
    "ar": "Arabic (العربية)",
    "de": "German (Deutsch)",
    "en": "English",
    "es": "Spanish (español)",
    "fr": "French (français)",
    "hi": "Hindi (हिन्दी)",
    "id": "Indonesian (Bahasa Indonesia)",
    "it": "Italian (italiano)",
    "ja": "Japanese (日本語)",
    "ko": "Korean (한국어)",
    "pt": "Portuguese (português)",
    "ru": "Russian (русский)",
    "tr": "Turkish (Türkçe)",
    "vi": "Vietnamese (tiếng Việt)",
    "zh-Hans": "Simplified Chinese (简体中文)",
    "zh-Hant": "Traditional Chinese (繁體中文)",
}

WORDINGS: Sequence[Wording] = (
    Wording(
        version=1,
        length={
            "short": "Keep the answer short: a few sentences, or at most ten lines of code or list.",
            "thorough": (
                "Answer thoroughly: give reasons, the cases that matter, and an example where it helps, "
                "without repeating yourself."
            ),
        },
        tone={
            "plain": "Write plainly: common words, short sentences, no flourish and no flattery.",
            "friendly": "Write in a warm, friendly tone, as to somebody you know.",
            "formal": "Write in a formal tone, as in an official letter or a report.",
        },
        language={
            language: f"Answer in {name}, whatever the language of the question; leave code and quotations "
            "as they are."
            for language, name in _NAMES.items()
        },
        language_of_the_question="Answer in the language of the question.",
        closing="Where the question itself asks for something else, do what it asks.",
    ),
)
"""All versions, the newest last."""

assert set(_NAMES) == set(get_args(Language)), "a language without words"


class Preset(BaseModel):
    """What is wanted of an answer; `language` null: that of the question."""

    model_config = ConfigDict(extra="forbid")

    length: Length = "usual"
    language: Language | None = None
    tone: Tone = "usual"


class UsedPreset(Preset):
    """What was wanted of a turn's answers, and the version of the words in which it was said."""

    version: int


class Presets(BaseModel):
    """What both sides are told for a preset: every version, the newest last."""

    wordings: Sequence[Wording]


def used(preset: Preset | None) -> dict[str, Any] | None:
    """What a turn keeps of a preset: nothing where everything is as usual."""
    if preset is None or preset == Preset():
        return None
    return {"version": WORDINGS[-1].version, **preset.model_dump()}


def used_view(kept: Mapping[str, Any] | None) -> UsedPreset | None:
    """What a turn has kept, as it goes over the wire."""
    return None if kept is None else UsedPreset.model_validate(kept)


def instructions(kept: Mapping[str, Any] | None) -> str:
    """What both sides are told for what a turn has kept; nothing for nothing."""
    preset = used_view(kept)
    if preset is None:
        return ""
    [words] = (one for one in WORDINGS if one.version == preset.version)
    said = [words.language[preset.language] if preset.language else words.language_of_the_question]
    if preset.length != "usual":
        said.append(words.length[preset.length])
    if preset.tone != "usual":
        said.append(words.tone[preset.tone])
    return " ".join([*said, words.closing])
