"""JSON out of streams, as servers really write it."""

import json
from typing import Generic, TypeVar

import msgspec

from evenhand.gateway.faults import Fault, fault_of_error

T = TypeVar("T")


class Chunks(Generic[T]):
    """Reads objects of one type. Raises `Fault` for what is none."""

    def __init__(self, of: type[T]) -> None:
        self._type = of
        self._decode = msgspec.json.Decoder(of).decode

    def read(self, data: bytes) -> T:
        """One chunk; with lone surrogates, broken UTF-8, NaN or raw control characters inside, too."""
        try:
            return self._decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass
        try:
            document = json.loads(data.decode("utf-8", "replace"), strict=False)
        except ValueError:
            raise Fault("failed", f"a chunk is not JSON: {data[:200]!r}") from None
        return self.convert(document)

    def convert(self, document: object) -> T:
        """A chunk out of what `json` reads."""
        try:
            return msgspec.convert(document, self._type)
        except msgspec.ValidationError as error:
            raise Fault("failed", f"a chunk has another form than this API's: {error}") from None


def document_in(body: bytes) -> object:
    """The document that came instead of a stream. Raises `Fault` when it is no JSON."""
    try:
        return json.loads(body.decode("utf-8", "replace"))
    except ValueError:
        raise Fault("failed", "the answer is neither a stream nor JSON") from None


def fault_in(data: bytes) -> Fault:
    """The fault that an event with an error stands for, whatever it is written in."""
    text = data.decode("utf-8", "replace")
    try:
        document = json.loads(text, strict=False)
    except ValueError:
        document = text
    return fault_of_error(document.get("error") or document if isinstance(document, dict) else document)


def credible(tokens: int | None) -> int | None:
    """A count as it came, or None where no call can have had so many: money is counted with it."""
    return tokens if tokens is not None and 0 <= tokens <= 100_000_000 else None
