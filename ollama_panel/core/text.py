"""Text from outside, which may hold bytes that are no text, or that must not be shown."""


def valid_text(text: str) -> str:
    """Return text with a question mark for each byte that is not valid text, as `os.fsdecode` keeps it.

    Such a text can be encoded neither as JSON nor as UTF-8.
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def printable(text: str) -> str:
    """Return valid text without its control characters: a name from outside may hold commands for a terminal."""
    return "".join(letter for letter in valid_text(text) if letter.isprintable())
