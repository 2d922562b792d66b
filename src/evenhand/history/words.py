"""What texts are found by, in any language: words by their beginning, and signs where no spaces stand.

Text is folded first: width, case, and the accents of Latin, Greek and Cyrillic letters make no difference.
Chinese, Japanese, Korean, Thai and their like are written without spaces (Korean joins its particles to its
words), so they are found by pairs of neighbours, and a single sign as the beginning of a pair; so are emoji.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

LONGEST_WORD = 40
"""Characters of a word that count."""
MOST_BYTES = 600_000
"""How much of a text's words is kept: PostgreSQL takes a megabyte."""
MOST_TERMS = 10
"""How many terms of a query count."""

_SIGN = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u2600-\u27bf\U0001f300-\U0001faff"  # emoji
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"  # Japanese
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Chinese
    "\uac00-\ud7a3"  # Korean
)
# Vowels of Indian scripts are marks beside their letters.
LETTER = f"(?:[^\\W_{_SIGN}]|[\u0900-\u0963\u0966-\u0dff])"
"""A pattern of what words are made of."""
_PIECES = re.compile(f"(?P<signs>[{_SIGN}]+)|{LETTER}+")
# Accents that stand apart, and the points of Hebrew and Arabic, which are mostly left out.
_LEFT_OUT = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c7\u0640\u064b-\u065f\u0670]")


class _Folding(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        # Accents of these alone: in Japanese or Hindi such a mark makes another letter.
        accented = code < 0x0530 or 0x1E00 <= code < 0x2000
        whole = unicodedata.normalize("NFKD", character) if accented else character
        folded = self[code] = unicodedata.normalize("NFKC", _LEFT_OUT.sub("", whole)).casefold()
        return folded


_folding = _Folding()


def fold(text: str) -> str:
    """The text with all differences taken out that do not matter to whoever looks for it."""
    if text.isascii():
        return text.lower()
    # The whole first: a letter may be written as several characters that make one only together.
    return unicodedata.normalize("NFKC", text).translate(_folding)


class _Continuing(dict[str, bool]):
    """Whether a character may become one with those before it, worked out when it is first met."""

    def __missing__(self, character: str) -> bool:
        first = unicodedata.normalize("NFKC", character)[0]
        # Marks, and the vowels and ends of Korean syllables.
        found = self[character] = unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff"
        return found


_continuing = _Continuing()


def letters(text: str, least: int = 1) -> Iterator[str]:
    """The parts of a text that fold each for itself: characters, with what may become one with the last."""
    begin = 0
    for index, character in enumerate(text):
        if index - begin >= least and not _continuing[character]:
            yield text[begin:index]
            begin = index
    if text:
        yield text[begin:]


@dataclass(frozen=True)
class Term:
    """What a text must have: all of `needs` in the index, or, if it `begins`, something that begins so.

    `text` is what stands in the folded text; if it is of a `word`, where a word begins.
    """

    text: str
    needs: tuple[str, ...]
    begins: bool
    word: bool


def words(texts: Iterable[str]) -> set[str]:
    """What texts are found by."""
    found: set[str] = set()
    for text in texts:
        for piece in _PIECES.finditer(fold(text)):
            if piece["signs"]:
                found.update(_pairs(piece[0]))
                found.add(piece[0][-1])  # begins no pair
            else:
                found.add(piece[0][:LONGEST_WORD])
                found.add(_letter(piece[0]))
    return found


def terms(query: str) -> list[Term]:
    """What a query asks for: all of these. Empty where it has nothing that one could look for."""
    found: dict[str, Term] = {}
    for piece in _PIECES.finditer(fold(query)):
        text = piece[0]
        if piece["signs"]:
            term = Term(text, tuple(_pairs(text)) or (text,), begins=len(text) == 1, word=False)
        elif len(text) == 1:
            term = Term(text, (_letter(text),), begins=False, word=True)
        else:
            text = text[:LONGEST_WORD]
            term = Term(text, (text,), begins=True, word=True)
        found.setdefault(text, term)
    return list(found.values())[:MOST_TERMS]


def _letter(word: str) -> str:
    """What the first letter of a word is found by: a good part of all words begins with it."""
    return f"^{word[0]}"


def _pairs(signs: str) -> Iterator[str]:
    return map("".join, pairwise(signs))


def entries(account_id: UUID, found: Iterable[str]) -> list[str]:
    """What stands in the index for words of an account: its own sign, and they; of too many, some."""
    shelf = _shelf(account_id)
    kept = [_sign_of(account_id)]
    room = MOST_BYTES
    for word in found:
        entry = shelf + word
        room -= len(entry.encode()) + 8
        if room < 0:
            break
        kept.append(entry)
    return kept


def tsquery(account_id: UUID, term: Term) -> str:
    """A term as PostgreSQL's `tsquery`, among what belongs to an account."""
    shelf = _shelf(account_id)
    needs = " & ".join(f"'{shelf}{one}'" for one in term.needs)
    return f"'{_sign_of(account_id)}' & {needs}{':*' if term.begins else ''}"


def _sign_of(account_id: UUID) -> str:
    return f"@{account_id.hex}"


def _shelf(account_id: UUID) -> str:
    """One of 16 shelves, by the random end of the id.

    All words with a beginning are read before an account's own are picked out, so others' had better stand
    elsewhere; but each shelf has a word of its own for what all the others say, too.
    """
    return f"{account_id.bytes[-1] & 15:x}"
