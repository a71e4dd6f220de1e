"""The lock that keeps the machine from going to sleep while requests run, as front ends see it."""

import msgspec

from ollama_panel.core.notices import Notice


class KeepAwakeRecord(msgspec.Struct, frozen=True):
    """`held` since the time `since` (seconds of the engine's clock). `method` names what holds it, "" = nothing.

    `problem` says why this machine cannot be kept awake, None = it can, or nobody has tried.
    """

    held: bool = False
    since: float = 0.0
    method: str = ""
    problem: Notice | None = None
