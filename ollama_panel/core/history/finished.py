"""What the history keeps of a request that has ended. Pure."""

from functools import lru_cache

from ollama_panel.core import redact
from ollama_panel.core.history.records import FinishedRequest
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.text import valid_text
from ollama_panel.core.timeline.entry import Entry


def finished_request(entry: Entry, pool: PoolName, at: float) -> FinishedRequest:
    """Return what is kept of a request that ended `at` this time; its whole record is built for front ends only."""
    job, end = entry.job, entry.finished or entry.arrived
    return FinishedRequest(
        at,
        RequestId(redact.text(valid_text(job.id))),
        _shown(job.client),
        job.request_class,
        ModelName(valid_text(job.model)),
        pool,
        entry.instance or InstanceId(""),
        valid_text(job.path),
        job.stream,
        entry.state,
        total_s=end - entry.arrived,
        code=entry.why.code if entry.why is not None else "",
        queue_s=None if entry.dispatched is None else entry.dispatched - entry.arrived,
        first_token_s=_first_token_s(entry),
        token_s=_token_s(entry),
        prompt_tokens=entry.prompt_tokens,
        output_tokens=entry.output_tokens or None,
        status=entry.status,
        attempts=entry.attempts,
    )


@lru_cache(maxsize=256)
def _shown(client: ClientId) -> ClientId:
    return ClientId(redact.text(valid_text(client)))


def _first_token_s(entry: Entry) -> float | None:
    """Return the time to the first byte of a stream; an answer without a token, as to a load, has no first one."""
    empty = entry.state is RequestState.DONE and not entry.output_tokens
    return None if entry.first_byte is None or not entry.job.stream or empty else entry.first_byte - entry.arrived


def _token_s(entry: Entry) -> float | None:
    tokens = entry.output_tokens
    if not entry.job.stream:
        return entry.output_s / tokens if tokens and entry.output_s else None
    if tokens < 2 or entry.first_byte is None or entry.finished is None:
        return None
    return (entry.finished - entry.first_byte) / (tokens - 1)
