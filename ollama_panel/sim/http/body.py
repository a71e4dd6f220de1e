"""JSON as Go reads and writes it: request bodies with the error texts of its decoder, answers as its encoder writes."""

import json
import re
import sys
from typing import Any

import msgspec

from ollama_panel.core.ollama import durations

Document = dict[str, Any]

_GO_TYPES: dict[str, dict[str, tuple[type | tuple[type, ...], str]]] = {
    "ChatRequest": {
        "model": (str, "string"),
        "messages": (list, "[]api.Message"),
        "stream": (bool, "bool"),
        "options": (dict, "map[string]interface {}"),
        "tools": (list, "api.Tools"),
    },
    "GenerateRequest": {
        "model": (str, "string"),
        "prompt": (str, "string"),
        "suffix": (str, "string"),
        "system": (str, "string"),
        "template": (str, "string"),
        "stream": (bool, "bool"),
        "raw": (bool, "bool"),
        "images": (list, "[]api.ImageData"),
        "options": (dict, "map[string]interface {}"),
    },
    "EmbedRequest": {
        "model": (str, "string"),
        "truncate": (bool, "bool"),
        "dimensions": (int, "int"),
        "options": (dict, "map[string]interface {}"),
    },
    "EmbeddingRequest": {
        "model": (str, "string"),
        "prompt": (str, "string"),
        "options": (dict, "map[string]interface {}"),
    },
    "ChatCompletionRequest": {
        "model": (str, "string"),
        "messages": (list, "[]openai.Message"),
        "stream": (bool, "bool"),
        "max_tokens": (int, "int"),
        "tools": (list, "[]api.Tool"),
    },
    "CompletionRequest": {
        "model": (str, "string"),
        "prompt": (str, "string"),
        "stream": (bool, "bool"),
        "max_tokens": (int, "int"),
    },
    "ResponsesRequest": {"model": (str, "string"), "stream": (bool, "bool"), "max_output_tokens": (int, "int")},
    "MessagesRequest": {
        "model": (str, "string"),
        "messages": (list, "[]anthropic.MessageParam"),
        "stream": (bool, "bool"),
        "max_tokens": (int, "int"),
    },
    "ShowRequest": {"model": (str, "string"), "verbose": (bool, "bool")},
    "DeleteRequest": {"model": (str, "string")},
    "CopyRequest": {"source": (str, "string"), "destination": (str, "string")},
    "PullRequest": {"model": (str, "string"), "stream": (bool, "bool")},
    "PushRequest": {"model": (str, "string"), "stream": (bool, "bool")},
    "CreateRequest": {"model": (str, "string"), "from": (str, "string"), "stream": (bool, "bool")},
}
_INTEGERS = frozenset(
    ["num_ctx", "num_batch", "num_gpu", "main_gpu", "num_thread", "num_keep", "seed", "num_predict", "top_k"]
)


_FLOATS = frozenset(
    ["temperature", "top_p", "min_p", "typical_p", "repeat_penalty", "presence_penalty", "frequency_penalty"]
)
_GO_LETTERS = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '"', "'": "\\'"}
_GO_WORDS = {
    "Expecting ':' delimiter": "after object key",
    "Expecting property name": "looking for beginning of object key string",
    "Illegal trailing comma": "looking for beginning of value",
    "Invalid control character": "in string literal",
    "Invalid \\escape": "in string escape code",
}


class BadBodyError(Exception):
    """A body that Ollama answers with an error; `missing`: there was none.

    `late`: found after the answer began; `native`: in Ollama's own dialect on every path.
    """

    def __init__(
        self, message: str, status: int = 400, *, missing: bool = False, late: bool = False, native: bool = False
    ) -> None:
        super().__init__(message)
        self.message, self.status, self.missing, self.late, self.native = message, status, missing, late, native


def decode(raw: bytes, go_type: str) -> Document:
    """Decode a JSON object and check the types that Go checks. Raises BadBodyError if it is invalid."""
    if not raw.strip():
        raise BadBodyError("missing request body", missing=True)
    try:
        document = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        document = _first_value(raw.decode("utf-8", "replace"))
    except RecursionError:
        raise BadBodyError("invalid character '[' exceeded max depth") from None  # as Go says beyond 10,000
    if not isinstance(document, dict):
        raise BadBodyError(f"json: cannot unmarshal {_kind(document)} into Go value of type api.{go_type}")
    for key, (wanted, name) in _GO_TYPES[go_type].items():
        value = document.get(key)
        if value is not None and not _fits(value, wanted):
            raise _wrong_type(value, f"{go_type}.{key}", name)
    _check_numbers(document, go_type)
    if go_type == "ChatRequest":
        _check_messages(document.get("messages") or [])
    return document


