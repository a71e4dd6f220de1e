"""Questions in several dialects, and what the bytes of an answer say: its text, whether it ended, and its error."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ollama_panel.proxy.relay import PLAIN_HEARTBEAT_AFTER_S

CHAT, EMBEDDING = "llama3.1:8b", "nomic-embed-text"
TOKENS = 24
STREAM_SILENCE_S = 5.0
"""httpx, and so Ollama's and OpenAI's clients for Python, give up after as much silence by default."""
WHOLE_SILENCE_S = PLAIN_HEARTBEAT_AFTER_S + STREAM_SILENCE_S
"""Answers that are not streamed have heartbeats from then on."""


@dataclass(frozen=True)
class Answer:
    """The text so far, in pieces that were joined; `whole`: its end has come. `error` is "" if there was none."""

    text: str
    whole: bool
    error: str = ""


@dataclass(frozen=True)
class Question:
    """A request, the same each time it is asked; `read` makes an answer of the bytes that came back."""

    name: str
    path: str
    body: dict[str, Any]
    read: Callable[[bytes], Answer]

    @property
    def silence_s(self) -> float:
        """How long it may hear nothing."""
        return WHOLE_SILENCE_S if self.body.get("stream") is False or self.read is _vectors else STREAM_SILENCE_S


def questions() -> Iterator[Question]:
    """Yield questions of every kind that has another form of answer."""
    for number in range(4):
        messages = [{"role": "user", "content": f"Question {number}: why is the sky blue?"}]
        options = {"num_predict": TOKENS + number}
        yield Question(
            f"stream {number}",
            "/api/chat",
            {"model": CHAT, "messages": messages, "options": options},
            _lines,
        )
        yield Question(
            f"whole {number}",
            "/api/chat",
            {"model": CHAT, "messages": messages, "options": options, "stream": False},
            _lines,
        )
        yield Question(
            f"openai {number}",
            "/v1/chat/completions",
            {"model": CHAT, "messages": messages, "max_tokens": TOKENS + number, "stream": True},
            _events,
        )
        yield Question(f"embedding {number}", "/api/embed", {"model": EMBEDDING, "input": [f"text {number}"]}, _vectors)


def _lines(content: bytes) -> Answer:
    """Read JSON lines in Ollama's dialect; blanks between them are heartbeats."""
    text = ""
    for line in filter(None, map(bytes.strip, content.split(b"\n"))):
        part = _decoded(line)
        if part is None or "error" in part:
            return Answer(text, whole=False, error=_shown(line))
        text += part.get("message", {}).get("content", "")
        if part.get("done"):
            return Answer(text, whole=True)
    return Answer(text, whole=False)


def _events(content: bytes) -> Answer:
    """Read server-sent events in OpenAI's dialect; comments are heartbeats."""
    text = ""
    for line in content.split(b"\n"):
        if not line.startswith(b"data: "):
            continue
        if line == b"data: [DONE]":
            return Answer(text, whole=True)
        part = _decoded(line.removeprefix(b"data: "))
        if part is None or "error" in part:
            return Answer(text, whole=False, error=_shown(line))
        for choice in part.get("choices", ()):
            text += choice["delta"].get("content") or ""
    return Answer(text, whole=False)


def _vectors(content: bytes) -> Answer:
    part = _decoded(content)
    if part is None or "error" in part:
        return Answer("", whole=False, error=_shown(content))
    return Answer(json.dumps(part["embeddings"]), whole=True)


def _decoded(line: bytes) -> dict[str, Any] | None:
    try:
        part = json.loads(line)
    except ValueError:
        return None
    return part if isinstance(part, dict) else None


def _shown(line: bytes) -> str:
    return line.decode(errors="replace").strip()[:300]
