"""One request on its way through the scheduler."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeAlias

import msgspec

from ollama_panel.core.ids import ClientId, InstanceId, ModelName
from ollama_panel.core.notices import Notice
from ollama_panel.core.records import Job, RequestClass, Role
from ollama_panel.core.scheduling.context import ANY, ContextNeed

Want: TypeAlias = tuple[ModelName, Role]
"""The model and role that a request asks for; all requests with the same want compete for the same slots."""

Account: TypeAlias = tuple[ClientId, RequestClass]
"""The account that a request is charged to: a client's batch work does not count against its chat."""


PRIORITY_ORDER = (RequestClass.INTERACTIVE, RequestClass.EMBEDDING, RequestClass.BATCH)
"""The request classes; the most urgent comes first."""


class Urgency(Enum):
    """How urgent a request is among those that wait: its class, and of embeddings the short ones first.

    The most urgent comes first.
    """

    __hash__ = object.__hash__  # as for Stage

    INTERACTIVE = RequestClass.INTERACTIVE, False
    EMBEDDING = RequestClass.EMBEDDING, False
    BULK = RequestClass.EMBEDDING, True
    BATCH = RequestClass.BATCH, False

    @property
    def request_class(self) -> RequestClass:
        """Return the class."""
        return self.value[0]


URGENCIES = tuple(Urgency)
_URGENCIES = {
    (one, bulk): Urgency((one, bulk and one is RequestClass.EMBEDDING))
    for one in RequestClass
    for bulk in (False, True)
}


class Stage(Enum):
    """Where a request stands.

    A PARKED request waits for the end of its back-off outside the fair queues, a HELD one there for others of its
    client, which has a limit. A PREEMPTING one is in flight, and a
    `Preempt` for it is under way.
    """

    __hash__ = object.__hash__  # Enum's own is written in Python, and every step of a request uses it

    WAITING = auto()
    PARKED = auto()
    HELD = auto()
    RUNNING = auto()
    PREEMPTING = auto()
    GONE = auto()


class Step(Enum):
    """What is done with a request: QUEUE puts it into a fair queue, PARK and HOLD outside.

    ANSWER: its first byte, or end.
    """

    __hash__ = object.__hash__  # as for Stage

    QUEUE = auto()
    PARK = auto()
    HOLD = auto()
    DISPATCH = auto()
    PREEMPT = auto()
    ANSWER = auto()
    END = auto()


WAITING, PARKED, HELD, RUNNING, PREEMPTING, GONE = Stage
QUEUE, DISPATCH, ANSWER, END = Step.QUEUE, Step.DISPATCH, Step.ANSWER, Step.END
INTERACTIVE, BATCH = RequestClass.INTERACTIVE, RequestClass.BATCH
"""Names of their own, for the reason given in `model_state`."""

_TABLE: Mapping[tuple[Stage, Step], Stage] = {
    (Stage.RUNNING, Step.PARK): Stage.PARKED,
    (Stage.WAITING, Step.HOLD): Stage.HELD,
    (Stage.WAITING, Step.DISPATCH): Stage.RUNNING,
    (Stage.RUNNING, Step.PREEMPT): Stage.PREEMPTING,
    (Stage.RUNNING, Step.ANSWER): Stage.RUNNING,
    (Stage.PREEMPTING, Step.ANSWER): Stage.RUNNING,
    **{(stage, Step.QUEUE): Stage.WAITING for stage in Stage if stage is not Stage.GONE},
    **{(stage, Step.END): Stage.GONE for stage in Stage if stage is not Stage.GONE},
}
"""The transition table. No other step is allowed: an ended request stays ended, a parked one is not dispatched."""


@dataclass(slots=True, eq=False)
class Ticket:
    """A request in the scheduler. Times are in microseconds; `seq` is its number by arrival and never changes.

    `home` is the instance that it prefers. `attempts` may have done work, `rejections` never reached a runner.
    `not_found` is how many stores did not have its model.
    `concurrency` is how many requests ran at its copy at its dispatch, itself included. `prefilled_before` and
    `prefilled_after` are `ModelTimes.prefilled` around its prefill, which is taken to be done at `prefilled_by`.
    `moved`: the user has moved it to the front of the queue.
    `excused` is how long it has waited while the GPU was given to others, which does not count as waiting too long.
    `asked` is the class that the request asked for; the job has the one that it has.
    `want`, `account`, `urgency` and `batch` are the job's, kept here because every step reads them; `need` is the
    context that it needs. `source` is the job's, or what it turned out to be; the client, if the job names none.
    `since` is when it arrived, or the request of which it is a part.
    """

    job: Job
    seq: int
    arrived: int
    stage: Stage = Stage.WAITING
    home: InstanceId | None = None
    dispatched: int = 0
    first_byte: int | None = None
    tokens: int = 0
    attempts: int = 0
    rejections: int = 0
    not_found: int = 0
    preempted: int = 0
    load_timeouts: int = 0
    charge: int = 0
    uncached: int = 0
    prefilled_before: int = 0
    prefilled_after: int = 0
    concurrency: int = 0
    generation: int = 0
    retry_at: int = 0
    heartbeat_at: int = 0
    prefilled_by: int = 0
    position: int = 0
    slot: int = 0
    last_error: Notice | None = None
    moved: bool = False
    excused: int = 0
    need: ContextNeed = ANY
    asked: RequestClass = field(init=False)
    want: Want = field(init=False)
    account: Account = field(init=False)
    urgency: Urgency = field(init=False)
    since: int = field(init=False)
    batch: bool = field(init=False)
    source: str = field(init=False)

    def __post_init__(self) -> None:
        self.asked = self.job.request_class
        self.want = self.job.model, self.job.role
        self.account = self.job.client, self.job.request_class
        self.urgency = _URGENCIES[self.job.request_class, self.job.bulk]
        self.since = self.arrived if self.job.part is None else min(self.job.part.arrived_us, self.arrived)
        self.batch = self.job.request_class is BATCH
        self.source = self.job.source or self.job.client

    def become(self, client: ClientId, request_class: RequestClass) -> None:
        """Change client and class. Whoever counts the ticket by one of them does so anew."""
        self.job = msgspec.structs.replace(self.job, client=client, request_class=request_class)
        self.account = client, request_class
        self.urgency = _URGENCIES[request_class, self.job.bulk]
        self.batch = request_class is BATCH

    def advance(self, step: Step) -> None:
        """Change the stage; nothing else may. Raises KeyError if the transition table does not allow the step."""
        self.stage = _TABLE[self.stage, step]

    @property
    def waits(self) -> bool:
        """Return whether the request waits, in a fair queue or outside."""
        return self.stage is WAITING or self.stage is PARKED or self.stage is HELD

    @property
    def in_flight(self) -> bool:
        """Return whether the request holds a slot."""
        return self.stage is RUNNING or self.stage is PREEMPTING
