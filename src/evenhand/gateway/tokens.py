"""How many tokens a text has, by one declared tokenizer for all contestants."""

import importlib.util
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, ModuleSpec
from pathlib import Path
from typing import Protocol

TOKENIZER = "o200k_base"
"""The name of the tokenizer, stored beside every count."""


class _Tokenizer(Protocol):
    def count(self, text: str) -> int: ...
    def encode(self, text: str) -> list[int]: ...
    def decode(self, tokens: list[int]) -> str: ...


@cache
def _tokenizer() -> _Tokenizer:
    """The compiled tokenizer of bpe-openai, without the Python around it.

    That wrapper reads every vocabulary once more when it is imported (half a second, 70 MB) and refuses
    texts of a million characters.
    """
    package = importlib.util.find_spec("bpe_openai")
    folders = [Path(folder) for folder in (package and package.submodule_search_locations) or ()]
    files = (folder / f"_bindings{suffix}" for folder in folders for suffix in EXTENSION_SUFFIXES)
    path = next((file for file in files if file.is_file()), None)
    if path is None:
        raise ImportError("bpe-openai is not installed: install evenhand[server]")
    loader = ExtensionFileLoader("bpe_openai._bindings", str(path))
    bindings = importlib.util.module_from_spec(ModuleSpec(loader.name, loader, origin=str(path)))
    loader.exec_module(bindings)
    tokenizer: _Tokenizer = bindings.tokenizer_for_encoding(TOKENIZER)
    return tokenizer


def count(text: str) -> int:
    """The number of tokens. The time is linear in the text's length, whatever it holds."""
    return _tokenizer().count(text)


def head(text: str, tokens: int) -> str:
    """The beginning of `text` that has at most `tokens` tokens, cut between characters."""
    ids = _tokenizer().encode(text)[: max(tokens, 0)]
    while ids:
        try:
            return _tokenizer().decode(ids)
        except ValueError:  # the last token ends within a character
            ids.pop()
    return ""
