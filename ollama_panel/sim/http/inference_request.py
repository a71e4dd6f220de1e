"""An inference request of any dialect in one form: what it asks of which model, and what the model will answer."""

from typing import Any

import msgspec

from ollama_panel.core.records import LoadOptions
from ollama_panel.sim.http import text
from ollama_panel.sim.http.body import BadBodyError, Document, keep_alive_of, options_of, schema_of
from ollama_panel.sim.machine.model import Model
from ollama_panel.sim.machine.work import Kind, Segment, Work

_REMEMBERED = 16_384
"""Longer answers are not recognised in later prompts."""


class InferenceRequest(msgspec.Struct, frozen=True):
    """A request for text; `turns` are (role, text), none means that the model is only loaded.

    `name` is the model as the client wrote it, `limit` the number of tokens (-1 = no limit; with `ceiling` the answer
    may be shorter), `keep_alive` is in microseconds of wall time.
    """

    name: str
    turns: tuple[tuple[str, str], ...]
    stream: bool
    limit: int = -1
    ceiling: bool = False
    raw: bool = False
    structured: bool = False
    schema: Document | None = None
    tools: tuple[Document, ...] = ()
    images: bool = False
    think: bool | None = None
    logprobs: int | None = None
    usage: bool = False
    load: LoadOptions = LoadOptions()
    keep_alive: int | None = None
    extra: Document = {}

    @property
    def empty(self) -> bool:
        """Return whether the request only loads the model."""
        return not self.turns

    def prompt(self) -> tuple[Segment, ...]:
        """Return the segments of the prompt; tool definitions come first, as in templates."""
        found: tuple[Segment, ...] = ()
        if self.tools:
            found += text.segments("tools", msgspec.json.encode(self.tools).decode())
        for role, content in self.turns:
            found += text.segments(role, content)
        return found

    def reply(self, model: Model) -> text.Reply:
        """Return what the model answers."""
        seed = text.identity(repr((model.name, self.turns)))
        if self.tools and "tools" in model.capabilities and self.turns[-1][0] == "user":
            return _call(self.tools[0], seed)
        if self.structured:
            return text.structured(seed, self.limit, self.schema)
        answer = text.plain(seed, self.limit, ceiling=self.ceiling)
        if self.think is False or "thinking" not in model.capabilities:
            return answer
        return msgspec.structs.replace(answer, thinking=min(len(answer.pieces) // 2, 12))

    def work(self, request: str, model: Model, reply: text.Reply, keep_alive_us: int | None) -> Work:
        """Return the request as the machine sees it."""
        return Work(
            request,
            model.name,
            Kind.LOAD if self.empty else Kind.GENERATE,
            prompt=self.prompt(),
            output_tokens=len(reply.pieces),
            reason=reply.reason,
            reply=text.segments("assistant", reply.text) if len(reply.pieces) < _REMEMBERED else (),
            options=self.load,
            keep_alive_us=keep_alive_us,
        )


def _call(tool: Document, seed: int) -> text.Reply:
    function = tool.get("function", tool)
    schema = function.get("parameters") or function.get("input_schema") or {"type": "object", "properties": {}}
    arguments = text.instance_of(schema, seed)
    pieces = tuple(text.words(seed, 12))
    return text.Reply(
        pieces, "stop", tool=(str(function.get("name", "")), arguments if isinstance(arguments, dict) else {})
    )


def load_options(options: Document) -> LoadOptions:
    """Return the options that make Ollama reload a model."""

    def number(key: str) -> int | None:
        value = options.get(key)
        return int(value) if isinstance(value, int | float) else None

    return LoadOptions(
        num_ctx=number("num_ctx"),
        num_batch=number("num_batch"),
        num_gpu=number("num_gpu"),
        main_gpu=number("main_gpu"),
        use_mmap=options.get("use_mmap"),
        num_thread=number("num_thread"),
        draft_num_predict=number("draft_num_predict"),
    )


def plain_text(content: Any) -> str:
    """Return the text of a message: a string, or a list of parts as in OpenAI's and Anthropic's dialects."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(part if isinstance(part, str) else _part_text(part) for part in content)
    return ""


def _part_text(part: Document) -> str:
    inner = part.get("text", part.get("content", part.get("image_url", part.get("source", ""))))
    return inner if isinstance(inner, str) else plain_text(inner) if isinstance(inner, list) else str(inner)


def has_images(messages: list[Document]) -> bool:
    """Return whether a message has images."""
    kinds = ("image_url", "image", "input_image")
    return any(
        message.get("images")
        or (isinstance(message.get("content"), list) and any(part.get("type") in kinds for part in message["content"]))
        for message in messages
    )


def of_chat(document: Document) -> InferenceRequest:
    """Read a request to `/api/chat`. Raises BadBodyError if it is invalid."""
    options = options_of(document)
    structured, schema = schema_of(document)
    messages = document.get("messages") or []
    return InferenceRequest(
        document.get("model") or "",
        tuple((str(message.get("role")), _turn(message)) for message in messages),
        document.get("stream") is not False,
        limit=_limit(options),
        structured=structured,
        schema=schema,
        tools=tuple(document.get("tools") or ()),
        images=has_images(messages),
        think=_think(document),
        logprobs=_logprobs(document),
        load=load_options(options),
        keep_alive=keep_alive_of(document),
    )


def of_generate(document: Document) -> InferenceRequest:
    """Read a request to `/api/generate`. Raises BadBodyError if it is invalid."""
    options = options_of(document)
    structured, schema = schema_of(document)
    prompt = document.get("prompt") or ""
    if document.get("raw") and any(document.get(key) for key in ("template", "system", "context")):
        raise BadBodyError("raw mode does not support template, system, or context")
    turns = [("system", document["system"])] if prompt and document.get("system") else []
    turns += [("context", str(document["context"]))] if prompt and document.get("context") else []
    turns += [("user", prompt)] if prompt else []
    return InferenceRequest(
        document.get("model") or "",
        tuple(turns),
        document.get("stream") is not False,
        limit=_limit(options),
        raw=bool(document.get("raw")),
        structured=structured,
        schema=schema,
        images=bool(document.get("images")),
        think=_think(document),
        logprobs=_logprobs(document),
        load=load_options(options),
        keep_alive=keep_alive_of(document),
    )


def _limit(options: Document) -> int:
    """Return `num_predict`; 0 means no limit, too (llama-server then goes on until the context is full)."""
    return int(options.get("num_predict", -1)) or -1


def _turn(message: Document) -> str:
    calls = message.get("tool_calls")
    images = message.get("images")
    return plain_text(message.get("content")) + (str(calls) if calls else "") + (str(len(images)) if images else "")


def _think(document: Document) -> bool | None:
    value = document.get("think")
    return None if value is None else bool(value)


def _logprobs(document: Document) -> int | None:
    wanted = int(document.get("top_logprobs") or 0)
    if not 0 <= wanted <= 20:
        raise BadBodyError("top_logprobs must be between 0 and 20")
    return wanted if document.get("logprobs") else None
