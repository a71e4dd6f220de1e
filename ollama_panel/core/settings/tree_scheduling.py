"""The settings of the scheduler, a branch of `core.settings.tree`."""

from enum import Enum
from typing import Annotated

import msgspec
from msgspec import Meta

from ollama_panel.core.records import RequestClass

WEIGHTS = 0.01, 100
"""The least and the largest weight of a client."""
LIMITS = 1, 10_000
"""The least and the largest number of requests that a client may run at once."""


class Adjust(Enum):
    """What the panel adjusts by what it measures.

    SLOTS: how many requests run at once, within the slots that exist. SETTINGS: that, and it proposes other numbers of
    slots and workers.
    """

    OFF = "off"
    SLOTS = "slots"
    SETTINGS = "settings"


class SchedulingSettings(msgspec.Struct, frozen=True):
    """Settings of the scheduler: `core.scheduling.policy` says what it makes of them."""

    reserved_slots: Annotated[
        int,
        Meta(ge=0, le=64),
        Meta(title="Slots kept for chats", description="Batch work leaves this many slots free while somebody chats."),
    ] = 1
    batch_share: Annotated[
        float,
        Meta(ge=0, le=1),
        Meta(
            title="Share of batch work",
            description="The part of the time that batch work gets although chats come first; 0.1 is a tenth, 0 none.",
        ),
    ] = 0.1
    max_preemptions: Annotated[
        int,
        Meta(ge=0, le=100),
        Meta(
            title="Preemptions of batch work",
            description="How often one batch request may be sent back to the queue for a chat, before its answer has "
            "begun. 0 = never.",
        ),
    ] = 3
    weights: Annotated[
        dict[str, Annotated[float, Meta(ge=WEIGHTS[0], le=WEIGHTS[1])]],
        Meta(
            title="Weights of clients",
            description="The share of the time that a client gets, by its name, relative to 1 for any other: 2 is "
            "twice as much.",
        ),
    ] = {}
    classes: Annotated[
        dict[str, RequestClass],
        Meta(
            title="Classes of clients",
            description="The class of all requests of a client, by its name, whatever they ask for. Batch work waits "
            "for others. A client without one is judged by each request.",
        ),
    ] = {}
    limits: Annotated[
        dict[str, Annotated[int, Meta(ge=LIMITS[0], le=LIMITS[1])]],
        Meta(
            title="Limits of clients",
            description="How many requests of a client run at once at most, by its name; the others wait. All "
            "processes of one name count together.",
        ),
    ] = {}
    client_headers: Annotated[
        tuple[Annotated[str, Meta(extra_json_schema={"form": "header"})], ...],
        Meta(
            title="Headers that name the client",
            description="Headers, separated by commas, in which a program in front names its users: each is then a "
            "client. They count if it runs on this machine or sends an API key.",
        ),
    ] = ()
    keep_homes: Annotated[
        bool,
        Meta(
            title="Conversation affinity",
            description="A conversation returns to the instance that has its beginning in its cache.",
        ),
    ] = True
    one_option_set: Annotated[
        bool,
        Meta(
            title="One set of options",
            description="All requests for a model get the same load options, so that it is not reloaded again and "
            "again. Off: options are sent as they come.",
        ),
    ] = True
    fit_context: Annotated[
        bool,
        Meta(
            title="Fit the context",
            description="A long prompt gets a longer context, which reloads its model, instead of being cut.",
        ),
    ] = False
    raise_context: Annotated[
        bool,
        Meta(
            title="Raise the context",
            description="If clients with different contexts reload a model again and again, its pool gets the longest.",
        ),
    ] = False
    chats_on_embedding: Annotated[
        bool,
        Meta(
            title="Chats on embedding workers",
            description="Chats and completions may use the workers of embedding pools when no other worker is left. "
            "Off: they wait, or are refused, and say why.",
        ),
    ] = False
    split_embeddings: Annotated[
        bool,
        Meta(
            title="Split embeddings",
            description="A request for many embeddings is sent in parts to all workers that are free, and the answers "
            "are put together in order. Off: it goes to one worker as it is.",
        ),
    ] = True
    adjust: Annotated[
        Adjust,
        Meta(
            title="Adjust by measuring",
            description="slots: only as many requests run at once as make a model faster; settings: more or fewer "
            "slots and workers are proposed, too, one step at a time.",
        ),
    ] = Adjust.OFF
    adjust_when_idle: Annotated[
        bool,
        Meta(
            title="Adjust when idle",
            description="What is proposed is done when the pool has had no request for a while; Undo takes it back. No "
            "effect unless settings are adjusted.",
        ),
    ] = False
    spare_machine: Annotated[
        bool,
        Meta(
            title="Spare the machine",
            description="Fewer requests run at once while the machine runs on its battery, saves power, or is slowed "
            "down by heat; only one of a model in critical heat. What runs already goes on.",
        ),
    ] = True
    power_slots: Annotated[
        int,
        Meta(ge=0, le=64),
        Meta(
            title="Slots on battery or in heat",
            description="At most so many requests of a model run at once while the machine is spared. 0 = half of its "
            "slots, at least one.",
        ),
    ] = 0
    swap_models: Annotated[
        bool, Meta(title="Swap models", description="A model is unloaded for one that requests wait for.")
    ] = True
    dwell_s: Annotated[
        float,
        Meta(ge=0, le=3600),
        Meta(
            title="Shortest stay",
            description="A model that has work stays in memory at least this long before another takes its place.",
            extra_json_schema={"unit": "seconds"},
        ),
    ] = 8.0
    record_events: Annotated[
        bool,
        Meta(
            title="Record the run",
            description="The folder recordings of the state folder gets names (of clients, too), lengths and times of "
            "what happens, no content, for ollama-panel bench replay.",
        ),
    ] = False
    record_mib: Annotated[
        int,
        Meta(ge=1, le=1_000_000),
        Meta(
            title="Size of a recording",
            description="A recording ends when it has this size.",
            extra_json_schema={"unit": "MiB"},
        ),
    ] = 512
