"""How an answer is written in one dialect, piece by piece or whole."""

from datetime import UTC, datetime
from typing import Protocol

from ollama_panel.sim.http.body import Document
from ollama_panel.sim.machine.work import Counters


class DialectWriter(Protocol):
    """Writes one answer. `extra` are headers of a streamed answer beside its content type.

    `stream_type` and `whole_type` are the content types.
    """

    stream_type: str
    whole_type: str
    extra: dict[str, str]

    def piece(self, index: int) -> list[bytes]:
        """Write the piece number `index`; each part is sent by itself."""
        ...

    def end(self, counters: Counters) -> list[bytes]:
        """Write the end of a stream."""
        ...

    def broken(self, message: str) -> list[bytes]:
        """Write the error that ends a stream too early."""
        ...

    def whole(self, counters: Counters) -> Document:
        """Write the answer at once."""
        ...


def moment() -> str:
    """Print the wall clock as Go does in JSON."""
    return go_time(datetime.now(UTC))


def go_time(when: datetime) -> str:
    """Print a time as RFC 3339 without trailing zeros."""
    seconds, _, rest = when.strftime("%Y-%m-%dT%H:%M:%S.%f").partition(".")
    rest = rest.rstrip("0")
    return f"{seconds}.{rest}Z" if rest else seconds + "Z"


def unix_now() -> int:
    """Seconds since 1970."""
    return int(datetime.now(UTC).timestamp())
