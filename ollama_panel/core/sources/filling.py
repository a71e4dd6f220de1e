"""How much of its variables a source may put into one value.

Variables that hold each other twice double with each line: a profile of 400 characters would fill the memory.
"""

MOST_FILLED = 1 << 13
"""The most characters that all variables in one value come to together; a longer one stays as it is written."""


class Room:
    """The room that is left in one value for what is put in."""

    def __init__(self) -> None:
        self._left = MOST_FILLED

    def has(self, value: str) -> bool:
        """Take room for a value, and return whether there is that much."""
        self._left -= len(value)
        return self._left >= 0
