"""Heartbeats for waiting clients, which every client's parser skips.

In SSE they are comments. In NDJSON and JSON they are one space, which is legal before a value; an empty line would
break `ollama-python`, which parses every line.
"""

from ollama_panel.proxy.headers import JSON


def content_type(*, stream: bool, sse: bool) -> bytes:
    """Return the Content-Type of a response that starts before the instance has replied."""
    if sse:
        return b"text/event-stream"
    return b"application/x-ndjson" if stream else JSON


def encode(position: int, eta_s: int | None, *, sse: bool) -> bytes:
    """Return one heartbeat. Position 0: the request is at an instance."""
    if not sse:
        return b" "
    eta = "" if eta_s is None else f", about {eta_s} s"
    return f": position {position}{eta}\n\n".encode()
