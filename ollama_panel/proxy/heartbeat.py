"""Heartbeats for clients that wait, which every client's parser skips.

SSE has comments. For NDJSON and JSON it is one space: legal before a value, while an empty line would break
`ollama-python`, which parses every line.
"""

from ollama_panel.proxy.headers import JSON


def content_type(*, stream: bool, sse: bool) -> bytes:
    """Return the type of an answer that begins before the instance has spoken."""
    if sse:
        return b"text/event-stream"
    return b"application/x-ndjson" if stream else JSON


def encode(position: int, eta_s: int | None, *, sse: bool) -> bytes:
    """Return one heartbeat."""
    if not sse:
        return b" "
    eta = "" if eta_s is None else f" eta={eta_s}s"
    return f": panel queue={position}{eta}\n\n".encode()