def _check_numbers(document: Document, go_type: str) -> None:
    """Refuse numbers that a float64 cannot hold, where Go reads one."""
    options = document.get("options")
    numbers = [("options", value) for value in options.values()] if isinstance(options, dict) else []
    for key, value in (*numbers, ("keep_alive", document.get("keep_alive"))):
        if isinstance(value, int) and abs(value) > sys.float_info.max:
            raise _wrong_type(value, f"{go_type}.{key}", "float64")


def _wrong_type(value: object, where: str, wanted: str) -> BadBodyError:
    return BadBodyError(f"json: cannot unmarshal {_kind(value)} into Go struct field {where} of type {wanted}")


def _check_messages(messages: list[Any]) -> None:
    for message in messages:
        if not isinstance(message, dict):
            raise _wrong_type(message, "ChatRequest.messages", "api.Alias")
        role = message.get("role")
        if role is not None and not isinstance(role, str):
            raise _wrong_type(role, "ChatRequest.messages.role", "string")


def _first_value(text: str) -> Any:
    text = text.lstrip()
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except json.JSONDecodeError as error:
        rest = text[error.pos :].lstrip(" \t\r\n") if "control character" not in error.msg else text[error.pos :]
        if not rest or error.msg.startswith("Unterminated"):
            raise BadBodyError("unexpected EOF") from None
        shown = _GO_LETTERS.get(rest[0], rest[0])
        raise BadBodyError(f"invalid character '{shown}' {_expected(error.msg, text[: error.pos])}") from None


def _expected(message: str, before: str) -> str:
    """Return what the decoder expected, in Go's words."""
    if message == "Expecting ',' delimiter":
        inside = re.sub(r'"(?:[^"\\]|\\.)*"', "", before)
        in_array = inside.rfind("[") > inside.rfind("{")
        return "after array element" if in_array else "after object key:value pair"
    return next(
        (go for python, go in _GO_WORDS.items() if message.startswith(python)), "looking for beginning of value"
    )


def _fits(value: object, wanted: type | tuple[type, ...]) -> bool:
    if wanted is int and isinstance(value, int) and not -(2**63) <= value < 2**63:
        return False
    return isinstance(value, wanted) and not (wanted is int and isinstance(value, bool))


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int) and 2**63 <= abs(value) < 10**1000:
        return f"number {value}"
    names = {str: "string", int: "number", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "null")


def options_of(document: Document) -> Document:
    """Return the options of a request. Raises BadBodyError if one has a wrong type (status 500, as Ollama answers)."""
    options: Document = {key: value for key, value in (document.get("options") or {}).items() if value is not None}
    for key in (_INTEGERS | _FLOATS) & options.keys():
        if isinstance(options[key], bool) or not isinstance(options[key], int | float):
            kind = "integer" if key in _INTEGERS else "float32"
            raise BadBodyError(f'option "{key}" must be of type {kind}', 500)
    return options


def keep_alive_of(document: Document) -> int | None:
    """Return `keep_alive` in wall microseconds: -1 = for ever, None = absent. Raises BadBodyError if it is invalid."""
    value = document.get("keep_alive")
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return -1 if value < 0 else round(min(value, durations.LONGEST_S) * 1e6)
    if isinstance(value, str):
        seconds = durations.parse(value)
        if seconds is None:
            raise BadBodyError(f'time: invalid duration "{value}"')
        return -1 if seconds < 0 else round(seconds * 1e6)
    raise BadBodyError(f"Unsupported type: '{_kind(value)}'")


def schema_of(document: Document, key: str = "format") -> tuple[bool, Document | None]:
    """Return whether the answer is JSON, and its schema. Raises BadBodyError (500) if the format is neither."""
    wanted = document.get(key)
    if wanted is None or wanted in ("", {}):
        return False, None
    if wanted == "json":
        return True, None
    if isinstance(wanted, dict):
        return True, wanted
    shown = json.dumps(json.dumps(wanted))
    raise BadBodyError(f'invalid format: {shown}; expected "json" or a valid JSON Schema object', 500, late=True)


def encode(value: object) -> bytes:
    """Encode JSON as Go does: without spaces, and with `<`, `>`, `&` escaped."""
    raw = msgspec.json.encode(value)
    if b"<" in raw or b">" in raw or b"&" in raw:
        raw = raw.replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")
    return raw
