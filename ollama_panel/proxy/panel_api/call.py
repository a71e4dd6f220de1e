"""One call of the panel's API: its parameters, its body and its answer, with the types that its operation declares."""

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin
from urllib.parse import parse_qsl

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.settings import codec, forms, json_text
from ollama_panel.core.settings.expectation import bare, expectation
from ollama_panel.core.settings.tree import PoolSettings, Scope, Settings
from ollama_panel.core.settings.values import shown
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.headers import JSON, RawHeaders
from ollama_panel.proxy.panel_api.encoding import encode
from ollama_panel.proxy.panel_api.source import PanelSource
from ollama_panel.proxy.response import Response

T = TypeVar("T")
R = TypeVar("R", bound=msgspec.Struct)
BODY_BYTES = MIB
"""The longest body: settings with thousands of variables have less."""

_JSON = "application/json"

_ETAG_KEY = secrets.token_bytes(32)
"""Without it, whoever may see settings could try which secret makes their tag."""

STATUSES: Mapping[str, int] = {
    "history.none_yet": 404,
    "history.unreadable": 500,
    "instance.unknown": 404,
    "instance.none": 404,
    "instance.not_ours": 409,
    "instance.down": 409,
    "drill.running": 409,
    "drill.none": 409,
    "drill.tuning": 409,
    "drill.no_model": 404,
    "drill.no_models": 409,
    "drill.no_pool": 409,
    "drill.no_room": 409,
    "models.no_room": 409,
    "models.no_place": 409,
    "models.unloaded_meanwhile": 409,
    "models.not_up": 409,
    "models.not_here": 404,
    "models.not_in_memory": 409,
    "models.not_pinned": 409,
    "models.not_loaded": 409,
    "models.load_timeout": 409,
    "servers.no_server": 404,
    "recording.nothing": 409,
    "servers.no_address": 409,
    "servers.own": 409,
    "replacing.of_panel": 409,
    "replacing.not_replaced": 409,
    "replacing.twice": 409,
    "replacing.demo": 409,
    "doctor.demo": 409,
    "replacing.stays": 409,
    "replacing.command_failed": 409,
    "replacing.not_started": 409,
    "replacing.ended_at_once": 409,
    "apply.file_other": 409,
    "apply.file_unreadable": 409,
    "apply.no_unit": 409,
    "apply.no_program": 409,
    "apply.no_login": 409,
    "apply.no_brew": 409,
    "apply.no_docker": 409,
    "apply.no_system": 409,
    "apply.busy": 409,
    "apply.demo": 409,
    "apply.changed": 409,
    "apply.refused": 409,
    "apply.nothing_to_undo": 409,
    "export.unknown_target": 404,
    "apply.unreachable": 409,
    "apply.failed": 409,
    "apply.slow": 409,
    "apply.no_answer": 409,
    "doctor.no_finding": 404,
    "doctor.no_undo": 404,
    "doctor.not_aside": 404,
    "doctor.no_fix": 409,
    "doctor.not_looked": 409,
    "doctor.changed": 409,
    "doctor.file_changed": 409,
    "doctor.mends": 409,
    "doctor.busy": 409,
    "doctor.undo_newer": 409,
    "doctor.in_window": 409,
    "looking.nothing": 404,
    "import.none_here": 404,
    "import.nothing": 409,
    "import.changed": 409,
    "import.none_to_undo": 409,
    "takeover.failed": 409,
    "takeover.failed_back": 409,
    "takeover.has_it": 409,
    "takeover.not_taken": 409,
    "takeover.of_panel": 409,
    "takeover.not_ollama": 409,
    "takeover.exposed": 409,
    "takeover.demo": 409,
    "takeover.replaced": 409,
    "tuning.none": 409,
    "gpu_yield.no_load": 409,
    "tuning.unknown": 404,
    "tuning_choice.no_pool": 409,
    "tuning_choice.several_pools": 409,
    "tuning_choice.no_model": 409,
    "request.unknown": 404,
    "request.not_waiting": 409,
    "request.ended": 409,
    "change.none_to_undo": 409,
    "pool.unknown": 404,
    "pool.exists": 409,
    "profiles.unknown": 404,
    "profiles.none": 404,
    "profiles.no_tuning": 404,
    "keys.unknown": 404,
    "keys.none": 404,
    "keys.exists": 409,
    "rollout.failed": 409,
    "rollout.successors_failed": 409,
    "api.changed_meanwhile": 412,
    "api.content_type": 415,
    "engine.not_running": 503,
    "rollout.ended": 503,
    "file.busy": 503,
    "file.not_read": 500,
    "file.not_written": 500,
    "settings_file.no_target": 500,
    "settings_file.not_backed_up": 500,
}
"""The status of an error by the code of its notice; that of all others is 400."""


class NoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An operation without parameters."""


class AnyQuery(msgspec.Struct, frozen=True):
    """An operation that ignores parameters, as the panel's first ones do."""


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """What can be done on a path: the one description from which calls are routed, checked and documented.

    `path` has `{name}` for what stands there percent-encoded. `scope` is what a key needs, None = no key is needed;
    `strict`: one is needed even where the panel wants none otherwise. `answers` are the records of the answers by
    status, or a content type; `streams` the content types of answers without an end. `query` and `body` are the types
    of what it takes, `errors` further statuses of errors, `tagged`: its answers have an ETag.
    """

    method: str
    path: str
    handler: "Handler"
    summary: str
    answers: Mapping[int, type[msgspec.Struct] | str]
    scope: Scope | None = Scope.SEE
    strict: bool = True
    query: type[msgspec.Struct] = NoQuery
    body: Any = None
    errors: tuple[int, ...] = ()
    tagged: bool = False
    streams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call of an operation. `names` stand for those in its path, `ending` is set when the server stops.

    `read` returns the body; it raises `BodyError` if that is longer than `BODY_BYTES`. `may_go_on` returns whether the
    key that it has shown still opens the operation.
    """

    panel: PanelSource
    exchange: Exchange
    operation: Operation
    names: tuple[str, ...]
    read: Callable[[], Awaitable[bytes]]
    ending: asyncio.Event
    may_go_on: Callable[[], bool]

    def query(self, kind: type[T]) -> T:
        """Return the parameters. Raises `PanelError` if there are others, or if one has not its type."""
        assert kind is self.operation.query
        given = dict[str, Any]()
        lists = {one.name for one in msgspec.structs.fields(self.operation.query) if _is_list(one.type)}
        for name, text in parse_qsl(self.exchange.path.partition("?")[2], keep_blank_values=True):
            if name in given:
                raise PanelError(notice("api.parameter_twice", name=forms.quoted(name)))
            given[name] = [one for one in text.split(",") if one] if name in lists else text
        try:
            return msgspec.convert(given, kind, strict=False)
        except msgspec.ValidationError as error:
            reason = _misfit(given, self.operation.query, strict=False)
            raise PanelError(notice("api.parameters", reason=reason)) from error

    async def content(self) -> object:
        """Return the body's JSON. Raises `PanelError` if it is none, or has one name twice."""
        given = self.exchange.request.headers.get("Content-Type", _JSON)
        kind = given.partition(";")[0].strip().lower()
        if kind != _JSON and not (kind.startswith("application/") and kind.endswith("+json")):
            raise PanelError(notice("api.content_type", given=forms.quoted(given) or "—"))
        return decode(await self.read())

    async def body(self, kind: type[R]) -> R:
        """Return the body as a record. Raises `PanelError` if it is none of this kind."""
        given = await self.object()
        try:
            return msgspec.convert(given, kind)
        except msgspec.ValidationError as error:
            raise PanelError(notice("api.body", reason=_misfit(given, kind, strict=True))) from error

    async def object(self) -> dict[str, object]:
        """Return the body, an object. Raises `PanelError` if it is none."""
        content = await self.content()
        if not isinstance(content, dict):
            raise PanelError(notice("json.no_object"))
        return content

    def require_unchanged(self, current: Settings | PoolSettings) -> None:
        """Raise `PanelError` if the call names the tags of others (`If-Match`, RFC 9110 section 13.1.1)."""
        given = ",".join(self.exchange.request.headers.getall("If-Match", ()))
        if given and given.strip() != "*" and etag(current) not in (one.strip() for one in given.split(",")):
            raise PanelError(notice("api.changed_meanwhile"))

    async def answer(
        self, record: msgspec.Struct, status: int = 200, *, tag: Settings | PoolSettings | None = None
    ) -> Response:
        """Answer with a record, and the tag of what it shows."""
        headers: RawHeaders = [(b"Cache-Control", b"no-store")]
        if tag is not None:
            headers.append((b"ETag", etag(tag).encode()))
        return await self.exchange.respond(status, encode(record), JSON, headers)


Handler = Callable[[Call], Awaitable[Response]]


def etag(value: Settings | PoolSettings) -> str:
    """Return the tag of settings, other ones for others, and after each start of the panel."""
    content = codec.dump(value) if isinstance(value, Settings) else msgspec.json.encode(value, order="sorted")
    return f'"{hmac.new(_ETAG_KEY, content, hashlib.sha256).hexdigest()[:32]}"'


def decode(raw: bytes) -> object:
    """Return the content of JSON in UTF-8. Raises `PanelError` if it is none, or has one name twice in an object."""
    try:
        content = msgspec.json.decode(raw)
        json.loads(raw, object_pairs_hook=_require_single)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise PanelError(notice("api.json", cause=_why_not_json(raw, error))) from error
    return content


def _require_single(pairs: list[tuple[str, object]]) -> None:
    names = set[str]()
    for name, _ in pairs:
        if name in names:
            raise PanelError(notice("api.name_twice", name=forms.quoted(name)))
        names.add(name)


def _why_not_json(raw: bytes, error: Exception) -> Any:
    """Return the place of the error as people find it, or the words of the decoder for what JSON files may have."""
    try:
        json_text.decode(raw)
    except PanelError as found:
        return found.notice
    return f"{forms.quoted(str(error))}."


def _is_list(kind: Any) -> bool:
    return get_origin(bare(kind)) is tuple


def _misfit(given: Mapping[str, object], kind: type[msgspec.Struct], *, strict: bool) -> Notice:
    """Return what of the content of a record is wrong, as a part of a sentence."""
    fields = {one.name: one for one in msgspec.structs.fields(kind)}
    for name, value in given.items():
        if name not in fields:
            quoted, known = forms.quoted(name), tuple(fields)
            return notice("api.unknown", name=quoted, known=known) if known else notice("api.none", name=quoted)
        wrong = _wrong(fields[name].type, value, strict=strict)
        if wrong is not None:
            return notice("api.value", name=name, wrong=wrong)
    return notice("api.missing", names=tuple(one.name for one in fields.values() if one.required))


def _wrong(kind: Any, value: object, *, strict: bool) -> Notice | None:
    """Return what is wrong with a value of a record; of a list with the first wrong entry."""
    if not strict and get_origin(kind) is UnionType:
        kind = get_args(kind)[0]  # a parameter is left out instead of None
    if _is_list(kind) and isinstance(value, list):
        return next(filter(None, (_wrong(get_args(bare(kind))[0], one, strict=strict) for one in value)), None)
    try:
        msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError:
        return notice("setting.not_that", expected=expectation(kind), given=shown(value))
    return None
