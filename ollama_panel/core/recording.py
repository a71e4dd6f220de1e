"""The recording of a run (`scheduling.record_events`), as front ends see it."""

import msgspec

from ollama_panel.core.notices import Notice

RECENT_S = 600.0
"""How much of the past "Save the last ten minutes" has."""


class RecordingRecord(msgspec.Struct, frozen=True):
    """Times are seconds of the engine's clock, sizes bytes.

    `path` is the file that is written, or the last one of this run, "" if there is none; `size` is its size, `most`
    its limit, `taken` the size of all recordings, also of former runs, None = unknown. `recent_s` are the seconds of
    the past that `save_recent` would write now. `problem` says why the recording has ended by itself, or begins
    later, None = neither.
    """

    on: bool = False
    path: str = ""
    size: int = 0
    most: int = 0
    since: float = 0.0
    recent_s: float = 0.0
    problem: Notice | None = None
    taken: int | None = None


class SavedRecording(msgspec.Struct, frozen=True):
    """A recording that was saved after the fact: where, how many seconds, events and bytes it has."""

    path: str
    seconds: float
    events: int
    size: int
