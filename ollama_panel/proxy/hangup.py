"""Noticing that a client has gone while nothing is read from it, so that its end of file is not seen either."""

import select


def hung_up(descriptor: int, *, closing: bool) -> bool:
    """Say whether a socket was reset; with `closing`, also whether its other side has said that it sends no more.

    False where the system has no `poll` (Windows): there it is noticed when reading goes on.
    """
    if not hasattr(select, "poll"):
        return False
    half = getattr(select, "POLLRDHUP", 0) if closing else 0
    poller = select.poll()
    poller.register(descriptor, half)
    return any(event & (half | select.POLLHUP | select.POLLERR) for _, event in poller.poll(0))
