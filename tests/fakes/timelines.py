"""A timeline that a test tells what happened, without a scheduler. Times are seconds."""

from typing import Any

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import FailureKind, Job, Placement, Refusal, RefusalReason, RequestClass, Role, Usage
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.timeline.timeline import MAX_OPEN, Timeline

ONE, TWO = InstanceId("chat-1"), InstanceId("chat-10")
MODEL = ModelName("a:latest")
REFUSED = notice("request.cancelled")
AT_ONE = Placement(ONE, "http://127.0.0.1:1", context=4096)


def job(name: str, role: Role = Role.CHAT, *, model: ModelName = MODEL, stream: bool = True, **more: Any) -> Job:
    kind, me = RequestClass.INTERACTIVE, ClientId("me")
    return Job(RequestId(name), me, kind, role, model, "/api/chat", stream, **more)


def shown(timeline: Timeline, scheduler: Dispatcher, now_us: int) -> dict[str, object]:
    """Return everything that a snapshot and a sample take from a timeline at this time."""
    counts, now = timeline.counts, now_us / 1e6
    instances = sorted(counts._tokens)
    return {
        "open": timeline.open_records(scheduler.waiting(MAX_OPEN)),
        "finished": timeline.finished_records(),
        "ended": (counts.ended.copy(), counts.served_by.copy(), counts.failed_by.copy()),
        "queued": [counts.queued(role) for role in Role],
        "in flight": [(one, counts.in_flight(one)) for one in (None, *scheduler.state.fleet.instances)],
        "tokens/s": [(one, counts.tokens_per_s(now, one)) for one in (None, *instances)],
        "first token": counts.first_token_p95_s(now),
        "cut": list(timeline.cuts.by_model.values()),
    }


class ToldTimeline(Timeline):
    """The timeline, and what a scheduler and its driver would tell it."""

    def tell(self, at: float, event: say.Event, *actions: say.Action) -> None:
        self.fold(event, actions, round(at * 1e6))

    def arrive(self, *jobs: Job, at: float = 0.0) -> None:
        for one in jobs:
            self.tell(at, say.Arrived(one))

    def dispatch(self, *names: str, at: float = 1.0, placement: Placement = AT_ONE, loading: bool = False) -> None:
        """Send requests to an instance, because of an event that has nothing to do with them."""
        dispatches = [say.Dispatch(RequestId(name), placement, loading) for name in names]
        self.tell(at, say.TimerFired(), *dispatches)

    def start(self, *jobs: Job, at: float = 1.0, placement: Placement = AT_ONE) -> None:
        """Let requests arrive at 0 s and be sent to an instance."""
        self.arrive(*jobs)
        self.dispatch(*(one.id for one in jobs), at=at, placement=placement)

    def first_byte(self, name: str, at: float) -> None:
        self.tell(at, say.FirstByte(RequestId(name)))

    def progress(self, name: str, tokens: int, at: float) -> None:
        self.tell(at, say.Progressed(RequestId(name), tokens))

    def finish(self, name: str, at: float = 2.0, status: int = 200, **usage: int) -> PromptCut | None:
        """Finish a request; return how its prompt was cut."""
        self.tell(at, say.Finished(RequestId(name), Usage(**usage), status))
        return self.prompt_cut(RequestId(name))

    def fail(self, name: str, why: Notice | None = None, *, at: float = 2.0, sent: bool = False) -> None:
        self.tell(at, say.Failed(RequestId(name), FailureKind.CLOSED, sent, why))

    def preempt(self, name: str, why: Notice, at: float = 2.0) -> None:
        self.tell(at, say.TimerFired(), say.Preempt(RequestId(name), why))

    def give_back(self, name: str, at: float = 2.0) -> None:
        self.tell(at, say.Preempted(RequestId(name)))

    def leave(self, name: str, at: float = 2.0) -> None:
        self.tell(at, say.Cancelled(RequestId(name)))

    def refuse(self, name: str, reason: RefusalReason, why: Notice = REFUSED, at: float = 3.0) -> None:
        self.tell(at, say.TimerFired(), say.Reply(RequestId(name), Refusal(reason, why)))

    def truncated(self, at: float, prompt_tokens: int | None, kept: int | None, instance: InstanceId = ONE) -> None:
        """Read the line of an instance's log about a prompt that it cuts."""
        self.tell(at, say.PromptTruncated(instance, prompt_tokens, kept))
