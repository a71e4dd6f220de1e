"""Reads the few fields of a request body that decide where the request goes, without decoding the whole document.

Reporting an invalid body is up to Ollama: here it only means that nothing is known.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec
import zstandard

from ollama_panel.core.ollama import durations
from ollama_panel.core.ollama.api import Dialect, Route
from ollama_panel.core.records import LoadOptions
from ollama_panel.proxy import multipart_fields, tolerant_json
from ollama_panel.proxy.body_storage import View

MAX_ZSTD_BYTES = 20 * 1024 * 1024
"""Ollama's own limit of a decompressed body (`server/cloud_proxy.go`)."""

MAX_NAME_CHARACTERS = 512
"""Ollama accepts no longer names (`types/model/name.go`: parts of 80 characters, a host of 350)."""
MAX_NUMBER = 1 << 53
"""Greater numbers are ignored: they are beyond the integers that JSON numbers hold exactly."""
MAX_VALUE_BYTES = 256
MAX_TURNS = 1024
"""So many messages are enough to tell conversations apart."""
MAX_COMMAS = 200_000
"""A list with more commas is not split: that would take a tenth of a second and 20 MB (measured)."""
MANY_COMMAS = 20_000
"""Of an object with more commas only the wanted fields are taken, found by their usual names: a dictionary of three
million fields, in a body of 33 MB, took 15 s and 2 GB (measured)."""
LONG_BYTES = 8 << 20
"""So it is with a longer one: it may be one key."""
MAX_OPTIONS_BYTES = 1 << 20
"""Longer options are not looked into, and stay as they are."""
MAX_TEXT_BYTES = 6 * MAX_NAME_CHARACTERS + 2
"""The longest JSON of a name: each character may be written as an escape."""

Raw = msgspec.Raw
Part: TypeAlias = bytes | memoryview | Raw
Fields: TypeAlias = Mapping[str, Part]
"""The JSON of each top-level field by its name in lower case."""


class RequestFields(msgspec.Struct, frozen=True):
    """The fields of a body. `model` is as written, or "" if there is none or the body cannot be read.

    `unloads`: the request is a stop of the model.
    """

    model: str = ""
    stream: bool | None = None
    options: LoadOptions = LoadOptions()
    keep_alive_s: float | None = None
    max_tokens: int | None = None
    items: int = 1
    service_tier: str = ""
    turns: tuple[Part, ...] = ()
    unloads: bool = False


NO_FIELDS = RequestFields()

_list = msgspec.json.Decoder(list[Raw])
OBJECT = msgspec.json.Decoder(dict[str, Raw])
_any = msgspec.json.Decoder(Any)
_string = msgspec.json.Decoder(str)
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_QUOTE, _BRACKET = b'"['
_BLANK = re.compile(rb'""|\[\s*\]|null')
_CONTENT = {"generate": "prompt", "chat": "messages"}
"""Only these two actions of Ollama's can stop a model; all others would load it (`server/routes.go`, v0.32)."""
_STREAM = {b"true": True, b"false": False, b"null": None}
LOAD_KEYS = LoadOptions.__struct_fields__
_WANTED = frozenset(
    {
        "input",
        "instructions",
        "keep_alive",
        "max_completion_tokens",
        "max_output_tokens",
        "max_tokens",
        "messages",
        "model",
        "name",
        "options",
        "prompt",
        "service_tier",
        "stream",
        "system",
    }
)

_wanted = msgspec.json.Decoder(msgspec.defstruct("Wanted", [(name, Raw, Raw()) for name in sorted(_WANTED)]))
"""Skips all other fields without keeping them."""


def read_fields(view: View, route: Route, content_type: str, encoding: str) -> RequestFields:
    """Return the fields of a body; `NO_FIELDS` if it is not readable as what its headers claim.

    As in Ollama, only transcriptions may be forms, and only the other dialects' bodies may be compressed.
    """
    if route.action == "transcribe" and content_type.lower().startswith("multipart/form-data"):
        form_fields = multipart_fields.fields(view, content_type, ("model", "stream"))
        return RequestFields(model=_name(form_fields.get("model", "")), stream=form_fields.get("stream") == "true")
    if encoding == "zstd" and route.dialect is not Dialect.NATIVE:
        view = decompress(view)
    try:
        document = _few_fields(view) if is_too_much(view) else OBJECT.decode(view)
    except UNREADABLE:
        fields: Fields = tolerant_json.fields(view, _WANTED)
        options: Sequence[Part] = _repeated_options(view)
    else:
        plain = all(map(str.islower, document))
        fields = document if plain else {key.lower(): raw for key, raw in document.items()}
        repeats = "options" in fields and tolerant_json.repeated(view, document, "options")
        options = _repeated_options(view) if repeats else ()
    if not options and "options" in fields:
        options = (fields["options"],)
    return _parse(fields, options, _CONTENT.get(route.action, "") if route.dialect is Dialect.NATIVE else "")


def is_too_much(view: View) -> bool:
    """Return whether an object may have more, or longer, fields than a dictionary should hold."""
    return len(view) > LONG_BYTES or (len(view) > MANY_COMMAS and _count_commas(memoryview(view)) > MANY_COMMAS)


def _few_fields(view: View) -> dict[str, Raw]:
    found = _wanted.decode(view)
    return {name: raw for name in _WANTED if (raw := getattr(found, name))}


