"""The signals that end the panel in order, with and without a window."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_HANGUP: int | None = getattr(signal, "SIGHUP", None)
"""Windows has none."""


@contextmanager
def caught(end: Callable[[], object], *, last: bool = False) -> Iterator[None]:
    """Let SIGINT, SIGTERM and SIGHUP call `end` instead of ending the process.

    SIGHUP says that the terminal is gone. Its shell and the system may both send it, so it counts only as the first
    signal; a panel that was started by `nohup` goes on.

    `last`: the program ends after this, so that one more signal has nothing to end, and does not change the status.
    """
    begun = False

    def on_signal(number: int, _: FrameType | None) -> None:
        nonlocal begun
        if number != _HANGUP or not begun:
            begun = True
            end()

    numbers = [signal.SIGINT, signal.SIGTERM]
    if _HANGUP is not None and signal.getsignal(_HANGUP) is not signal.SIG_IGN:
        numbers.append(signal.Signals(_HANGUP))
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if last else handler)
