"""A `curl` command that repeats a request without its content, which the panel does not keep."""

import json
import shlex

from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import RequestRecord

CONTENT = "..."
"""Stands where the content was."""
KEY = "$OLLAMA_PANEL_KEY"
"""The shell's variable with an API key, where the panel wants one."""

_MESSAGES = [{"role": "user", "content": CONTENT}]
_CONTENTS: dict[str, dict[str, object]] = {
    "/api/chat": {"messages": _MESSAGES},
    "/api/generate": {"prompt": CONTENT},
    "/api/embed": {"input": CONTENT},
    "/api/embeddings": {"prompt": CONTENT},
    "/v1/chat/completions": {"messages": _MESSAGES},
    "/v1/completions": {"prompt": CONTENT},
    "/v1/embeddings": {"input": CONTENT},
    "/v1/responses": {"input": CONTENT},
    "/v1/messages": {"max_tokens": 256, "messages": _MESSAGES},
}
_STREAMS_BY_ITSELF = ("/api/chat", "/api/generate")
_UPLOAD = "/v1/audio/transcriptions"
_WITHOUT_STREAM = ("/api/embed", "/api/embeddings", "/v1/embeddings")


def repeat_command(record: RequestRecord, url: str, *, with_key: bool) -> str:
    """Return the command for a POSIX shell: the same path, model, stream and class, sent to the panel at `url`.

    `with_key`: it sends the key in the shell's variable `OLLAMA_PANEL_KEY`.
    """
    parts = ["curl"]
    if record.stream:
        parts.append("--no-buffer")
    parts.append(shlex.quote(url + record.path))
    if record.request_class is RequestClass.BATCH:
        parts.append("-H 'X-Queue-Priority: batch'")
    if with_key:
        parts.append(f'-H "Authorization: Bearer {KEY}"')
    if record.path == _UPLOAD:
        parts.append(f"-F {shlex.quote(f'model={record.model}')} -F file=@FILE")
        return " ".join(parts)
    if record.path.startswith("/v1/"):
        parts.append("-H 'Content-Type: application/json'")
    parts.append(f"-d {shlex.quote(json.dumps(_body(record), ensure_ascii=False))}")
    return " ".join(parts)


def _body(record: RequestRecord) -> dict[str, object]:
    path = record.path
    body: dict[str, object] = {"model": record.model, **_CONTENTS.get(path, {"prompt": CONTENT})}
    if path not in _WITHOUT_STREAM and record.stream != (path in _STREAMS_BY_ITSELF):
        body["stream"] = record.stream
    return body
