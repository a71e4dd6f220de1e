"""Rows of the history of the tests' own making."""

from ollama_panel.core.history.records import EventKind, FinishedRequest, HistoryEvent
from ollama_panel.core.history.series import Kind, columns
from ollama_panel.core.history.thinning import Row
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import RequestState


def instance_row(at: int, rss: float | None = 5.0, name: str = "chat-1") -> Row:
    """Return a row of an instance, with `rss` as its mean and highest memory."""
    return Row(Kind.INSTANCE, name, at, (rss, rss, 1.0, 2.0))


def row(kind: Kind, at: int, value: float = 1.0, source: str = "") -> Row:
    """Return a row of any kind with one value in all columns."""
    return Row(kind, source, at, (value,) * len(columns(kind)))


def request(at: float, name: str = "r1", state: RequestState = RequestState.DONE, code: str = "") -> FinishedRequest:
    """Return a request that ended at a time."""
    return FinishedRequest(
        at,
        RequestId(name),
        ClientId("web"),
        RequestClass.INTERACTIVE,
        ModelName("a:latest"),
        PoolName("chat"),
        InstanceId("chat-1"),
        "/api/chat",
        True,
        state,
        2.5,
        code,
        queue_s=0.25,
        first_token_s=0.5,
        token_s=0.02,
        prompt_tokens=10,
        output_tokens=100,
        status=200,
        attempts=1,
    )


def event(at: float, instance: str = "chat-1") -> HistoryEvent:
    """Return the event that an instance is ready."""
    return HistoryEvent(at, EventKind.INSTANCE, instance, notice("history.ready", instance=instance))
