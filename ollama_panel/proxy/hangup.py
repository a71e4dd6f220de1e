"""Detects that a client has hung up while reading from it is paused, when its end of file would go unnoticed."""

import select


def hung_up(descriptor: int, *, closing: bool) -> bool:
    """Return whether a socket was reset or, with `closing`, whether its peer has shut down sending.

    False where the system has no `poll` (Windows): there the hang-up is noticed once reading is resumed.
    """
    if not hasattr(select, "poll"):
        return False
    half = getattr(select, "POLLRDHUP", 0) if closing else 0
    poller = select.poll()
    poller.register(descriptor, half)
    return any(event & (half | select.POLLHUP | select.POLLERR) for _, event in poller.poll(0))
