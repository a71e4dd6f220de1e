"""The wish to end the program, wherever it comes from."""

import asyncio


class QuitRequest:
    """`wanted` when the program is to end, `hurry` when nothing is to be waited for."""

    def __init__(self) -> None:
        self.requested = asyncio.Event()
        self.forced = asyncio.Event()

    def request(self) -> None:
        """Want the end; asked for again, without waiting."""
        if self.requested.is_set():
            self.forced.set()
        self.requested.set()
