"""Ollama's HTTP API as a table of routes: the kind and dialect of a path, and errors in each dialect.

Source: Ollama v0.33.0-rc2, `server/routes.go` for the routes, `openai.NewError` and `anthropic.NewError`
for the error bodies; checked against recorded answers of 0.9, 0.24 and 0.32.
"""

import re
from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from urllib.parse import unquote

import msgspec

from ollama_panel.core.ollama.out_of_memory import says_out_of_memory
from ollama_panel.core.records import FailureKind, RefusalReason
from ollama_panel.core.text import valid_text


class Kind(Enum):
    """How the proxy treats a request."""

    HEALTH = "health"
    INFERENCE = "inference"
    MANAGEMENT = "management"
    UPLOAD = "upload"
    AGGREGATE = "aggregate"
    PANEL = "panel"
    UNKNOWN = "unknown"


class Dialect(Enum):
    """The API that a path belongs to; it decides the shape of errors and streams."""

    NATIVE = "native"
    OPENAI = "openai"
    ANTHROPIC = "anthropic"


class Route(msgspec.Struct, frozen=True):
    """The kind of a request. `action` is the name of the endpoint ("chat", "embed", "tags", ...), "" if unknown.

    `streams` is the default of the body's `stream`: true in the native dialect, false in the others.
    `guarded` routes change the model store and can be blocked.
    """

    kind: Kind
    dialect: Dialect = Dialect.NATIVE
    action: str = ""
    streams: bool = False
    guarded: bool = False


EMBEDDING_ACTIONS = frozenset({"embed", "embeddings"})
"""Actions that return embeddings: they never stream and go to the embedding pool."""

BLOBS, USER_KEYS = "/api/blobs/", "/api/user/keys/"
"""What the guarded paths with a name in them begin with."""

_N, _O, _A = Dialect.NATIVE, Dialect.OPENAI, Dialect.ANTHROPIC


def _inference(action: str, dialect: Dialect = _N, *, streams: bool = False) -> dict[str, Route]:
    return {"POST": Route(Kind.INFERENCE, dialect, action, streams)}


def _read(kind: Kind, action: str, dialect: Dialect = _N, methods: str = "GET HEAD") -> dict[str, Route]:
    return {method: Route(kind, dialect, action) for method in methods.split()}


def _change(action: str, method: str = "POST", *, streams: bool = False) -> dict[str, Route]:
    return {method: Route(Kind.MANAGEMENT, _N, action, streams, guarded=True)}


_ROUTES: dict[str, dict[str, Route]] = {
    "/": _read(Kind.HEALTH, "root"),
    "/api/version": _read(Kind.MANAGEMENT, "version"),
    "/api/status": _read(Kind.MANAGEMENT, "status", methods="GET"),
    "/api/tags": _read(Kind.AGGREGATE, "tags"),
    "/api/ps": _read(Kind.AGGREGATE, "ps"),
    "/api/show": {"POST": Route(Kind.MANAGEMENT, _N, "show")},
    "/api/pull": _change("pull", streams=True),
    "/api/push": _change("push", streams=True),
    "/api/create": _change("create", streams=True),
    "/api/copy": _change("copy"),
    "/api/delete": _change("delete", "DELETE"),
    "/api/me": {"POST": Route(Kind.MANAGEMENT, _N, "me")},
    "/api/signout": _change("signout"),
    "/api/experimental/web_search": {"POST": Route(Kind.MANAGEMENT, _N, "web_search")},
    "/api/experimental/web_fetch": {"POST": Route(Kind.MANAGEMENT, _N, "web_fetch")},
    "/api/generate": _inference("generate", streams=True),
    "/api/chat": _inference("chat", streams=True),
    "/api/embed": _inference("embed"),
    "/api/embeddings": _inference("embeddings"),
    "/v1/chat/completions": _inference("chat", _O),
    "/v1/completions": _inference("generate", _O),
    "/v1/embeddings": _inference("embed", _O),
    "/v1/responses": _inference("responses", _O),
    "/v1/audio/transcriptions": _inference("transcribe", _O),
    "/v1/images/generations": _inference("image", _O),
    "/v1/images/edits": _inference("image", _O),
    "/v1/messages": _inference("chat", _A),
    "/v1/models": _read(Kind.AGGREGATE, "models", _O, methods="GET"),
}


@lru_cache(maxsize=512)
def classify(method: str, raw_path: str) -> Route:
    """Return the route of a request, from its method and its path as in the request line (a query is allowed).

    A path that is not in Ollama's table is `UNKNOWN`: it passes through, so that a newer Ollama keeps working. Percent
    escapes are decoded, as by Ollama's router (gin, `UseRawPath` off): `/api/pul%6c` pulls.
    """
    path = _plain(raw_path)
    row = _ROUTES.get(path)
    if row is not None:
        return row.get(method) or Route(Kind.UNKNOWN, dialect_of(path))
    return _classify_prefix(method, path)


def methods_of(raw_path: str) -> tuple[str, ...]:
    """Return the methods that Ollama accepts on a path, or () if the path is not in its table."""
    return tuple(_ROUTES.get(_plain(raw_path), ()))


def paths_with(fits: Callable[[Route], bool]) -> tuple[str, ...]:
    """Return the paths of the table of which a route fits, in its order."""
    return tuple(path for path, row in _ROUTES.items() if any(map(fits, row.values())))


def _plain(raw_path: str) -> str:
    path = raw_path.partition("?")[0]
    return unquote(path) if "%" in path else path


