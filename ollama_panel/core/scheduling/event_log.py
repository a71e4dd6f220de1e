"""A log of the scheduler's events and actions, one JSON line for each step: for replays and bug reports.

It holds names, lengths, hashes and times, never content.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from ollama_panel.core.scheduling.messages import Action, Event
from ollama_panel.core.scheduling.policy import Policy


class Step(msgspec.Struct, frozen=True):
    """One step: its time, event and actions. The first line of a log has only `policy`."""

    at: int = 0
    event: Event | None = None
    actions: tuple[Action, ...] = ()
    policy: Policy | None = None


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Step)


def head(policy: Policy) -> bytes:
    """Return the first line of a log."""
    return _ENCODER.encode(Step(policy=policy)) + b"\n"


def line(at: int, event: Event, actions: Sequence[Action]) -> bytes:
    """Return the line of one step."""
    return _ENCODER.encode(Step(at, event, tuple(actions))) + b"\n"


def read(lines: Iterable[bytes]) -> Iterator[Step]:
    """Yield the steps of a log, the head first. Raises msgspec.DecodeError if a line is not a step."""
    return (_DECODER.decode(one) for one in lines if one.strip())
