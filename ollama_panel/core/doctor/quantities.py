"""How numbers are written in a line of evidence, which has no words: without blanks, with their units."""

from ollama_panel.core.notices.render import ENGLISH


def size(count: float) -> str:
    """Return bytes as `4.0GiB`."""
    return ENGLISH.bytes(count).replace(" ", "")


def seconds(count: float) -> str:
    """Return seconds as `12s`, longer times as `3.5min`."""
    return ENGLISH.seconds(count).replace(" ", "")


def number(value: float) -> str:
    """Return a number with the decimals that it needs, as `84.2`."""
    return ENGLISH.number(value).replace(",", "")
