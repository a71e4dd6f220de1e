"""Text from the operating system, which may hold bytes that are no text."""


def valid_text(text: str) -> str:
    """Return text with a question mark for each byte that is not valid text, as `os.fsdecode` keeps it.

    Such a text can be encoded neither as JSON nor as UTF-8.
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
