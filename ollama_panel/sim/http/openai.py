"""Requests and answers in OpenAI's dialect as in Ollama 0.32 (`openai/openai.go`, `middleware/openai.go`)."""

import itertools
from typing import Any

from ollama_panel.sim.http.body import BadBodyError, Document, encode
from ollama_panel.sim.http.dialect_writer import unix_now
from ollama_panel.sim.http.inference_request import InferenceRequest, has_images, plain_text
from ollama_panel.sim.http.native import call_id, probability
from ollama_panel.sim.http.text import Reply
from ollama_panel.sim.machine.work import Counters

JSON_TYPE = "application/json"
SSE_TYPE = "text/event-stream"
_numbers = itertools.count(1)


def error(status: int, message: str) -> Document:
    """Return an error object."""
    kind = {400: "invalid_request_error", 404: "not_found_error"}.get(status, "api_error")
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def usage(counters: Counters) -> Document:
    """Return the token counts."""
    total = counters.prompt_tokens + counters.output_tokens
    return {
        "prompt_tokens": counters.prompt_tokens,
        "completion_tokens": counters.output_tokens,
        "total_tokens": total,
    }


def of_chat(document: Document) -> InferenceRequest:
    """Read a request to `/v1/chat/completions`. Raises BadBodyError if it is invalid."""
    messages = document.get("messages") or []
    if not messages:
        raise BadBodyError("[] is too short - 'messages'")
    structured, schema = _format(document.get("response_format"))
    effort = document.get("reasoning_effort")
    return InferenceRequest(
        document.get("model") or "",
        tuple((str(message.get("role")), _turn(message)) for message in messages),
        bool(document.get("stream")),
        limit=_limit(document),
        structured=structured,
        schema=schema,
        tools=tuple(document.get("tools") or ()),
        images=has_images(messages),
        think=None if effort is None else effort != "none",
        logprobs=int(document.get("top_logprobs") or 0) if document.get("logprobs") else None,
        usage=bool((document.get("stream_options") or {}).get("include_usage")),
    )


def of_completion(document: Document) -> InferenceRequest:
    """Read a request to `/v1/completions`. Raises BadBodyError if it is invalid."""
    prompt = document.get("prompt")
    return InferenceRequest(
        document.get("model") or "",
        (("user", str(prompt)),) if prompt else (),
        bool(document.get("stream")),
        limit=_limit(document),
        usage=bool((document.get("stream_options") or {}).get("include_usage")),
    )


class ChatCompletion:
    """Writes the answers of `/v1/chat/completions`."""

    stream_type = SSE_TYPE
    whole_type = JSON_TYPE

    def __init__(self, inference: InferenceRequest, reply: Reply) -> None:
        self.inference, self.reply = inference, reply
        self.extra: dict[str, str] = {}
        self._id = f"chatcmpl-{next(_numbers) % 999}"
        self._created = unix_now()
        self._opened = False

    def piece(self, index: int) -> list[bytes]:
        """Return one piece."""
        if self.reply.tool:
            return []
        piece = self.reply.pieces[index]
        delta: Document = {"content": "", "reasoning": piece} if index < self.reply.thinking else {"content": piece}
        chunk = self._chunk(delta)
        if self.inference.logprobs is not None:
            chunk["choices"][0]["logprobs"] = {"content": [probability(self.inference, self.reply, index)]}
        return [self._event(chunk)]

    def end(self, counters: Counters) -> list[bytes]:
        """Return the end of a stream."""
        last = b""
        if self.reply.tool:
            last += self._event(self._chunk({"content": "", "tool_calls": [self._call()]}))
        last += self._event(self._chunk({}, self._reason()))
        if self.inference.usage:
            last += self._event({**self._head("chat.completion.chunk"), "choices": [], "usage": usage(counters)})
        return [last + b"data: [DONE]\n\n"]

    def broken(self, message: str) -> list[bytes]:
        """Return an empty chunk without [DONE]: Ollama reads its own error line as an empty answer."""
        return [self._event({**self._chunk({"content": ""}), "model": ""})]

    def whole(self, counters: Counters) -> Document:
        """Return a whole answer."""
        message: Document = {"role": "assistant", "content": self.reply.text}
        if self.reply.thoughts:
            message["reasoning"] = self.reply.thoughts
        if self.reply.tool:
            message["tool_calls"] = [self._call()]
        choice: Document = {"index": 0, "message": message, "finish_reason": self._reason()}
        if self.inference.logprobs is not None:
            count = len(self.reply.pieces)
            choice["logprobs"] = {"content": [probability(self.inference, self.reply, index) for index in range(count)]}
        return {**self._head("chat.completion"), "choices": [choice], "usage": usage(counters)}

    def _head(self, kind: str) -> Document:
        return {
            "id": self._id,
            "object": kind,
            "created": self._created,
            "model": self.inference.name,
            "system_fingerprint": "fp_ollama",
        }

    def _chunk(self, delta: Document, reason: str | None = None) -> Document:
        if delta and not self._opened:
            self._opened, delta = True, {"role": "assistant", **delta}
        return {
            **self._head("chat.completion.chunk"),
            "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
        }

    def _event(self, document: Document) -> bytes:
        return b"data: " + encode(document) + b"\n\n"

    def _reason(self) -> str:
        return "tool_calls" if self.reply.tool else self.reply.reason

    def _call(self) -> Document:
        name, arguments = self.reply.tool or ("", {})
        function = {"name": name, "arguments": encode(arguments).decode()}
        return {"id": call_id(self.reply), "index": 0, "type": "function", "function": function}


