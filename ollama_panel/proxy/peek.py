"""Looking into a request body for the few fields that decide where it goes, without building the document.

Whatever is wrong with a body is for Ollama to say: here it only means "nothing known".
"""

import re
from typing import Any

import msgspec
import zstandard

from ollama_panel.core.api import Dialect, Route
from ollama_panel.core.records import LoadOptions
from ollama_panel.proxy import lenient
from ollama_panel.proxy.body import View

ZSTD_LIMIT = 20 * 1024 * 1024
"""Ollama's own limit of a decompressed body (`server/cloud_proxy.go`)."""

Raw = msgspec.Raw
_ABSENT = Raw()  # msgspec knows no optional Raw: an empty one stands for a field that is not there


class Fields(msgspec.Struct):
    """The fields of all dialects; everything but the model stays raw until somebody needs it."""

    model: str = ""
    name: Raw = _ABSENT
    stream: bool | None = None
    messages: Raw = _ABSENT
    prompt: Raw = _ABSENT
    input: Raw = _ABSENT
    system: Raw = _ABSENT
    instructions: Raw = _ABSENT
    suffix: Raw = _ABSENT
    options: Raw = _ABSENT
    keep_alive: Raw = _ABSENT
    service_tier: Raw = _ABSENT
    max_tokens: Raw = _ABSENT
    max_completion_tokens: Raw = _ABSENT
    max_output_tokens: Raw = _ABSENT


class Peek(msgspec.Struct, frozen=True):
    """What a body says. `model` is as written, "" when the body says none or cannot be read.

    `unloads`: it asks for nothing but that the model be unloaded.
    """

    model: str = ""
    stream: bool | None = None
    options: LoadOptions = LoadOptions()
    keep_alive_s: float | None = None
    max_tokens: int | None = None
    items: int = 1
    service_tier: str = ""
    turns: tuple[Raw, ...] = ()
    unloads: bool = False


NOTHING = Peek()

_fields = msgspec.json.Decoder(Fields)
_list = msgspec.json.Decoder(list[Raw])
_object = msgspec.json.Decoder(dict[str, Raw])
_any = msgspec.json.Decoder(Any)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_BLANK = (_ABSENT, Raw(b'""'), Raw(b"[]"), Raw(b"null"))
_STREAM = {b"true": True, b"false": False, b"null": None}
_LOAD_KEYS = LoadOptions.__struct_fields__
_FORM_FIELD = rb'name="%s"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]*)\r\n'
_FORM = {key: re.compile(_FORM_FIELD % key.encode()) for key in ("model", "stream")}
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
_UNIT_S = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def peek(view: View, route: Route, content_type: str, encoding: str) -> Peek:
    """Say what the body is about; `NOTHING` when it is not readable as what its headers claim."""
    if content_type.startswith("multipart/form-data"):
        return _peek_form(view)
    if encoding == "zstd" and route.dialect is not Dialect.NATIVE:
        view = inflate(view)
    elif encoding and encoding != "identity":
        return NOTHING
    try:
        fields = _fields.decode(view)
        if not (fields.model or fields.name):
            fields = _any_case(view)
    except _UNREADABLE:
        fields = _tolerant(view)
    return _understood(fields)


def _peek_form(view: View) -> Peek:
    found = {key: pattern.search(view) for key, pattern in _FORM.items()}
    model = found["model"].group(1).decode("utf-8", "replace") if found["model"] else ""
    stream = found["stream"] is not None and found["stream"].group(1) == b"true"
    return Peek(model=model, stream=stream)


def inflate(view: View) -> bytes:
    """Return a zstd body unpacked; b"" when it is none, or longer than Ollama takes."""
    try:
        with zstandard.ZstdDecompressor().stream_reader(memoryview(view)) as reader:
            data = reader.read(ZSTD_LIMIT + 1)
    except zstandard.ZstdError:
        return b""
    return data if len(data) <= ZSTD_LIMIT else b""


def _any_case(view: View) -> Fields:
    """Read again with keys in lower case: Go's JSON decoder does not mind the case of keys."""
    lowered = {key.lower(): raw for key, raw in _object.decode(view).items()}
    return _fields.decode(msgspec.json.encode(lowered))


def _tolerant(view: View) -> Fields:
    """Read what only Ollama's own decoder can read; what that refuses, too, is left to it."""
    found = lenient.fields(view, Fields.__struct_fields__)
    stream = found.pop("stream", b"null")
    if stream not in _STREAM:
        return Fields()
    model = lenient.text(found.pop("model", b""))
    return Fields(model=model, stream=_STREAM[stream], **{key: Raw(value) for key, value in found.items()})


