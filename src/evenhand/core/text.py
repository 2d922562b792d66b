"""Text from outside, made safe to store and to send."""


def clean(text: str) -> str:
    """The same text without NUL, and with U+FFFD for every lone surrogate.

    PostgreSQL refuses the one and UTF-8 the other. A high surrogate followed by a low one becomes the
    character that the two stand for.
    """
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
