"""Looks at a client's socket from outside: whether it has hung up, and whether it has sent what is not read yet."""

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


def has_unread(descriptor: int) -> bool:
    """Return whether bytes or an end of file wait to be read; False where the system has no `poll`."""
    if not hasattr(select, "poll"):
        return False
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    return bool(poller.poll(0))
