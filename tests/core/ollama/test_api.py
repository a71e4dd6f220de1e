"""The route of a path, and the errors of each dialect, as recorded from Ollama 0.32."""

import json

import pytest

from ollama_panel.core.notices.templates import TEMPLATES
from ollama_panel.core.ollama.api import (
    _ROUTES,
    OPENAI_CODES,
    REFUSAL_STATUS,
    Dialect,
    Kind,
    Route,
    classify,
    dialect_of,
    error_body,
    failure_of,
    methods_of,
    says_model_missing,
    stream_error,
)
from ollama_panel.core.records import FailureKind, RefusalReason

N, O, A = Dialect.NATIVE, Dialect.OPENAI, Dialect.ANTHROPIC  # noqa: E741


@pytest.mark.parametrize(
    ("line", "route"),
    [
        ("GET /", Route(Kind.HEALTH, N, "root")),
        ("HEAD /", Route(Kind.HEALTH, N, "root")),
        ("GET /api/version", Route(Kind.MANAGEMENT, N, "version")),
        ("GET /api/tags", Route(Kind.AGGREGATE, N, "tags")),
        ("GET /api/ps?x=1", Route(Kind.AGGREGATE, N, "ps")),
        ("GET /v1/models", Route(Kind.AGGREGATE, O, "models")),
        ("GET /v1/models/a:b", Route(Kind.MANAGEMENT, O, "model")),
        ("POST /api/show", Route(Kind.MANAGEMENT, N, "show")),
        ("POST /api/pull", Route(Kind.MANAGEMENT, N, "pull", streams=True, guarded=True)),
        ("DELETE /api/delete", Route(Kind.MANAGEMENT, N, "delete", guarded=True)),
        ("POST /api/blobs/sha256:1", Route(Kind.UPLOAD, N, "blob", guarded=True)),
        ("HEAD /api/blobs/sha256:1", Route(Kind.MANAGEMENT, N, "blob")),
        ("POST /api/chat", Route(Kind.INFERENCE, N, "chat", streams=True)),
        ("POST /api/embed", Route(Kind.INFERENCE, N, "embed")),
        ("POST /v1/chat/completions?ts=1", Route(Kind.INFERENCE, O, "chat")),
        ("POST /v1/responses", Route(Kind.INFERENCE, O, "responses")),
        ("POST /v1/audio/transcriptions", Route(Kind.INFERENCE, O, "transcribe")),
        ("POST /v1/messages", Route(Kind.INFERENCE, A, "chat")),
        ("GET /panel/status", Route(Kind.PANEL, N, "status")),
        ("POST /api/pul%6c", Route(Kind.MANAGEMENT, N, "pull", streams=True, guarded=True)),
        ("POST /%61pi%2Fblobs/sha256:1", Route(Kind.UPLOAD, N, "blob", guarded=True)),
        ("POST /api/%63hat?x=%2f", Route(Kind.INFERENCE, N, "chat", streams=True)),
        ("GET /api/tags%3Fx", Route(Kind.UNKNOWN, N)),
        ("GET /api/chat", Route(Kind.UNKNOWN, N)),
        ("POST /v1/new", Route(Kind.UNKNOWN, O)),
        ("POST /v1/messages/count_tokens", Route(Kind.UNKNOWN, A)),
        ("GET //api/tags", Route(Kind.UNKNOWN, N)),
        ("GET /api/tags/", Route(Kind.UNKNOWN, N)),
        ("GET /panelling", Route(Kind.UNKNOWN, N)),
    ],
)
def test_a_request_line_is_known_for_what_it_is(line: str, route: Route) -> None:
    assert classify(*line.split()) == route


def test_the_methods_of_a_path_are_known() -> None:
    assert methods_of("/api/chat?x=1") == ("POST",)
    assert methods_of("/api/tags") == ("GET", "HEAD")
    assert methods_of("/api/%74ags") == ("GET", "HEAD")
    assert methods_of("/nothing") == ()


def test_errors_have_the_recorded_shapes() -> None:
    assert error_body(N, 404, "model 'nope' not found") == b'{"error":"model \'nope\' not found"}'
    assert error_body(O, 404, "m") == (b'{"error":{"message":"m","type":"not_found_error","param":null,"code":null}}')
    assert error_body(A, 400, "EOF", "req_1") == (
        b'{"type":"error","error":{"type":"invalid_request_error","message":"EOF"},"request_id":"req_1"}'
    )