def decompress(view: View) -> bytes:
    """Return a zstd body decompressed; b"" if it is invalid, or longer than Ollama accepts."""
    try:
        with zstandard.ZstdDecompressor().stream_reader(memoryview(view), read_across_frames=True) as reader:
            data = reader.read(MAX_ZSTD_BYTES + 1)
    except zstandard.ZstdError:
        return b""
    return data if len(data) <= MAX_ZSTD_BYTES else b""


def _repeated_options(view: View) -> Sequence[memoryview]:
    found = tolerant_json.spans(view, ("options",))
    return [memoryview(view)[start:end] for start, end in found.spans.get("options", ())] if found else ()


def _parse(fields: Fields, given: Sequence[Part], content: str) -> RequestFields:
    """Return the parsed fields. `given` are the options, each time that the body has them.

    `content` is the field without which a request with `keep_alive` 0 is a stop.
    """
    get = fields.get
    stream, keep_alive, several, tier = get("stream"), get("keep_alive"), get("input"), get("service_tier")
    options = united(given) if given and not too_long(given) else _NO_MEMBERS
    keep_alive_s = durations.parse_json(_value(keep_alive)) if keep_alive else None
    return RequestFields(
        model=_name(_text(get("model")) or _text(get("name"))),
        stream=_STREAM.get(bytes(stream)) if stream else None,
        options=_load_options(options) if options else _NO_OPTIONS,
        keep_alive_s=keep_alive_s,
        max_tokens=_max_tokens(fields, options),
        items=len(_elements(several)) if several else 1,
        service_tier=_text(tier) if tier else "",
        turns=_turns(fields),
        unloads=keep_alive_s == 0 and bool(content) and _is_blank(get(content)),
    )


def _name(text: str) -> str:
    return text if len(text) <= MAX_NAME_CHARACTERS else ""


def _text(raw: Part | None) -> str:
    """Return the text of a JSON string, "" for anything else, and for one that is longer than any name."""
    if not raw or len(memoryview(raw)) > MAX_TEXT_BYTES:
        return ""
    try:
        return _string.decode(raw)
    except UNREADABLE:
        return tolerant_json.text(bytes(raw)) if memoryview(raw)[0] == _QUOTE else ""


def _is_blank(raw: Part | None) -> bool:
    return not raw or _BLANK.fullmatch(memoryview(raw)) is not None


def _value(raw: Part) -> Any:
    """Return a small JSON value; None if it is invalid, or longer than any wanted value."""
    if len(memoryview(raw)) > MAX_VALUE_BYTES:
        return None
    try:
        return _any.decode(raw)
    except UNREADABLE:
        return None


def too_long(options: Iterable[Part]) -> bool:
    """Return whether options are too long to look into."""
    return sum(len(memoryview(raw)) for raw in options) > MAX_OPTIONS_BYTES


def united(given: Iterable[Part]) -> dict[str, Raw]:
    """Return the members of a field that a body has several times, as Go reads it: united, unless one is null."""
    members: dict[str, Raw] = {}
    for raw in given:
        members = {} if bytes(memoryview(raw)[:5]) == b"null" else members | _mapping(raw)
    return members


def _mapping(raw: Part) -> dict[str, Raw]:
    try:
        return OBJECT.decode(raw)
    except UNREADABLE:
        return {}


def _load_options(options: Mapping[str, Raw]) -> LoadOptions:
    given = {key: _value(options[key]) for key in LOAD_KEYS if key in options}
    return LoadOptions(**{key: _option_value(key, value) for key, value in given.items()}) if given else _NO_OPTIONS


_NO_OPTIONS = LoadOptions()
_NO_MEMBERS: Mapping[str, Raw] = {}


def _option_value(key: str, value: Any) -> Any:
    if key == "use_mmap":
        return value if isinstance(value, bool) else None
    too_large = isinstance(value, int | float) and value > MAX_NUMBER
    return MAX_NUMBER if too_large else _integer(value)  # Ollama cuts a context to the one the model was trained for


def _integer(value: object) -> int | None:
    """Return a number without its fraction; None for anything else, and beyond `MAX_NUMBER`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MAX_NUMBER:
        return None
    return int(value)


_PIECE_BYTES = 65_536
_MAX_TOKENS_FIELDS = ("max_tokens", "max_completion_tokens", "max_output_tokens")


def _max_tokens(fields: Fields, options: Mapping[str, Raw]) -> int | None:
    if not options and fields.keys().isdisjoint(_MAX_TOKENS_FIELDS):
        return None
    for raw in (*map(fields.get, _MAX_TOKENS_FIELDS), options.get("num_predict")):
        value = _integer(_value(raw)) if raw else None
        if value is not None and value > 0:
            return value
    return None


def _turns(fields: Fields) -> tuple[Part, ...]:
    """Return the parts of a prompt that its prefix cache can share with the next request, oldest first."""
    get = fields.get
    first = [raw for raw in (get("system"), get("instructions")) if raw]
    last = get("messages") or get("prompt") or get("input")
    return (*first, *(_elements(last)[:MAX_TURNS] if last else ()))


def _elements(raw: Part) -> Sequence[Part]:
    """Return the elements of a JSON list; a list that is too long, and any other value, is one element."""
    view = memoryview(raw)
    if view[0] != _BRACKET or (len(view) > MAX_COMMAS and _count_commas(view) > MAX_COMMAS):
        return (raw,)
    try:
        return _list.decode(view)
    except UNREADABLE:
        return (raw,)


def _count_commas(view: memoryview) -> int:
    return sum(bytes(view[start : start + _PIECE_BYTES]).count(b",") for start in range(0, len(view), _PIECE_BYTES))
