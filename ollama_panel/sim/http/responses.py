"""Requests and answers of OpenAI's Responses API as Ollama implements it (`openai/responses.go`, 0.32)."""

import itertools
import json

from ollama_panel.sim.http.body import Document, encode
from ollama_panel.sim.http.dialect_writer import unix_now
from ollama_panel.sim.http.inference_request import InferenceRequest, plain_text
from ollama_panel.sim.http.native import call_id
from ollama_panel.sim.http.openai import JSON_TYPE, SSE_TYPE
from ollama_panel.sim.http.text import Reply, identity
from ollama_panel.sim.machine.work import Counters

_numbers = itertools.count(1)


def of_response(document: Document) -> InferenceRequest:
    """Read a request to `/v1/responses`."""
    turns = [("system", str(document["instructions"]))] if document.get("instructions") else []
    given = document.get("input")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given or []
    turns += [_turn(item) for item in items if isinstance(item, dict)]
    limit = document.get("max_output_tokens")
    wanted = (document.get("text") or {}).get("format") or {}
    return InferenceRequest(
        document.get("model") or "",
        tuple(turns),
        bool(document.get("stream")),
        limit=-1 if limit is None else limit,
        structured=wanted.get("type") in ("json_schema", "json_object"),
        schema=wanted.get("schema"),
        tools=tuple(tool for tool in document.get("tools") or () if tool.get("type") == "function"),
        extra={"tools": document.get("tools") or [], "format": wanted or {"type": "text"}, "limit": limit},
    )


def _turn(item: Document) -> tuple[str, str]:
    kind = item.get("type", "message")
    if kind == "function_call_output":
        return "tool", str(item.get("output"))
    if kind == "function_call":
        return "assistant", str(item.get("name")) + str(item.get("arguments"))
    return str(item.get("role", "user")), plain_text(item.get("content"))


class Response:
    """Writes the answers of `/v1/responses`; keys of streamed events are in alphabetical order (Go maps)."""

    stream_type = SSE_TYPE
    whole_type = JSON_TYPE

    def __init__(self, inference: InferenceRequest, reply: Reply) -> None:
        self.inference, self.reply = inference, reply
        self.extra = {"Cache-Control": "no-cache"}
        number = identity(str(next(_numbers)))
        self._id, self._item = f"resp_{number % 999_983}", f"msg_{number % 999_979}"
        self._created = unix_now()
        self._sequence = 0
        self._begun = self._text = False

    def piece(self, index: int) -> list[bytes]:
        """Return one piece."""
        found = self._begin()
        if self.reply.tool or index < self.reply.thinking:
            return found
        found += self._open()
        delta = {"content_index": 0, "delta": self.reply.pieces[index], "item_id": self._item, "logprobs": []}
        return [*found, self._event("response.output_text.delta", {**delta, "output_index": 0})]

    def end(self, counters: Counters) -> list[bytes]:
        """Return the end of a stream."""
        found = self._begin()
        if self.reply.tool:
            found += self._call_events()
        else:
            found += self._open() + self._close()
        output = [self._item_document("completed")]
        done = self._document("completed", output, counters)
        return [*found, self._event("response.completed", {"response": _sorted(done)})]

    def broken(self, message: str) -> list[bytes]:
        """Return the end of the stream without `response.completed`, as Ollama does."""
        return []

    def whole(self, counters: Counters) -> Document:
        """Return a whole answer."""
        return self._document("completed", [self._item_document("completed")], counters)

    def _begin(self) -> list[bytes]:
        if self._begun:
            return []
        self._begun = True
        document = _sorted(self._document("in_progress", [], None))
        return [
            self._event("response.created", {"response": document}),
            self._event("response.in_progress", {"response": document}),
        ]

    def _open(self) -> list[bytes]:
        if self._text:
            return []
        self._text = True
        item = {"content": [], "id": self._item, "role": "assistant", "status": "in_progress", "type": "message"}
        part = {"annotations": [], "logprobs": [], "text": "", "type": "output_text"}
        place = {"content_index": 0, "item_id": self._item, "output_index": 0}
        return [
            self._event("response.output_item.added", {"item": item, "output_index": 0}),
            self._event("response.content_part.added", {**place, "part": part}),
        ]

    def _close(self) -> list[bytes]:
        place = {"content_index": 0, "item_id": self._item, "output_index": 0}
        text = self.reply.text
        part = {"annotations": [], "logprobs": [], "text": text, "type": "output_text"}
        item = self._item_document("completed")
        return [
            self._event("response.output_text.done", {**place, "logprobs": [], "text": text}),
            self._event("response.content_part.done", {**place, "part": part}),
            self._event("response.output_item.done", {"item": _sorted(item), "output_index": 0}),
        ]

    def _call_events(self) -> list[bytes]:
        done = self._item_document("completed")
        place = {"item_id": done["id"], "output_index": 0}
        return [
            self._event(
                "response.output_item.added",
                {"item": {**done, "arguments": "", "status": "in_progress"}, "output_index": 0},
            ),
            self._event("response.function_call_arguments.delta", {**place, "delta": done["arguments"]}),
            self._event("response.function_call_arguments.done", {**place, "arguments": done["arguments"]}),
            self._event("response.output_item.done", {"item": done, "output_index": 0}),
        ]

    def _item_document(self, status: str) -> Document:
        if self.reply.tool:
            name, arguments = self.reply.tool
            call = call_id(self.reply)
            item = {"id": "fc_" + call, "type": "function_call", "status": status, "call_id": call}
            return {**item, "name": name, "arguments": json.dumps(arguments)}
        part = {"type": "output_text", "text": self.reply.text, "annotations": [], "logprobs": []}
        return {"id": self._item, "type": "message", "status": status, "role": "assistant", "content": [part]}

    def _document(self, status: str, output: list[Document], counters: Counters | None) -> Document:
        sums = None
        if counters is not None:
            sums = {
                "input_tokens": counters.prompt_tokens,
                "output_tokens": counters.output_tokens,
                "total_tokens": counters.prompt_tokens + counters.output_tokens,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            }
        return {
            "id": self._id,
            "object": "response",
            "created_at": self._created,
            "completed_at": unix_now() if counters is not None else None,
            "status": status,
            "incomplete_details": None,
            "model": self.inference.name,
            "previous_response_id": None,
            "instructions": None,
            "output": output,
            "error": None,
            "tools": self.inference.extra["tools"],
            "tool_choice": "auto",
            "truncation": "disabled",
            "parallel_tool_calls": True,
            "text": {"format": self.inference.extra["format"]},
            "top_p": 1,
            "presence_penalty": 0,
            "frequency_penalty": 0,
            "top_logprobs": 0,
            "temperature": 1,
            "reasoning": None,
            "usage": sums,
            "max_output_tokens": self.inference.extra["limit"],
            "max_tool_calls": None,
            "store": False,
            "background": False,
            "service_tier": "default",
            "metadata": {},
            "safety_identifier": None,
            "prompt_cache_key": None,
        }

    def _event(self, kind: str, fields: Document) -> bytes:
        document = {**fields, "sequence_number": self._sequence, "type": kind}
        self._sequence += 1
        return f"event: {kind}\n".encode() + b"data: " + encode(_sorted(document)) + b"\n\n"


def _sorted(document: Document) -> Document:
    return {key: _sorted(value) if isinstance(value, dict) else value for key, value in sorted(document.items())}