def test_the_ollama_command_is_told_why_it_may_not() -> None:
    assert error_body(N, 401, "m", code="c") == b'{"error":"m","code":"c","status":"m"}'
    assert b"status" not in error_body(N, 403, "m") + error_body(O, 401, "m") + error_body(A, 401, "m")


def test_an_error_of_the_panel_has_its_code_beside_the_message() -> None:
    assert error_body(N, 503, "m", code="queue.full") == b'{"error":"m","code":"queue.full"}'
    assert error_body(O, 503, "m", code="queue.full") == (
        b'{"error":{"message":"m","type":"api_error","param":null,"code":"queue.full"}}'
    )
    assert error_body(A, 503, "m", "req_1", "queue.full") == (
        b'{"type":"error","error":{"type":"overloaded_error","message":"m","code":"queue.full"},"request_id":"req_1"}'
    )


def test_openais_clients_get_openais_code_where_there_is_one() -> None:
    assert OPENAI_CODES.keys() <= TEMPLATES.keys()
    for code, known in OPENAI_CODES.items():
        assert json.loads(error_body(O, 400, "m", code=code))["error"]["code"] == known
        assert json.loads(error_body(N, 400, "m", code=code))["code"] == code


@pytest.mark.parametrize(
    ("dialect", "status", "kind"),
    [
        (O, 400, "invalid_request_error"),
        (O, 503, "api_error"),
        (A, 401, "authentication_error"),
        (A, 429, "rate_limit_error"),
        (A, 503, "overloaded_error"),
        (A, 502, "api_error"),
    ],
)
def test_the_type_of_an_error_follows_its_status(dialect: Dialect, status: int, kind: str) -> None:
    assert json.loads(error_body(dialect, status, "m"))["error"]["type"] == kind


def test_errors_inside_streams_are_lines_or_events() -> None:
    assert stream_error(N, 500, "m", sse=False) == b'{"error":"m"}\n'
    assert stream_error(O, 500, "m", sse=True).startswith(b'data: {"error":')
    assert stream_error(A, 500, "m", sse=True).startswith(b'event: error\ndata: {"type":"error"')
    assert stream_error(O, 500, "m", sse=True).endswith(b"\n\n")


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (503, "server busy, please try again.  maximum pending requests exceeded", FailureKind.BUSY),
        (499, "request canceled", FailureKind.CLOSED),
        (500, "an error was encountered while running the model: unexpected EOF", FailureKind.RUNNER),
        (500, "model runner has unexpectedly stopped, this may be due to resource limitations", FailureKind.RUNNER),
        (500, "llama-server process has terminated: exit status 1: error", FailureKind.RUNNER),
        (500, "timed out waiting for llama-server to start", FailureKind.RUNNER),
        (
            500,
            "llama-server process has terminated: exit status 1: ggml_aligned_malloc: insufficient memory",
            FailureKind.OUT_OF_MEMORY,
        ),
        (500, "model requires more system memory (64.4 GiB) than is available (23.0 GiB)", FailureKind.OUT_OF_MEMORY),
        (500, "llama-server reported out-of-memory during startup: hipMalloc failed", FailureKind.OUT_OF_MEMORY),
        (
            500,
            "llama-server process has terminated: vk::Device::allocateMemory: ErrorOutOfDeviceMemory",
            FailureKind.OUT_OF_MEMORY,
        ),
        (500, "VK_ERROR_OUT_OF_DEVICE_MEMORY", FailureKind.OUT_OF_MEMORY),
        (500, "model requires 20 GiB but only 12 GiB are available (after 2 GiB overhead)", FailureKind.OUT_OF_MEMORY),
        (500, "mlx runner failed: memory allocation failed (exit: exit status 1)", FailureKind.OUT_OF_MEMORY),
        (500, "mlx runner failed: fatal error (exit: signal: killed)", FailureKind.RUNNER),
        (500, "mlx runner exited unexpectedly: exit status 2", FailureKind.RUNNER),
        (500, "timeout waiting for mlx runner to start", FailureKind.RUNNER),
        (500, "unexpected server status: llm server not responding", FailureKind.RUNNER),
        (500, "no slots available after 10 retries", FailureKind.RUNNER),
        (500, "error starting llama-server: fork/exec: resource temporarily unavailable", FailureKind.RUNNER),
        (
            500,
            'do embedding request: Post "http://127.0.0.1:1/embedding": dial tcp 127.0.0.1:1: connectex: No '
            "connection could be made because the target machine actively refused it.",
            FailureKind.RUNNER,
        ),
        (500, "error parsing tool call: raw='{\"code\":\"OutOfMemoryError: EOF\"}', err=invalid character '}'", None),
        (500, 'option "num_ctx" must be of type integer', None),
        (400, "unexpected EOF", None),
        (404, "model 'nope' not found", None),
        (501, "This server does not support embeddings.", None),
    ],
)
def test_a_failure_of_an_instance_is_told_apart_from_an_error_of_the_client(
    status: int, text: str, kind: FailureKind | None
) -> None:
    assert failure_of(status, text) is kind