def _classify_prefix(method: str, path: str) -> Route:
    if path.startswith(BLOBS):
        upload = method == "POST"
        return Route(Kind.UPLOAD if upload else Kind.MANAGEMENT, _N, "blob", guarded=upload)
    if path.startswith(USER_KEYS):
        return Route(Kind.MANAGEMENT, _N, "key", guarded=True)
    if path.startswith("/v1/models/") and method == "GET":
        return Route(Kind.MANAGEMENT, _O, "model")
    if path == "/panel" or path.startswith("/panel/"):
        return Route(Kind.PANEL, _N, path[7:])
    return Route(Kind.UNKNOWN, dialect_of(path))


def dialect_of(path: str) -> Dialect:
    """Return the dialect of the answers under `path`."""
    if path.startswith("/v1/messages"):
        return Dialect.ANTHROPIC
    return Dialect.OPENAI if path.startswith("/v1/") else Dialect.NATIVE


_OPENAI_TYPES = {400: "invalid_request_error", 404: "not_found_error"}
_ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
}


OPENAI_CODES = {
    "access.key_needed": "invalid_api_key",
    "access.too_many_connections": "rate_limit_exceeded",
}
"""The codes of notices for which OpenAI's API has one of its own, which its clients know.

`context.too_long` (there `context_length_exceeded`) is not among them: only Ollama's own API can ask for a context.
"""


def error_body(dialect: Dialect, status: int, message: str, request_id: str = "", code: str = "") -> bytes:
    """Return the JSON error body with `message` in `dialect`, in the shape and key order of Ollama's own.

    `code` is that of the panel's notice, "" for an error of Ollama; clients of all three dialects ignore the fields
    that they do not know. The `ollama` command reads `status` alone of an answer with 401, and has no words of its own
    for it (0.32.15, `api/types.go AuthorizationError`). Bytes that are not valid text, quoted from a request's headers,
    become question marks.
    """
    return msgspec.json.encode(_error_tree(dialect, status, valid_text(message), request_id, code))


def _error_tree(dialect: Dialect, status: int, message: str, request_id: str, code: str) -> dict[str, object]:
    coded = {"code": code} if code else {}
    if dialect is Dialect.NATIVE:
        return {"error": message, **coded, **({"status": message} if status == 401 else {})}
    if dialect is Dialect.OPENAI:
        kind = _OPENAI_TYPES.get(status, "api_error" if status >= 500 else "invalid_request_error")
        known = OPENAI_CODES.get(code, code) or None
        return {"error": {"message": message, "type": kind, "param": None, "code": known}}
    kind = _ANTHROPIC_TYPES.get(status, "api_error")
    return {"type": "error", "error": {"type": kind, "message": message, **coded}, "request_id": request_id}


def stream_error(
    dialect: Dialect, status: int, message: str, request_id: str = "", code: str = "", *, sse: bool
) -> bytes:
    """Return the bytes of an error inside a stream that has begun: a line of NDJSON, or an SSE event."""
    body = error_body(dialect, status, message, request_id, code)
    if not sse:
        return body + b"\n"
    event = b"event: error\n" if dialect is Dialect.ANTHROPIC else b""
    return event + b"data: " + body + b"\n\n"


REFUSAL_STATUS: dict[RefusalReason, int] = {
    RefusalReason.QUEUE_FULL: 503,
    RefusalReason.QUEUE_TIMEOUT: 504,
    RefusalReason.NO_INSTANCE: 503,
    RefusalReason.FAILED: 502,
    RefusalReason.CONTEXT: 400,
    RefusalReason.CANCELLED: 499,
}
"""The HTTP status of each refusal; Ollama itself answers 499 for "request canceled"."""

_RUNNER = re.compile(
    r"process has terminated|has unexpectedly stopped|timed out waiting for llama|error was encountered while running"
    r"|no longer running|error loading model|EOF|connection refused|connection reset|broken pipe"
    r"|No connection could be made|forcibly closed|unexpected server status|no slots available|error starting llama"
    r"|error reading llama-server|server not responding|mlx runner (failed|exited)"
    r"|timeout waiting for mlx runner|failed to start mlx runner",
)


_UNREADABLE = "model is required"
_MODEL_MISSING = re.compile(r"\bmodel\b.*\bnot found\b", re.IGNORECASE | re.DOTALL)


def says_model_missing(status: int, text: str) -> bool:
    """Return whether an instance's error answer says that its store does not have the model.

    Texts of all dialects: `model 'x' not found`, `model "x" not found, try pulling it first` (Ollama
    `server/routes.go`, v0.9 to v0.32). The answer to a path that an older version does not know, `404 page not found`,
    has the same status. A server that can no longer read its store says `model is required` of a chat that names one
    (v0.32, `server/routes.go ChatHandler`, `openai/openai.go`; requests that name none are not asked about here).
    """
    return (status == 404 and _MODEL_MISSING.search(text) is not None) or (status == 400 and text == _UNREADABLE)


def failure_of(status: int, text: str) -> FailureKind | None:
    """Return how an attempt failed, from an instance's error answer, or None if the request itself is wrong.

    Texts: Ollama `server/sched.go ErrMaxQueue`, `llm/llama_server.go`, `x/mlxrunner/client.go` (August 2026) and
    `runner_killed`, `too_large_context` of the recordings; on Windows those of its sockets. An error of the client is
    passed on.
    """
    if status == 503:
        return FailureKind.BUSY
    if status == 499:
        return FailureKind.CLOSED
    if status in (502, 504):
        return FailureKind.UPSTREAM
    if status != 500:
        return None
    text = text.partition("raw=")[0]  # after it a tool call is quoted, which is text of the model
    if says_out_of_memory(text):
        return FailureKind.OUT_OF_MEMORY
    return FailureKind.RUNNER if _RUNNER.search(text) else None
