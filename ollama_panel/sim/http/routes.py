"""The routes of the API (0.32 `server/routes.go`)."""

from enum import Enum


class Dialect(Enum):
    """The API to whose dialect a path belongs."""

    NATIVE = "native"
    OPENAI = "openai"
    ANTHROPIC = "anthropic"


INFERENCE = {
    "/api/generate",
    "/api/chat",
    "/api/embed",
    "/api/embeddings",
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/embeddings",
    "/v1/responses",
    "/v1/messages",
    "/v1/audio/transcriptions",
}
_FIXED = {
    "/": "HEAD GET",
    "/api/version": "HEAD GET",
    "/api/status": "GET",
    "/api/pull": "POST",
    "/api/push": "POST",
    "/api/tags": "HEAD GET",
    "/api/show": "POST",
    "/api/delete": "DELETE",
    "/api/me": "POST",
    "/api/signout": "POST",
    "/api/create": "POST",
    "/api/copy": "POST",
    "/api/ps": "GET",
    "/v1/models": "GET",
    "/api/experimental/model-recommendations": "GET",
    "/sim/stats": "GET",
    **dict.fromkeys(INFERENCE, "POST"),
}
_WITH_NAME = {"/api/blobs/": "POST HEAD", "/v1/models/": "GET"}


def dialect_of(path: str) -> Dialect:
    """Return the dialect of a path."""
    if path.startswith("/v1/messages"):
        return Dialect.ANTHROPIC
    return Dialect.OPENAI if path.startswith("/v1/") else Dialect.NATIVE


def find(path: str) -> tuple[str, str, tuple[str, ...]] | None:
    """Return a route as (path or prefix, the name after a prefix, methods), None if there is none."""
    if path in _FIXED:
        return path, "", tuple(_FIXED[path].split())
    for prefix, methods in _WITH_NAME.items():
        if path.startswith(prefix) and len(path) > len(prefix) and "/" not in path[len(prefix) :]:
            return prefix, path[len(prefix) :], tuple(methods.split())
    return None