def test_every_refusal_has_its_status() -> None:
    assert REFUSAL_STATUS == {
        RefusalReason.QUEUE_FULL: 503,
        RefusalReason.QUEUE_TIMEOUT: 504,
        RefusalReason.NO_INSTANCE: 503,
        RefusalReason.FAILED: 502,
        RefusalReason.CONTEXT: 400,
        RefusalReason.CANCELLED: 499,
    }
    assert REFUSAL_STATUS.keys() == set(RefusalReason)


ROUTES = [(method, path, route) for path, row in _ROUTES.items() for method, route in row.items()]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.mark.parametrize(("method", "path", "route"), ROUTES, ids=[f"{one[0]} {one[1]}" for one in ROUTES])
def test_every_route_of_the_table_is_found_and_answers_in_its_dialect(method: str, path: str, route: Route) -> None:
    assert classify(method, path) == classify(method, f"{path}?x=1") == route
    assert dialect_of(path) is route.dialect
    assert route.streams <= (route.dialect is N), "only the native dialect streams without being asked"
    assert route.guarded <= (route.kind is Kind.MANAGEMENT)
    others = {classify(other, path) for other in METHODS if other not in methods_of(path)}
    assert others == {Route(Kind.UNKNOWN, route.dialect)}


def test_what_changes_the_store_and_what_streams_is_all_of_it() -> None:
    assert {route.action for *_, route in ROUTES if route.guarded} == {
        "pull",
        "push",
        "create",
        "copy",
        "delete",
        "signout",
    }
    assert {route.action for *_, route in ROUTES if route.streams} == {"pull", "push", "create", "generate", "chat"}
    assert classify("POST", "/api/blobs/sha256:1").guarded
    assert classify("DELETE", "/api/user/keys/1").guarded
    assert {route.kind for *_, route in ROUTES} == set(Kind) - {Kind.UPLOAD, Kind.PANEL, Kind.UNKNOWN}


def test_every_kind_of_failure_comes_from_an_answer_or_from_the_connection() -> None:
    concluded = {
        failure_of(503, ""),
        failure_of(499, ""),
        failure_of(504, ""),
        failure_of(500, "CUDA error: out of memory"),
        failure_of(500, "unexpected EOF"),
        FailureKind.NOT_FOUND if says_model_missing(404, "model 'x' not found") else None,
    }
    assert concluded == set(FailureKind) - {FailureKind.CONNECT, FailureKind.TIMEOUT}


@pytest.mark.parametrize(
    ("status", "text", "missing"),
    [
        (404, "model 'ghost' not found", True),
        (404, 'model "ghost:7b" not found, try pulling it first', True),
        (404, "The model `ghost` was not found", True),
        (404, "404 page not found", False),
        (404, "", False),
        (400, "model 'ghost' not found", False),
        (400, "model is required", True),  # of a chat that names one: the store cannot be read any more
        (400, "prompt is required", False),
        (500, "model 'ghost' not found", False),
    ],
)
def test_a_store_without_the_model_is_told_from_a_path_that_is_not_known(status, text, missing):
    assert says_model_missing(status, text) is missing
