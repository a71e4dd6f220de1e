"""Whether clients are at work on a server, as the kernel of its machine tells it.

A server does not tell. `ss -ti` (ss(8)) has for each connection when something was last received and last sent: what
came later than the last answer is a request under way, and what is still written long after its request is a stream. A
connection that is kept open and a poll of the server's state are neither.
"""

import re

AT_WORK_MS = 10_000
"""What was written within that time is a stream that goes on; models write a token far more often."""
_POLL_MS = 1_500
"""An answer to a poll ends that soon after its request."""
_SENT, _RECEIVED = re.compile(r"\blastsnd:(\d+)"), re.compile(r"\blastrcv:(\d+)")


def look(port: int) -> str:
    """Return the command that tells the connections of clients to the server at a port; it fails where none can."""
    return f"ss -Htin state established '( sport = :{port} )'"


def at_work(printed: str) -> int:
    """Return how many connections have a request under way."""
    return sum(_works(line) for line in printed.splitlines() if "cwnd:" in line or "rtt:" in line)


def _works(line: str) -> bool:
    sent, received = _ago(_SENT, line), _ago(_RECEIVED, line)
    if received < sent:
        return True
    return sent < AT_WORK_MS and received - sent > _POLL_MS


def _ago(pattern: re.Pattern[str], line: str) -> int:
    """Return milliseconds; `ss` leaves out what was just now."""
    found = pattern.search(line)
    return int(found[1]) if found is not None else 0
