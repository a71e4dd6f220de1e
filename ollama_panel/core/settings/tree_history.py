"""The settings of the history, a branch of `core.settings.tree`."""

from typing import Annotated

import msgspec
from msgspec import Meta


class HistorySettings(msgspec.Struct, frozen=True):
    """What is kept on the disk of what has happened, and for how long."""

    days: Annotated[
        int,
        Meta(ge=0, le=3650),
        Meta(
            title="Keep measurements",
            description="How long measurements and events are kept on the disk, for the charts and ollama-panel "
            "history: two days in steps of 10 s, older ones of 5 minutes. 0 = none; what there is, is deleted.",
            extra_json_schema={"unit": "days"},
        ),
    ] = 30
    request_days: Annotated[
        int,
        Meta(ge=0, le=3650),
        Meta(
            title="Keep requests",
            description="How long names, lengths and times of finished requests are kept on the disk, but never their "
            "content; at most as long as the history. 0 = none; what there is, is deleted.",
            extra_json_schema={"unit": "days"},
        ),
    ] = 30
    max_mib: Annotated[
        int,
        Meta(ge=0, le=1_000_000),
        Meta(
            title="Largest file",
            description="If the file gets larger, the oldest requests are deleted, then the oldest of the rest. "
            "0 = no limit.",
            extra_json_schema={"unit": "MiB"},
        ),
    ] = 200
    clients: Annotated[
        bool,
        Meta(
            title="Keep names of clients",
            description="Finished requests are kept with the name or the address of their client. Off: without it, "
            "from now on.",
        ),
    ] = True
