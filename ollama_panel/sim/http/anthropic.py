"""Requests and answers in Anthropic's dialect as Ollama implements it (`anthropic/anthropic.go`, 0.32)."""

import itertools
import json

from ollama_panel.sim.http.body import BadBodyError, Document, encode
from ollama_panel.sim.http.inference_request import InferenceRequest, has_images, plain_text
from ollama_panel.sim.http.native import call_id
from ollama_panel.sim.http.openai import JSON_TYPE, SSE_TYPE
from ollama_panel.sim.http.text import Reply, identity, tokens_in
from ollama_panel.sim.machine.work import Counters

_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    503: "overloaded_error",
    529: "overloaded_error",
}
_numbers = itertools.count(1)


def _name(kind: str) -> str:
    return f"{kind}_{identity(kind + str(next(_numbers))):024x}"[: len(kind) + 25]


def error(status: int, message: str) -> Document:
    """Return an error object."""
    kind = _KINDS.get(status, "api_error")
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": _name("req")}


def of_messages(document: Document) -> InferenceRequest:
    """Read a request to `/v1/messages`. Raises BadBodyError if it is invalid."""
    messages = document.get("messages") or []
    if not document.get("model"):
        raise BadBodyError("model is required")
    if (document.get("max_tokens") or 0) <= 0:
        raise BadBodyError("max_tokens is required and must be positive")
    if not messages:
        raise BadBodyError("messages is required")
    turns = [("system", plain_text(document["system"]))] if document.get("system") else []
    turns += [(_role(message), _content(message)) for message in messages]
    return InferenceRequest(
        document["model"],
        tuple(turns),
        bool(document.get("stream")),
        limit=document["max_tokens"],
        ceiling=True,
        tools=tuple(document.get("tools") or ()),
        images=has_images(messages),
        think=(document.get("thinking") or {}).get("type") == "enabled",
    )


def _content(message: Document) -> str:
    content = message.get("content")
    return plain_text(content) or str(content)


def _role(message: Document) -> str:
    """Return the role of a message; a tool's result comes as a message of the user."""
    content = message.get("content")
    if isinstance(content, list) and any(part.get("type") == "tool_result" for part in content):
        return "tool"
    return str(message.get("role"))


class Messages:
    """Writes the answers of `/v1/messages`."""

    stream_type = SSE_TYPE
    whole_type = JSON_TYPE

    def __init__(self, inference: InferenceRequest, reply: Reply) -> None:
        self.inference, self.reply = inference, reply
        self.extra = {"Cache-Control": "no-cache"}
        self._id = _name("msg")
        self._open = ""
        self._index = 0
        self._begun = False

    def piece(self, index: int) -> list[bytes]:
        """Return one piece."""
        found = self._begin()
        if self.reply.tool:
            return found
        piece = self.reply.pieces[index]
        kind = "thinking" if index < self.reply.thinking else "text"
        found += self._block(kind)
        delta = {"type": f"{kind}_delta", kind: piece}
        return [*found, self._event("content_block_delta", index=self._index, delta=delta)]

    def end(self, counters: Counters) -> list[bytes]:
        """Return the end of a stream."""
        found = self._begin() + self._close()
        if self.reply.tool:
            found += self._tool()
        sums = {"input_tokens": counters.prompt_tokens, "output_tokens": counters.output_tokens}
        found.append(self._event("message_delta", delta={"stop_reason": self._reason()}, usage=sums))
        return [*found, self._event("message_stop")]

    def broken(self, message: str) -> list[bytes]:
        """Return nothing: Ollama reads its own error line as an empty answer, and there is no message_stop."""
        return []

    def whole(self, counters: Counters) -> Document:
        """Return a whole answer."""
        content: list[Document] = []
        if self.reply.thoughts:
            content.append({"type": "thinking", "thinking": self.reply.thoughts})
        if self.reply.text:
            content.append({"type": "text", "text": self.reply.text})
        if self.reply.tool:
            content.append({**self._use(), "input": self.reply.tool[1]})
        return {
            **self._head(content),
            "stop_reason": self._reason(),
            "usage": {"input_tokens": counters.prompt_tokens, "output_tokens": counters.output_tokens},
        }

    def _head(self, content: list[Document]) -> Document:
        return {
            "id": self._id,
            "type": "message",
            "role": "assistant",
            "model": self.inference.name,
            "content": content,
        }

    def _begin(self) -> list[bytes]:
        if self._begun:
            return []
        self._begun = True
        guess = sum(tokens_in(content) for _, content in self.inference.turns)
        message = {**self._head([]), "usage": {"input_tokens": guess, "output_tokens": 0}}
        return [self._event("message_start", message=message)]

    def _block(self, kind: str) -> list[bytes]:
        if self._open == kind:
            return []
        found = self._close()
        self._open = kind
        return [*found, self._event("content_block_start", index=self._index, content_block={"type": kind, kind: ""})]

    def _close(self) -> list[bytes]:
        if not self._open:
            return []
        self._open = ""
        closed = self._event("content_block_stop", index=self._index)
        self._index += 1
        return [closed]

    def _tool(self) -> list[bytes]:
        arguments = self.reply.tool[1] if self.reply.tool else {}
        delta = {"type": "input_json_delta", "partial_json": json.dumps(arguments)}
        return [
            self._event("content_block_start", index=self._index, content_block={**self._use(), "input": {}}),
            self._event("content_block_delta", index=self._index, delta=delta),
            self._event("content_block_stop", index=self._index),
        ]

    def _use(self) -> Document:
        name = self.reply.tool[0] if self.reply.tool else ""
        return {"type": "tool_use", "id": call_id(self.reply), "name": name}

    def _reason(self) -> str:
        if self.reply.tool:
            return "tool_use"
        return "max_tokens" if self.reply.reason == "length" else "end_turn"

    def _event(self, kind: str, **fields: object) -> bytes:
        return f"event: {kind}\n".encode() + b"data: " + encode({"type": kind, **fields}) + b"\n\n"
