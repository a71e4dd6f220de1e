"""Request bodies read as Go's decoder reads them, with its error texts; answers written as its encoder writes them."""

import json
from typing import Any

import msgspec

from ollama_panel.sim.config import duration_us

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
    "CompletionRequest": {"model": (str, "string"), "stream": (bool, "bool"), "max_tokens": (int, "int")},
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


class BadBodyError(Exception):
    """A body that Ollama answers with an error: `missing` = there was none, `late` = found when the answer began."""

    def __init__(self, message: str, status: int = 400, *, missing: bool = False, late: bool = False) -> None:
        super().__init__(message)
        self.message, self.status, self.missing, self.late = message, status, missing, late


def decode(raw: bytes, go_type: str) -> Document:
    """Decode a JSON object and check the types that Go would. Raises BadBodyError."""
    if not raw.strip():
        raise BadBodyError("missing request body", missing=True)
    try:
        document = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        document = _first_value(raw.decode("utf-8", "replace"))
    if not isinstance(document, dict):
        raise BadBodyError(f"json: cannot unmarshal {_kind(document)} into Go value of type api.{go_type}")
    for key, (wanted, name) in _GO_TYPES[go_type].items():
        value = document.get(key)
        if value is not None and not _fits(value, wanted):
            raise BadBodyError(
                f"json: cannot unmarshal {_kind(value)} into Go struct field {go_type}.{key} of type {name}"
            )
    return document


def _first_value(text: str) -> Any:
    try:
        return json.JSONDecoder().raw_decode(text.lstrip())[0]
    except json.JSONDecodeError as error:
        rest = text.lstrip()[error.pos :].strip()
        if not rest or error.msg.startswith("Unterminated"):
            raise BadBodyError("unexpected EOF") from None
        raise BadBodyError(f"invalid character '{rest[0]}' looking for beginning of value") from None


def _fits(value: object, wanted: type | tuple[type, ...]) -> bool:
    return isinstance(value, wanted) and not (wanted is int and isinstance(value, bool))


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    names = {str: "string", int: "number", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "null")


def options_of(document: Document) -> Document:
    """Return the options of a request, checked as Go does. Raises BadBodyError (status 500, as Ollama answers)."""
    options: Document = {key: value for key, value in (document.get("options") or {}).items() if value is not None}
    for key in _INTEGERS & options.keys():
        if isinstance(options[key], bool) or not isinstance(options[key], int | float):
            raise BadBodyError(f'option "{key}" must be of type integer', 500)
    return options


def keep_alive_of(document: Document) -> int | None:
    """Return `keep_alive` in microseconds of wall time: -1 = for ever, None = not given. Raises BadBodyError."""
    value = document.get("keep_alive")
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return -1 if value < 0 else round(value * 1e6)
    if isinstance(value, str):
        found = duration_us(value)
        if found is None:
            raise BadBodyError(f'time: invalid duration "{value}"')
        return -1 if found < 0 else found
    raise BadBodyError(f"Unsupported type: '{_kind(value)}'")


def schema_of(document: Document, key: str = "format") -> tuple[bool, Document | None]:
    """Read a wanted format: (structured?, schema). Raises BadBodyError (500) if it is neither `json` nor a schema."""
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
    """Write JSON as Go does: no spaces, and `<`, `>`, `&` escaped."""
    raw = msgspec.json.encode(value)
    if b"<" in raw or b">" in raw or b"&" in raw:
        raw = raw.replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")
    return raw