def _understood(fields: Fields) -> Peek:
    options = _mapping(fields.options) if fields.options else {}
    keep_alive_s = seconds(_value(fields.keep_alive)) if fields.keep_alive else None
    return Peek(
        model=fields.model or (lenient.text(bytes(fields.name)) if fields.name else ""),
        stream=fields.stream,
        options=_load_options(options) if options else _NO_OPTIONS,
        keep_alive_s=keep_alive_s,
        max_tokens=_limit(fields, options),
        items=_items(fields.input) if fields.input else 1,
        service_tier=str(_value(fields.service_tier) or "") if fields.service_tier else "",
        turns=_turns(fields),
        unloads=keep_alive_s == 0 and all(raw in _BLANK for raw in (fields.messages, fields.prompt, fields.input)),
    )


def _value(raw: Raw) -> Any:
    try:
        return _any.decode(raw)
    except _UNREADABLE:
        return None


def _mapping(raw: Raw) -> dict[str, Raw]:
    try:
        return _object.decode(raw)
    except _UNREADABLE:
        return {}


def _load_options(options: dict[str, Raw]) -> LoadOptions:
    given = {key: _value(options[key]) for key in _LOAD_KEYS if key in options}
    return LoadOptions(**{key: _typed(key, value) for key, value in given.items()}) if given else _NO_OPTIONS


_NO_OPTIONS = LoadOptions()


def _typed(key: str, value: Any) -> Any:
    if key == "use_mmap":
        return value if isinstance(value, bool) else None
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _limit(fields: Fields, options: dict[str, Raw]) -> int | None:
    for raw in (
        fields.max_tokens,
        fields.max_completion_tokens,
        fields.max_output_tokens,
        options.get("num_predict", _ABSENT),
    ):
        value = _value(raw) if raw else None
        if isinstance(value, int | float) and value > 0:
            return int(value)
    return None


def _items(raw: Raw) -> int:
    return len(_elements(raw)) if _is_list(raw) else 1


def _is_list(raw: Raw) -> bool:
    return bytes(memoryview(raw)[:1]) == b"["


def _turns(fields: Fields) -> tuple[Raw, ...]:
    """Return the parts that a runner's prompt cache could share with the next request, oldest first."""
    first = [raw for raw in (fields.system, fields.instructions) if raw]
    if fields.messages:
        return (*first, *_elements(fields.messages))
    last = fields.prompt or fields.input
    return (*first, *(_elements(last) if last else ()))


def _elements(raw: Raw) -> tuple[Raw, ...]:
    if not _is_list(raw):
        return (raw,)
    try:
        return tuple(_list.decode(raw))
    except _UNREADABLE:
        return (raw,)


def seconds(value: object) -> float | None:
    """Return a `keep_alive` in seconds, a negative one (for ever) as it stands; None when Ollama would refuse it.

    Numbers are seconds, texts are Go durations (`api/types.go Duration.UnmarshalJSON`).
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    return float(value) if isinstance(value, int | float) else _duration(value.strip())


def _duration(text: str) -> float | None:
    sign, digits = (-1.0, text[1:]) if text.startswith("-") else (1.0, text.removeprefix("+"))
    if digits == "0":
        return 0.0
    parts = _DURATION.findall(digits)
    if not parts or "".join(number + unit for number, unit in parts) != digits:
        return None
    return sign * sum(float(number) * _UNIT_S[unit] for number, unit in parts)


def rewrite(body: bytes, options: LoadOptions | None, keep_alive: str | None) -> bytes:
    """Return a native body with other load options and another `keep_alive`; None leaves each as it is.

    Values that are not replaced stay byte for byte. A body that is no JSON object is returned as it is.
    """
    if options is None and keep_alive is None:
        return body
    try:
        document = _object.decode(body)
    except _UNREADABLE:
        return body
    if options is not None:
        document["options"] = Raw(msgspec.json.encode(_replaced(_mapping(document.get("options", _ABSENT)), options)))
    if keep_alive is not None:
        document["keep_alive"] = Raw(msgspec.json.encode(keep_alive))
    return msgspec.json.encode(document)


def _replaced(given: dict[str, Raw], options: LoadOptions) -> dict[str, Raw]:
    kept = {key: raw for key, raw in given.items() if key not in _LOAD_KEYS}
    wanted = {key: getattr(options, key) for key in _LOAD_KEYS}
    return kept | {key: Raw(msgspec.json.encode(value)) for key, value in wanted.items() if value is not None}
