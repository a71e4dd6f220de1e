"""A test of the way through the panel: one short chat, sent as a client sends it, and what has become of it.

Times are seconds of one clock of whoever sends it; compare them with each other alone.
"""

import contextlib
from enum import Enum
from typing import Annotated

import msgspec

from ollama_panel.core.ids import ModelName, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.snapshot import RequestRecord, RequestState

MOST_TOKENS = 200
"""The most tokens of the answer, so that a model that talks without end frees its slot."""
_LONGEST_WORDS = 300
"""Characters of a server's own words that are shown."""


class TrialState(Enum):
    """How far a test is. SENT: no token of the answer has come."""

    SENT = "sent"
    ANSWERING = "answering"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TrialPart(Enum):
    """Where a test has failed.

    ADDRESS: nobody listens there. ACCESS: the panel lets it not in, for its key or its host. QUEUE: it got no instance.
    INSTANCE: the instance refused it, or did not load the model. ANSWER: the answer broke off.
    """

    ADDRESS = "address"
    ACCESS = "access"
    QUEUE = "queue"
    INSTANCE = "instance"
    ANSWER = "answer"


class Trial(msgspec.Struct, frozen=True):
    """A test. `text` is the answer so far, `thinking` what the model has thought before it.

    `first_token_s` and `total_s` are seconds from its sending, None = not yet. `record` is the panel's own of the
    request, None until it has ended, or if the panel never queued it. `problem` says why it failed, and `failed_at`
    where.
    """

    request: RequestId
    model: ModelName
    state: TrialState = TrialState.SENT
    text: str = ""
    thinking: str = ""
    first_token_s: float | None = None
    total_s: float | None = None
    record: RequestRecord | None = None
    failed_at: TrialPart | None = None
    problem: Notice | None = None


class _Message(msgspec.Struct, frozen=True):
    content: str = ""
    thinking: str = ""


class _Line(msgspec.Struct, frozen=True):
    """One line of a stream of `/api/chat` (Ollama `api/types.go ChatResponse`), or the error at its end."""

    message: _Message = _Message()
    done: bool = False
    error: Annotated[str, msgspec.Meta(min_length=1)] | None = None


_line = msgspec.json.Decoder(_Line)


def body_of(model: ModelName, question: str) -> bytes:
    """Return the body of the request, for `/api/chat`."""
    return msgspec.json.encode(
        {
            "model": model,
            "messages": [{"role": "user", "content": question}],
            "stream": True,
            "options": {"num_predict": MOST_TOKENS},
        }
    )


class TrialRun:
    """Folds what comes back into `trial`; `began` is when the request was sent."""

    def __init__(self, request: RequestId, model: ModelName, began: float) -> None:
        self.trial = Trial(request, model)
        self._began = began
        self._complete = False
        self._error = ""

    def line(self, content: bytes, now: float) -> None:
        """Take one line of the stream; blank ones are heartbeats."""
        if not content.strip():
            return
        try:
            line = _line.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self._error = content[:_LONGEST_WORDS].decode("utf-8", "replace").strip()
            return
        self._complete = self._complete or line.done
        self._error = (line.error or "")[:_LONGEST_WORDS] or self._error
        if line.message.content or line.message.thinking:
            first = self.trial.first_token_s
            self.trial = msgspec.structs.replace(
                self.trial,
                state=TrialState.ANSWERING,
                text=self.trial.text + line.message.content,
                thinking=self.trial.thinking + line.message.thinking,
                first_token_s=now - self._began if first is None else first,
            )

    def ended(self, record: RequestRecord | None, now: float) -> Trial:
        """Take the end of a stream with the panel's record of the request."""
        if self._error or not self._complete:
            words = notice("trial.answered", answer=self._error) if self._error else notice("trial.broken_off")
            return self._failed(words, record, now)
        return self._over(TrialState.ANSWERED, record, now)

    def refused(self, status: int, answer: bytes, record: RequestRecord | None, now: float) -> Trial:
        """Take an answer with another status than 200."""
        words = answer[:_LONGEST_WORDS].decode("utf-8", "replace").strip()
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):  # the words of what is no Ollama say as much
            words = (_line.decode(answer).error or words)[:_LONGEST_WORDS]
        return self._failed(notice("trial.status", status=status, answer=words), record, now)

    def unreachable(self, url: str, reason: str, record: RequestRecord | None, now: float) -> Trial:
        """Take that no connection came about, or that it broke before the answer began."""
        return self._failed(notice("trial.unreachable", url=url, reason=reason), record, now, TrialPart.ADDRESS)

    def cancelled(self, record: RequestRecord | None, now: float) -> Trial:
        """Take that the user has cancelled it."""
        return self._over(TrialState.CANCELLED, record, now)

    def _failed(
        self, words: Notice, record: RequestRecord | None, now: float, unqueued: TrialPart = TrialPart.ACCESS
    ) -> Trial:
        """`unqueued` is the part that failed if the panel has no record of the request."""
        if record is not None and record.state is RequestState.CANCELLED:
            return self._over(TrialState.CANCELLED, record, now)
        why = words if record is None or record.why is None else record.why
        trial = self._over(TrialState.FAILED, record, now)
        self.trial = msgspec.structs.replace(trial, failed_at=_part(record, unqueued), problem=why)
        return self.trial

    def _over(self, state: TrialState, record: RequestRecord | None, now: float) -> Trial:
        self.trial = msgspec.structs.replace(self.trial, state=state, record=record, total_s=now - self._began)
        return self.trial


def _part(record: RequestRecord | None, unqueued: TrialPart) -> TrialPart:
    """Return where a request has failed, by how far the panel's record says that it came."""
    if record is None:
        return unqueued
    if record.first_byte is not None:
        return TrialPart.ANSWER
    return TrialPart.QUEUE if record.dispatched is None else TrialPart.INSTANCE
