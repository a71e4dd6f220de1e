"""Lines of a text by their number, from 1, and the text with some of them changed."""

from functools import lru_cache


@lru_cache(maxsize=4)
def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines without their ends; readers ask for one line after the other of the same text."""
    return tuple(line.removesuffix("\r") for line in text.split("\n"))


def line_at(text: str, number: int) -> str:
    """Return a line without its end; "" = there is none of that number."""
    lines = lines_of(text)
    return lines[number - 1] if 0 < number <= len(lines) else ""


def with_lines(text: str, first: int, last: int, new: tuple[str, ...]) -> str:
    """Return a text with new lines in place of those from `first` to `last`; an end of Windows stays one.

    `first` may be the line after the last one: then the new lines come at the end.
    """
    lines = text.split("\n")
    *ended, _ = lines
    end = "\r" if ended and ended[min(first, len(ended)) - 1].endswith("\r") else ""
    before, after = lines[: first - 1], lines[last:]
    if first > len(lines):
        before[-1] += end
    done = "\n".join([*before, *(f"{line}{end}" for line in new), *after])
    return done if after else done.removesuffix("\r")


def appended(text: str, *new: str) -> str:
    """Return a text with new lines at its end."""
    after = text.count("\n") + (2 if text and not text.endswith("\n") else 1)
    return with_lines(text, after, after - 1, new)


def with_line(text: str, number: int, *new: str) -> str:
    """Return a text with new lines in place of one; without any it is taken out."""
    return with_lines(text, number, number, new)
