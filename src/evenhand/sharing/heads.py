"""What other sites read of a shared page before anybody opens it: its title, a sentence, its picture."""

from html import escape

from evenhand.sharing.cards import card_of, outcome
from evenhand.sharing.schemas import Language, SharedBattle, SharedConversation

_NAMELESS: dict[Language, str] = {"en": "Two models, one question", "zh": "两个模型，同一问题"}
_ALONE: dict[Language, str] = {"en": "One model", "zh": "一个模型"}
_AGAINST: dict[Language, str] = {"en": "{} and {}", "zh": "{} 与 {}"}
_LOCALES: dict[Language, str] = {"en": "en_GB", "zh": "zh_CN"}
_WIDE = (1200, 630)


def head_of(shared: SharedConversation, arena: str, address: str) -> str:
    """The elements of a shared page's head; `address` is the page's own, `arena` the installation's name."""
    card = card_of(shared, arena)
    sentence = _sentence(shared)
    picture = f"{_picture_of(address)}?shape=wide"
    width, height = _WIDE
    elements = [
        f"<title>{escape(shared.title)} · {escape(card.arena)}</title>",
        '<meta name="robots" content="noindex, nofollow, noarchive" />',
        '<meta name="referrer" content="no-referrer" />',
    ]
    named = (
        ("name", "description", sentence),
        ("property", "og:type", "article"),
        ("property", "og:site_name", card.arena),
        ("property", "og:locale", _LOCALES[shared.language]),
        ("property", "og:title", shared.title),
        ("property", "og:description", sentence),
        ("property", "og:url", address),
        ("property", "og:image", picture),
        ("property", "og:image:type", "image/png"),
        ("property", "og:image:width", str(width)),
        ("property", "og:image:height", str(height)),
        ("property", "og:image:alt", sentence),
        ("name", "twitter:card", "summary_large_image"),
    )
    elements += [f'<meta {kind}="{name}" content="{escape(text)}" />' for kind, name, text in named]
    return "\n    ".join(elements)


def _picture_of(address: str) -> str:
    base, _, token = address.rpartition("/s/")
    return f"{base}/api/v1/shares/{token}/picture.png"


def _sentence(shared: SharedConversation) -> str:
    """Who answered, or that two did, and how it ended."""
    battle = shared.battles[shared.turns[0].battle]
    words = (_who(battle, shared.language), outcome(battle, shared.language))
    return " · ".join(word for word in words if word)


def _who(battle: SharedBattle, language: Language) -> str:
    if battle.names is None:
        return (_ALONE if battle.mode == "direct" else _NAMELESS)[language]
    names = battle.names
    return names.a.name if names.b is None else _AGAINST[language].format(names.a.name, names.b.name)
