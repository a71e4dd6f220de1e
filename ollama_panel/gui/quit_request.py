"""The request to quit the program, from the window, the tray, the desktop or a signal."""

import asyncio


class QuitRequest:
    """`requested` is set when the program is to end, `forced` when it must not wait for running requests."""

    def __init__(self) -> None:
        self.requested = asyncio.Event()
        self.forced = asyncio.Event()

    def request(self) -> None:
        """Request the end of the program; a second call forces it."""
        if self.requested.is_set():
            self.forced.set()
        self.requested.set()
