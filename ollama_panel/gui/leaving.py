"""The wish to end the program, wherever it comes from."""

import asyncio


class Leaving:
    """`wanted` when the program is to end, `hurry` when nothing is to be waited for."""

    def __init__(self) -> None:
        self.wanted = asyncio.Event()
        self.hurry = asyncio.Event()

    def now(self) -> None:
        """Want the end; asked for again, without waiting."""
        if self.wanted.is_set():
            self.hurry.set()
        self.wanted.set()
