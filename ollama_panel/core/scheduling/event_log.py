"""A log of the scheduler's events and actions, one JSON line for each step: for replays and bug reports.

It holds names (of clients and models, too), lengths, hashes and times, never content.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from ollama_panel.core.scheduling.messages import Action, Event
from ollama_panel.core.scheduling.policy import Policy


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step: its time, event and actions. The first line of a log has only `policy` and what follows it.

    `checkpoint` is the state in which it begins (`core.checkpoint`), compressed by zlib; "" = the beginning of a run.
    `version` is that of the panel.
    """

    at: int = 0
    event: Event | None = None
    actions: tuple[Action, ...] = ()
    policy: Policy | None = None
    version: str = ""
    checkpoint: bytes = b""


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Step)


def head(policy: Policy, version: str = "", checkpoint: bytes = b"") -> bytes:
    """Return the first line of a log that begins with a checkpoint, b"" = with nothing."""
    packed = zlib.compress(checkpoint, 1) if checkpoint else b""
    return _ENCODER.encode(Step(policy=policy, version=version, checkpoint=packed)) + b"\n"


def line(at: int, event: Event, actions: Sequence[Action]) -> bytes:
    """Return the line of one step."""
    return _ENCODER.encode(Step(at, event, tuple(actions))) + b"\n"


def read(lines: Iterable[bytes]) -> Iterator[Step]:
    """Yield the steps of a log, the head first. Raises msgspec.DecodeError if a line is not a step."""
    return (_DECODER.decode(one) for one in lines if one.strip())


def unpacked(checkpoint: bytes) -> bytes:
    """Return the checkpoint of a first line. Raises ValueError if it is damaged."""
    try:
        return zlib.decompress(checkpoint)
    except zlib.error as error:
        raise ValueError(str(error)) from error