class Completion:
    """Writes the answers of `/v1/completions`."""

    stream_type = SSE_TYPE
    whole_type = JSON_TYPE

    def __init__(self, inference: InferenceRequest, reply: Reply) -> None:
        self.inference, self.reply = inference, reply
        self.extra: dict[str, str] = {}
        self._id = f"cmpl-{next(_numbers) % 999}"
        self._created = unix_now()

    def piece(self, index: int) -> list[bytes]:
        """Return one piece."""
        return [self._event(self._chunk(self.reply.pieces[index]))]

    def end(self, counters: Counters) -> list[bytes]:
        """Return the end of a stream."""
        last = self._event(self._chunk("", self.reply.reason))
        if self.inference.usage:
            last += self._event({**self._chunk(""), "choices": [], "usage": usage(counters)})
        return [last + b"data: [DONE]\n\n"]

    def broken(self, message: str) -> list[bytes]:
        """Return an empty chunk without [DONE]: Ollama reads its own error line as an empty answer."""
        return [self._event({**self._chunk(""), "model": ""})]

    def whole(self, counters: Counters) -> Document:
        """Return a whole answer."""
        choice = {"text": self.reply.text, "index": 0, "finish_reason": self.reply.reason}
        return {
            "id": self._id,
            "object": "text_completion",
            "created": self._created,
            "model": self.inference.name,
            "system_fingerprint": "fp_ollama",
            "choices": [choice],
            "usage": usage(counters),
        }

    def _chunk(self, text: str, reason: str | None = None) -> Document:
        chunk: Document = {
            "id": self._id,
            "object": "text_completion",
            "created": self._created,
            "choices": [{"text": text, "index": 0, "finish_reason": reason}],
            "model": self.inference.name,
            "system_fingerprint": "fp_ollama",
        }
        if self.inference.usage:
            chunk["usage"] = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
        return chunk

    def _event(self, document: Document) -> bytes:
        return b"data: " + encode(document) + b"\n\n"


def _limit(document: Document) -> int:
    limit = document.get("max_tokens")
    return -1 if limit is None else int(limit)


def _turn(message: Document) -> str:
    calls = message.get("tool_calls")
    return plain_text(message.get("content")) + (str(calls) if calls else "")


def _format(wanted: Any) -> tuple[bool, Document | None]:
    kind = (wanted or {}).get("type")
    if kind == "json_schema":
        return True, (wanted.get("json_schema") or {}).get("schema")
    return kind == "json_object", None
