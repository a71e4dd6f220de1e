"""The four contenders that are compared: Ollama itself, a round robin, a plain queue, and the panel's scheduler."""

from collections import deque
from collections.abc import Mapping

from typing_extensions import override

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.out_of_memory import says_out_of_memory
from ollama_panel.core.records import FailureKind, Job, LoadOptions, RequestClass, Role, Usage
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.lab.simulation import Simulation
from ollama_panel.lab.workload import PlannedRequest
from ollama_panel.sim.machine.model import Model
from ollama_panel.sim.machine.work import Done, Event, Failed, Loaded, Tokens, Unloaded

_SENT = "the answer broke off"


class Direct:
    """Sends every request to the next instance at once: with one this is Ollama itself, with several a round robin."""

    def __init__(self) -> None:
        self._turn = 0
        self._where: dict[str, str] = {}

    def attach(self, simulation: Simulation) -> None:
        """Read the names of the instances."""
        self.simulation = simulation
        self.names = list(simulation.instances)

    def arrived(self, planned: PlannedRequest) -> None:
        """Send the request to the next instance."""
        name = self.names[self._turn % len(self.names)]
        self._turn += 1
        self._where[planned.id] = name
        self.simulation.submit(name, planned)

    def left(self, planned: PlannedRequest) -> None:
        """Close the connection."""
        self.simulation.machine.cancel(self._where[planned.id], planned.id, self.simulation.now)

    def heard(self, event: Event, planned: PlannedRequest | None) -> None:
        """Pass the end of a request on to its client."""
        if planned is None:
            return
        if isinstance(event, Done):
            self.simulation.end(planned)
        elif isinstance(event, Failed):
            self.simulation.end(planned, event.message)

    def timer(self) -> int | None:
        """Return None: nothing is ever due."""
        return None

    def ring(self) -> None:
        """Do nothing."""


class PlainQueue(Direct):
    """A queue, first come, first served, at most `parallel` requests at each instance; no heartbeats, no retries."""

    def __init__(self, parallel: int) -> None:
        super().__init__()
        self._parallel = parallel
        self._queue: deque[PlannedRequest] = deque()

    @override
    def attach(self, simulation: Simulation) -> None:
        """Read the names of the instances."""
        super().attach(simulation)
        self._busy = dict.fromkeys(self.names, 0)

    @override
    def arrived(self, planned: PlannedRequest) -> None:
        """Queue the request."""
        self._queue.append(planned)
        self._pump()

    def _pump(self) -> None:
        while self._queue:
            name = min(self.names, key=lambda name: self._busy[name])
            if self._busy[name] >= self._parallel:
                return
            planned = self._queue.popleft()
            if not planned.failure:
                self._busy[name] += 1
                self._where[planned.id] = name
                self.simulation.submit(name, planned)

    @override
    def left(self, planned: PlannedRequest) -> None:
        """Forget the request; close its connection if it was sent."""
        if planned.id in self._where:
            super().left(planned)
            self._free(planned)

    def _free(self, planned: PlannedRequest) -> None:
        name = self._where.pop(planned.id, None)
        if name is not None:
            self._busy[name] -= 1
            self._pump()

    @override
    def heard(self, event: Event, planned: PlannedRequest | None) -> None:
        """Free the slot first, so that the next request is sent before the client reacts."""
        if planned is not None and isinstance(event, Done | Failed):
            self._free(planned)
        super().heard(event, planned)


def job_of(planned: PlannedRequest, model: Model) -> Job:
    """Return the request as the proxy would describe it."""
    role = Role.EMBEDDING if model.embedding else Role.CHAT
    path = "/api/embed" if model.embedding else "/api/chat"
    return Job(
        RequestId(planned.id),
        ClientId(planned.client),
        planned.request_class,
        role,
        ModelName(planned.model),
        path,
        stream=True,
        prompt_tokens=planned.tokens,
        items=max(1, len(planned.items)),
        options=planned.options,
        turns=planned.turns,
        opening_tokens=planned.prompt[0][1] if planned.turns else 0,
        heartbeat=True,
    )


