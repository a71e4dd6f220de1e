"""The interface of the writers of answers, one for each dialect and route, piece by piece or whole."""

from datetime import UTC, datetime
from typing import Protocol

from ollama_panel.sim.http.body import Document
from ollama_panel.sim.machine.work import Counters


class DialectWriter(Protocol):
    """Writes one answer. `extra` are the headers of a streamed answer besides its content type.

    `stream_type` and `whole_type` are the content types.
    """

    stream_type: str
    whole_type: str
    extra: dict[str, str]

    def piece(self, index: int) -> list[bytes]:
        """Return the piece number `index`; each part is sent as a chunk of its own."""
        ...

    def end(self, counters: Counters) -> list[bytes]:
        """Return the end of a stream."""
        ...

    def broken(self, message: str) -> list[bytes]:
        """Return the error that ends a stream too early."""
        ...

    def whole(self, counters: Counters) -> Document:
        """Return a whole answer."""
        ...


def moment() -> str:
    """Return the wall-clock time as Go writes it in JSON."""
    return go_time(datetime.now(UTC))


def go_time(when: datetime) -> str:
    """Return a time in RFC 3339 without trailing zeros."""
    seconds, _, rest = when.strftime("%Y-%m-%dT%H:%M:%S.%f").partition(".")
    rest = rest.rstrip("0")
    return f"{seconds}.{rest}Z" if rest else seconds + "Z"


def unix_now() -> int:
    """Return the seconds since 1970."""
    return int(datetime.now(UTC).timestamp())
