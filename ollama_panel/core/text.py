"""Text from outside, which may hold bytes that are no text, or that must not be shown."""

import re

_LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def valid_text(text: str) -> str:
    """Return text with a question mark for each byte that is not valid text, as `os.fsdecode` keeps it.

    Such a text can be encoded neither as JSON nor as UTF-8.
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def printable(text: str) -> str:
    """Return valid text without its control characters: a name from outside may hold commands for a terminal."""
    return "".join(letter for letter in valid_text(text) if letter.isprintable())


def one_line(text: str) -> str:
    """Return text without line breaks and other control characters."""
    return _LINE_BREAKS.sub(" ", text)