class Panel:
    """The panel: the dispatcher of the product, with as little of the proxy and the engine as it needs.

    `num_batch` is the batch size of its pools in tokens, None = Ollama decides.

    `log` collects every event with its time, for replays; `errors` counts failures that a client saw before its first
    byte.
    """

    def __init__(
        self,
        policy: Policy | None = None,
        roles: Mapping[str, Role] | None = None,
        num_batch: int | None = None,
    ) -> None:
        self.scheduler = Dispatcher(policy or Policy())
        self.roles = roles or {}
        self.num_batch = num_batch
        self.log: list[tuple[int, say.Event]] = []
        self.actions: list[list[say.Action]] = []
        self.keep_log = False
        self._events: deque[say.Event] = deque()
        self._stepping = False
        self._timer: int | None = None
        self._where: dict[str, tuple[str, LoadOptions | None]] = {}
        self._begun: set[str] = set()

    def attach(self, simulation: Simulation) -> None:
        """Tell the scheduler about its models, its memory and its instances."""
        self.simulation = simulation
        profile = simulation.profile
        self.tell(say.CatalogRead(tuple(model.facts() for model in simulation.models.values())))
        total = profile.gpu_bytes or profile.host_bytes
        self.tell(say.MemoryMeasured(total, total))
        for name in simulation.instances:
            self.up(name)

    def up(self, name: str) -> None:
        """Tell the scheduler that an instance answers."""
        options = self.simulation.instances[name]
        role = self.roles.get(name, Role.CHAT)
        pool = PoolName(role.value)
        self.tell(
            say.InstanceUp(
                InstanceId(name),
                pool,
                role,
                f"http://{name}",
                options.parallel,
                context_length=options.context_length or None,
                cache_type=options.kv_type or "f16",
                flash_attention=options.flash_attention is not False,
                num_batch=self.num_batch,
            )
        )

    def tell(self, event: say.Event) -> None:
        """Pass an event to the scheduler and carry out its actions; events that happen meanwhile wait."""
        self._events.append(event)
        if self._stepping:
            return
        self._stepping = True
        while self._events:
            event = self._events.popleft()
            actions = self.scheduler.step(event, self.simulation.now)
            if self.keep_log:
                self.log.append((self.simulation.now, event))
                self.actions.append(actions)
            for action in actions:
                self._obey(action)
        self._stepping = False

    def _obey(self, action: say.Action) -> None:
        match action:
            case say.Dispatch(id=id, placement=placement):
                self._where[id] = placement.instance, placement.options
                self._begun.discard(id)
                planned = self.simulation.open[id]
                self.simulation.submit(placement.instance, planned, placement.options)
            case say.Preempt(id=id):
                if id not in self._begun:
                    self.simulation.machine.cancel(self._where.pop(id)[0], id, self.simulation.now)
                    self._events.append(say.Preempted(id))
            case say.Heartbeat(id=id):
                self.simulation.heartbeat(self.simulation.open[id])
            case say.Reply(id=id, refusal=refusal):
                self.simulation.end(self.simulation.open[id], render(refusal.notice))
            case say.Unload(instance=instance, model=model):
                self.simulation.machine.unload(instance, model, self.simulation.now)
            case say.Classed() | say.Load() | say.LoadOver() | say.UnloadOver() | say.Keep():
                pass  # nothing is pinned in the laboratory
            case say.SetTimer(at=at):
                self._timer = at

    def arrived(self, planned: PlannedRequest) -> None:
        """Pass the request to the scheduler."""
        self.tell(say.Arrived(job_of(planned, self.simulation.models[planned.model])))

    def left(self, planned: PlannedRequest) -> None:
        """Close the connection."""
        where = self._where.pop(planned.id, None)
        if where is not None:
            self.simulation.machine.cancel(where[0], planned.id, self.simulation.now)
        self.tell(say.Cancelled(RequestId(planned.id)))

    def heard(self, event: Event, planned: PlannedRequest | None) -> None:
        """Tell the scheduler what the proxy and the engine would see."""
        if isinstance(event, Loaded):
            self.tell(say.Loaded(InstanceId(event.instance), ModelName(event.model), event.bytes, event.parallel))
        elif isinstance(event, Unloaded):
            self.tell(say.Unloaded(InstanceId(event.instance), ModelName(event.model)))
        elif planned is not None:
            self._of_request(event, planned)

    def _of_request(self, event: Event, planned: PlannedRequest) -> None:
        request = RequestId(planned.id)
        if isinstance(event, Tokens) and planned.id not in self._begun:
            self._begun.add(planned.id)
            self.tell(say.FirstByte(request))
        elif isinstance(event, Done):
            self._where.pop(planned.id, None)
            self.tell(say.Finished(request, _usage(event)))
            self.simulation.end(planned)
        elif isinstance(event, Failed):
            self._failed(event, planned)

    def _failed(self, event: Failed, planned: PlannedRequest) -> None:
        self._where.pop(planned.id, None)
        sent, why = planned.id in self._begun, notice("attempt.error", error=event.message)
        self.tell(say.Failed(RequestId(planned.id), _kind(event), sent, why))
        if sent:
            self.simulation.end(planned, _SENT)

    def timer(self) -> int | None:
        """Return when the scheduler's timer is due."""
        return self._timer

    def ring(self) -> None:
        """Tell the scheduler that its timer has fired."""
        self._timer = None
        self.tell(say.TimerFired())


def _usage(event: Done) -> Usage:
    counters = event.counters
    return Usage(
        counters.prompt_tokens,
        counters.output_tokens,
        counters.total_us * 1000,
        counters.load_us * 1000,
        counters.prompt_us * 1000,
        counters.output_us * 1000,
    )


def _kind(event: Failed) -> FailureKind:
    if event.status == 0:
        return FailureKind.CLOSED
    if event.status == 503:
        return FailureKind.BUSY
    return FailureKind.OUT_OF_MEMORY if says_out_of_memory(event.message) else FailureKind.RUNNER


def is_chat(planned: PlannedRequest) -> bool:
    """Return whether a person waits for the answer."""
    return planned.request_class is RequestClass.INTERACTIVE
