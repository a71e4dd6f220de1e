"""A driver for the scheduler that does what the engine does, in virtual time, and records what was sent."""

from collections import Counter, deque
from typing import ClassVar

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import FailureKind, Job, LoadOptions, RequestClass, Role, Usage
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling import invariants

SECOND = 1_000_000
LLAMA, NOMIC = ModelName("llama3.1:8b"), ModelName("nomic-embed-text:latest")


def job(
    name: str,
    client: str = "ann",
    model: ModelName = LLAMA,
    role: Role = Role.CHAT,
    request_class: RequestClass = RequestClass.INTERACTIVE,
    **more: object,
) -> Job:
    stream = bool(more.pop("stream", True))
    path = str(more.pop("path", "/api/chat"))
    return Job(RequestId(name), ClientId(client), request_class, role, model, path, stream, **more)  # type: ignore[arg-type]


def embed(name: str, client: str = "ann") -> Job:
    return job(name, client, NOMIC, Role.EMBEDDING, RequestClass.EMBEDDING)


class Script:
    """Sends events one second apart by default; `sent` is the instance where each request runs.

    `made` are the newest scripts: after each test conftest.py checks their invariants and ends them.
    """

    made: ClassVar[deque["Script"]] = deque(maxlen=50)

    def __init__(self, policy: Policy | None = None) -> None:
        self.made.append(self)
        self.scheduler = Dispatcher(policy or Policy())
        self.now = 0
        self.timer: int | None = None
        self.sent: dict[str, str] = {}
        self.dispatches: list[tuple[str, str]] = []
        self.replies: dict[str, say.Refusal] = {}
        self.heartbeats: list[say.Heartbeat] = []
        self.aborts: list[str] = []
        self.loads: list[say.Unload] = []
        self.own: list[say.Action] = []
        self.placements: dict[str, say.Placement] = {}
        self.peaks: Counter[str] = Counter()

    def tell(self, event: say.Event) -> list[say.Action]:
        actions = self.scheduler.step(event, self.now)
        for action in actions:
            self._obey(action)
        return actions

    def _obey(self, action: say.Action) -> None:
        match action:
            case say.Dispatch(id=id, placement=placement):
                assert id not in self.sent, f"{id} is already at {self.sent[id]}"
                self.sent[id] = placement.instance
                self.placements[id] = placement
                self.dispatches.append((id, placement.instance))
                self.peaks[placement.instance] = max(self.peaks[placement.instance], self.at(placement.instance))
            case say.Reply(id=id, refusal=refusal):
                self.replies[id] = refusal
            case say.Heartbeat():
                self.heartbeats.append(action)
            case say.Preempt(id=id):
                self.aborts.append(id)
            case say.SetTimer(at=at):
                assert self.timer is None or at < self.timer, "a timer is set only to be earlier"
                self.timer = at
            case say.Unload():
                self.loads.append(action)
            case say.Load() | say.LoadOver() | say.UnloadOver() | say.Keep():
                self.own.append(action)

    @property
    def own_loads(self) -> list[say.Load]:
        """The loads that the panel itself has begun."""
        return [one for one in self.own if isinstance(one, say.Load)]

    @property
    def over(self) -> list[say.LoadOver]:
        """What they have come to."""
        return [one for one in self.own if isinstance(one, say.LoadOver)]

    @property
    def left(self) -> list[say.UnloadOver]:
        """What the user wanted out of memory, and is."""
        return [one for one in self.own if isinstance(one, say.UnloadOver)]

    @property
    def kept(self) -> list[say.Keep]:
        """What runners were told."""
        return [one for one in self.own if isinstance(one, say.Keep)]

    def at(self, instance: str) -> int:
        return sum(where == instance for where in self.sent.values())

    def order(self) -> list[str]:
        return [name for name, _ in self.dispatches]

    def up(self, name: str = "chat-1", parallel: int = 2, role: Role = Role.CHAT, **more: object) -> None:
        pool = PoolName(name.rpartition("-")[0])
        facts = say.InstanceUp(InstanceId(name), pool, role, f"http://{name}", parallel, **more)  # type: ignore[arg-type]
        self.tell(facts)

    def down(self, name: str = "chat-1", removed: bool = False) -> None:
        self.tell(say.InstanceDown(InstanceId(name), removed))

    def loaded(self, name: str = "chat-1", model: ModelName = LLAMA, **more: object) -> None:
        self.tell(say.Loaded(InstanceId(name), model, **more))  # type: ignore[arg-type]

    def warm(self, name: str = "chat-1", parallel: int = 2, model: ModelName = LLAMA, role: Role = Role.CHAT) -> None:
        self.up(name, parallel, role)
        self.loaded(name, model)

    def arrive(self, *jobs: Job) -> None:
        for one in jobs:
            self.tell(say.Arrived(one))

    def burst(self, count: int, client: str = "ann", **more: object) -> None:
        self.arrive(*(job(f"{client}{number}", client, **more) for number in range(count)))  # type: ignore[arg-type]

    def first_byte(self, name: str) -> None:
        self.tell(say.FirstByte(RequestId(name)))

    def finish(self, name: str, status: int = 200, **usage: int) -> None:
        del self.sent[name]
        self.tell(say.Finished(RequestId(name), Usage(**usage), status))

    def fail(self, name: str, kind: FailureKind = FailureKind.CLOSED, sent: bool = False, error: str = "") -> None:
        del self.sent[name]
        why = notice("attempt.error", error=error) if error else None
        self.tell(say.Failed(RequestId(name), kind, sent, why))

    def cancel(self, name: str) -> None:
        self.sent.pop(name, None)
        self.tell(say.Cancelled(RequestId(name)))

    def requeue(self, name: str) -> None:
        del self.sent[name]
        self.tell(say.Preempted(RequestId(name)))

    def wait(self, seconds: float) -> None:
        """Let time pass and the timer fire as often as it is due."""
        end = self.now + round(seconds * SECOND)
        while self.timer is not None and self.timer <= end:
            self.now, self.timer = max(self.now, self.timer), None
            self.tell(say.TimerFired())
        self.now = end

    def drain(self, hold_s: float = 1.0) -> None:
        """Finish everything, oldest dispatch first."""
        while self.sent:
            self.wait(hold_s)
            name = next(iter(self.sent))
            self.first_byte(name)
            self.finish(name, prompt_tokens=100, output_tokens=50)

    def end(self) -> None:
        """Cancel every request; the invariants hold before, and nothing is left after."""
        invariants.check(self.scheduler, self.now)
        state = self.scheduler.state
        for name in [*state.in_flight, *state.queue.tickets]:
            self.tell(say.Cancelled(name))
            self.sent.pop(name, None)
        for instance, _ in tuple(state.own_loads):
            self.tell(say.InstanceDown(instance))
        invariants.check(self.scheduler, self.now)
        invariants.check_empty(self.scheduler)

    def want(self, model: ModelName, name: str = "chat-1") -> None:
        self.tell(say.LoadWanted(InstanceId(name), model))

    def load_ended(self, model: ModelName, name: str = "chat-1", error: str = "") -> None:
        """Let a load of the panel itself end."""
        why = notice("attempt.error", error=error) if error else None
        begun = [one.generation for one in self.own_loads if (one.instance, one.model) == (name, model)]
        self.tell(say.LoadEnded(InstanceId(name), model, why, begun[-1]))

    def contexts(self, *names: str) -> list[int | None]:
        return [self.placements[name].context for name in names]

    def why(self, name: str) -> str:
        """Return in English why a request waits."""
        why = next(one.why for one in self.scheduler.waiting() if one.id == name)
        return render(why) if why else ""

    def refused(self, name: str) -> str:
        """Return in English why a request was refused."""
        return render(self.replies[name].notice)

    def position(self, name: str) -> int:
        return next(one.position for one in self.scheduler.waiting() if one.id == name)


def options(num_ctx: int | None) -> LoadOptions:
    return LoadOptions(num_ctx=num_ctx)
