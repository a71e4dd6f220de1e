"""The job of a request: model, class, client, options, conversation; and the rewriting of its body."""

import json

import pytest
import zstandard

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.api import classify
from ollama_panel.core.records import LoadOptions, Placement, RequestClass, Role
from ollama_panel.core.settings.tree import ApiKey
from ollama_panel.proxy.credentials import new_key
from ollama_panel.proxy.jobs import is_cloud
from ollama_panel.proxy.request_fields import NO_FIELDS, RequestFields, read_fields
from tests.fakes.upstream import CHAT, chat_lines, reply, stream
from tests.proxy.conftest import ProxyHarness


def fields_of(body: object, path: str = "/api/chat") -> RequestFields:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_fields(raw, classify("POST", path), "application/json", "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"model": "a"}, RequestFields(model="a")),
        ({"name": "a"}, RequestFields(model="a")),
        ({"Model": "a", "STREAM": False}, RequestFields(model="a", stream=False)),
        ({"model": "a", "stream": None}, RequestFields(model="a")),
        (
            {"model": "a", "options": {"num_ctx": 2048.0, "seed": 1}},
            RequestFields(model="a", options=LoadOptions(num_ctx=2048)),
        ),
        (
            {"model": "a", "options": {"num_ctx": "many", "use_mmap": True}},
            RequestFields("a", options=LoadOptions(use_mmap=True)),
        ),
        ({"model": "a", "options": None}, RequestFields(model="a")),
        (
            b'{"model":"a","options":{"num_ctx":8192,"num_predict":3},"options":{"seed":1,"num_predict":2}}',
            RequestFields(model="a", options=LoadOptions(num_ctx=8192), max_tokens=2),
        ),
        (
            b'{"Options":{"num_ctx":8192},"model":"a","options":{"num_gpu":1},"OPTIONS":{}}',
            RequestFields(model="a", options=LoadOptions(num_ctx=8192, num_gpu=1)),
        ),
        (
            b'{"options":{"num_ctx":8192},"model":"a","options":{"num_ctx":1024},"x":"\\ud83d"}',
            RequestFields(model="a", options=LoadOptions(num_ctx=1024)),
        ),
        (b'{"options":{"num_ctx":8192},"model":"a","options":null}', RequestFields(model="a")),
        (
            b'{"model":"a","options":{"num_ctx":8192},"tools":[{"options":{"num_ctx":1}}]}',
            RequestFields(model="a", options=LoadOptions(num_ctx=8192)),
        ),
        ({"model": "a", "options": {"num_predict": 5}}, RequestFields(model="a", max_tokens=5)),
        ({"model": "a", "options": {"num_predict": -1}}, RequestFields(model="a")),
        ({"model": "a", "max_completion_tokens": 7}, RequestFields(model="a", max_tokens=7)),
        ({"model": "a", "keep_alive": "10m"}, RequestFields(model="a", keep_alive_s=600.0)),
        ({"model": "a", "keep_alive": -1}, RequestFields(model="a", keep_alive_s=-1.0)),
        ({"model": "a", "keep_alive": 0}, RequestFields(model="a", keep_alive_s=0.0, unloads=True)),
        ({"model": "a", "service_tier": "flex"}, RequestFields(model="a", service_tier="flex")),
        ({"model": "a", "name": None}, RequestFields(model="a")),
        ({"model": "a", "name": 5}, RequestFields(model="a")),
        (b' {"stream" : false, "model":"a"} and more', RequestFields(model="a", stream=False)),
        (b'{"model":"\xff","name":"b"}', RequestFields(model="\ufffd")),
        (
            b'{"x":"\\ud83d","Model":"a","prompt":"{\\"model\\":1}"}',
            RequestFields(model="a", turns=(b'"{\\"model\\":1}"',)),
        ),
        (
            b'{"messages":[{"content":"cut \\ud83d"}],"model":"a","stream":true}',
            RequestFields(model="a", stream=True, turns=(b'[{"content":"cut \\ud83d"}]',)),
        ),
        (b'{"model":"a","x":' + b"[" * 3000 + b"]" * 3000 + b"}", RequestFields(model="a")),
        (b'{"model":"a","options":' + b"[" * 3000 + b"]" * 3000 + b"}", RequestFields(model="a")),
        ({"model": "a", "Model": "b", "Stream": False}, RequestFields(model="b", stream=False)),
        ({"model": "a", "options": {"num_predict": 10**400, "num_ctx": 10**400}}, RequestFields(model="a")),
        ({"model": "a", "max_tokens": 1e300}, RequestFields(model="a")),
        ({"model": "a", "keep_alive": 10**400}, RequestFields(model="a")),
        ({"model": "a" * 512}, RequestFields(model="a" * 512)),
        ({"model": "a" * 513}, NO_FIELDS),
        ({"model": 7}, NO_FIELDS),
        ({"model": [[1]]}, NO_FIELDS),
        (b"[" * 3000, NO_FIELDS),
        (b'{"x":{"model":"a"}} \\ud83d', NO_FIELDS),
        (b'{"model":"a","x":"\\ud83d"', NO_FIELDS),
        ([], NO_FIELDS),
        (b'{"model":"a"', NO_FIELDS),
        (b"\xff\xfe", NO_FIELDS),
        (b"", NO_FIELDS),
    ],
)
def test_a_body_tells_what_decides_where_it_goes(body: object, expected: RequestFields) -> None:
    assert fields_of(body) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("5m", 300.0),
        ("1h30m", 5400.0),
        ("-1s", -1.0),
        ("1.5s", 1.5),
        ("300ms", 0.3),
        ("0", 0.0),
        (-1, -1.0),
        ("2562047h", 9223369200.0),
        ("2562048h", None),
        ("9" * 200 + "h", None),
        (1e12, None),
        (10**400, None),
        ("soon", None),
        ("5", None),
        ("", None),
        ("5m soon", None),
        (True, None),
        (None, None),
        ([], None),
    ],
)
def test_keep_alive_is_read_as_ollama_reads_it(written: object, expected: float | None) -> None:
    assert fields_of({"model": "a", "keep_alive": written}).keep_alive_s == expected


def test_embedding_inputs_are_counted() -> None:
    assert fields_of({"model": "a", "input": ["x", "y", "z"]}, "/api/embed").items == 3
    assert fields_of({"model": "a", "input": "x"}, "/v1/embeddings").items == 1


def test_a_packed_body_is_looked_into_on_the_paths_where_ollama_takes_it() -> None:
    packed = zstandard.compress(b'{"model":"a","stream":true}')
    assert read_fields(packed, classify("POST", "/v1/chat/completions"), "application/json", "zstd").model == "a"
    assert read_fields(packed, classify("POST", "/api/chat"), "application/json", "zstd") == NO_FIELDS
    assert read_fields(b"broken", classify("POST", "/v1/chat/completions"), "application/json", "zstd") == NO_FIELDS
    parts = zstandard.compress(b'{"model":') + zstandard.compress(b'"a"}')
    assert read_fields(parts, classify("POST", "/v1/chat/completions"), "application/json", "zstd").model == "a"
    bomb = zstandard.compress(b" " * 30_000_000)
    assert read_fields(bomb, classify("POST", "/v1/chat/completions"), "application/json", "zstd") == NO_FIELDS


TRANSCRIPTION = classify("POST", "/v1/audio/transcriptions")
FILE = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="model"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n'
)


@pytest.mark.parametrize(
    ("kind", "form", "model"),
    [
        ("multipart/form-data; boundary=b", FILE + b'--b\r\nA: b; name="model"\r\n\r\nwhisper\r\n--b--\r\n', "whisper"),
        ('Multipart/Form-Data; charset=x; Boundary="b"', b"--b\r\nA: b; NAME=model\r\n\r\nw\r\n--b--\r\n", "w"),
        ("multipart/form-data; boundary=b", FILE + b"--b--\r\n", ""),
        ("multipart/form-data", FILE, ""),
        ("multipart/form-data; boundary=b", b"", ""),
        ("multipart/form-data; boundary=b", b'--b\r\nA: b; name="model"', ""),
        ("multipart/form-data; boundary=b", b'--b\r\nA: b; name="model"\r\n\r\n' + b"x" * 2000 + b"\r\n--b--", ""),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\n\r\n\r\n" * 100 + b'--b\r\nA: b; name="model"\r\n\r\nw\r\n--b--',
            "",
        ),
    ],
)
def test_a_form_tells_its_model(kind: str, form: bytes, model: str) -> None:
    assert read_fields(form, TRANSCRIPTION, kind, "") == RequestFields(model=model, stream=False)


def test_a_form_made_to_be_looked_through_for_ever_is_not() -> None:
    hostile = b'name="model"\r\n' * 400_000  # a pattern that starts anew at each of them would take hours
    assert read_fields(hostile, TRANSCRIPTION, "multipart/form-data; boundary=b", "").model == ""
    assert read_fields(b"--b" + hostile, TRANSCRIPTION, "multipart/form-data; boundary=b", "").model == ""


def test_headers_that_mean_nothing_to_ollama_hide_no_model() -> None:
    plain, chat = b'{"model":"a"}', classify("POST", "/api/chat")
    assert read_fields(plain, chat, "multipart/form-data; boundary=b", "").model == "a"
    assert read_fields(plain, chat, "application/json", "gzip").model == "a"
    assert read_fields(plain, classify("POST", "/v1/messages"), "application/json", "gzip").model == "a"


def test_a_long_list_is_remembered_by_its_beginning() -> None:
    message = {"role": "user", "content": "x"}
    assert len(fields_of({"model": "a", "messages": [message] * 5000}).turns) == 1024
    assert len(fields_of({"model": "a", "messages": [0] * 300_000}).turns) == 1


@pytest.mark.parametrize(
    ("name", "cloud"),
    [
        ("gpt-oss:120b-cloud", True),
        ("x:cloud", True),
        ("x:CLOUD", True),
        (" x:cloud ", True),
        ("host:5000/me/x-cloud", False),
        ("x:local", False),
        ("cloud", False),
        ("x:latest", False),
        ("far", True),
    ],
)
def test_cloud_models_are_known_by_name_or_by_the_store(name: str, cloud: bool) -> None:
    assert is_cloud(name, frozenset({ModelName("far:latest")})) is cloud


@pytest.mark.parametrize("extra", [b'"cut \\ud83d"', b'"\xff"', b"[" * 3000 + b"]" * 3000])
async def test_a_body_that_only_ollama_can_read_queues_like_any_other(harness: ProxyHarness, extra: bytes) -> None:
    harness.upstream.script = stream(chat_lines(1))
    body = b'{"model":"tiny","messages":[],"x":%b} \n' % extra
    async with harness.client() as client:
        assert (await client.exchange("POST", "/api/chat", body)).status == 200
    assert [job.model for job in harness.gate.jobs] == ["tiny:latest"]
    assert harness.upstream.requests[0].body == body


def test_a_model_is_looked_for_no_longer_than_the_proxy_can_wait() -> None:
    assert fields_of(b'{"x":[' + b'"\\ud83d",' * 100_000 + b'1],"model":"a"}') == NO_FIELDS


async def test_cloud_models_bodies_without_a_model_and_nonsense_use_no_slot(harness: ProxyHarness) -> None:
    harness.gate.set_slots(0)
    harness.upstream.script = reply(b'{"error":"model is required"}', "400 Bad Request")
    bodies = [b'{"model":"x:cloud"}', b'{"messages":[]}', b"nonsense", b""]
    async with harness.client() as client:
        for body in bodies:
            got = await client.exchange("POST", "/api/chat", body)
            assert got.status == 400
    assert harness.gate.leases == []
    assert [request.body for request in harness.upstream.requests] == [
        b'{"model":"x:cloud"}',
        b'{"messages":[]}',
        b"nonsense",
        b"",
    ]


@pytest.mark.parametrize(
    ("path", "headers", "extra", "expected"),
    [
        ("/api/chat", (), "", RequestClass.INTERACTIVE),
        ("/api/chat", ("X-Queue-Priority: batch",), "", RequestClass.BATCH),
        ("/api/chat", ("X-Queue-Priority: LOW",), "", RequestClass.BATCH),
        ("/api/chat", ("X-Queue-Priority: nonsense",), "", RequestClass.INTERACTIVE),
        ("/v1/chat/completions", (), ',"service_tier":"flex"', RequestClass.BATCH),
        ("/v1/chat/completions", (), ',"service_tier":"auto"', RequestClass.INTERACTIVE),
        ("/api/embed", (), "", RequestClass.EMBEDDING),
        ("/api/embed", ("X-Queue-Priority: batch",), "", RequestClass.BATCH),
    ],
)
async def test_the_class_comes_from_header_tier_or_path(
    harness: ProxyHarness, path: str, headers: tuple[str, ...], extra: str, expected: RequestClass
) -> None:
    async with harness.client() as client:
        await client.exchange("POST", path, f'{{"model":"a"{extra}}}'.encode(), *headers)
    assert harness.gate.jobs[0].request_class is expected


@pytest.mark.parametrize(
    ("of_key", "priority", "expected"),
    [
        (RequestClass.INTERACTIVE, "batch", RequestClass.BATCH),
        (RequestClass.INTERACTIVE, "", RequestClass.INTERACTIVE),
        (RequestClass.EMBEDDING, "high", RequestClass.INTERACTIVE),
        (RequestClass.BATCH, "high", RequestClass.BATCH),
    ],
)
async def test_a_request_may_leave_the_class_of_its_key_but_not_that_of_batch_work(
    harness: ProxyHarness, of_key: RequestClass, priority: str, expected: RequestClass
) -> None:
    shown, kept = new_key("laptop")
    harness.configure(api_keys=(ApiKey(kept.name, kept.digest, of_key),))
    async with harness.client() as client:
        await client.exchange("POST", "/api/chat", CHAT, f"X-API-Key: {shown}", f"X-Queue-Priority: {priority}")
    assert harness.gate.jobs[0].request_class is expected


async def test_the_role_comes_from_the_path_or_the_store(harness: ProxyHarness) -> None:
    harness.gate.known_roles = {ModelName("coder:latest"): Role.CODE, ModelName("embed:latest"): Role.EMBEDDING}
    asks = (("/api/embed", "any"), ("/api/chat", "Coder"), ("/api/chat", "embed"), ("/api/chat", "any"))
    async with harness.client() as client:
        for path, model in asks:
            await client.exchange("POST", path, json.dumps({"model": model}).encode())
    assert [job.role for job in harness.gate.jobs] == [Role.EMBEDDING, Role.CODE, Role.EMBEDDING, Role.CHAT]


async def test_the_client_is_its_header_else_its_address(harness: ProxyHarness) -> None:
    async with harness.client() as client:
        await client.exchange("POST", "/api/chat", CHAT, "X-Client-ID: graphrag")
        await client.exchange("POST", "/api/chat", CHAT)
    assert [job.client for job in harness.gate.jobs] == ["graphrag", "127.0.0.1"]


async def test_keep_alive_is_a_wish_in_ollamas_own_dialect_only(harness: ProxyHarness) -> None:
    """Ollama reads it nowhere else (`middleware/openai.go`, `anthropic/anthropic.go`, v0.32)."""
    body = b'{"model":"a","messages":[{"role":"user","content":"hi"}],"keep_alive":-1}'
    async with harness.client() as client:
        for path in ("/api/chat", "/v1/chat/completions", "/v1/messages"):
            await client.exchange("POST", path, body)
    assert [job.keep_alive_s for job in harness.gate.jobs] == [-1.0, None, None]


async def test_turns_of_one_conversation_begin_alike(harness: ProxyHarness) -> None:
    first = {"role": "user", "content": "hello"}
    then = [first, {"role": "assistant", "content": "hi"}, {"role": "user", "content": "more"}]
    async with harness.client() as client:
        for messages in ([first], then, [{"role": "user", "content": "other"}]):
            await client.exchange("POST", "/api/chat", json.dumps({"model": "a", "messages": messages}).encode())
    one, two, other = (job.turns for job in harness.gate.jobs)
    assert len(two) == 3
    assert two[0] == one[0]
    assert other[0] != one[0]
    assert [job.opening_tokens for job in harness.gate.jobs] == [len(json.dumps(first)) // 4] * 3


async def test_a_deadline_of_the_client_is_told(harness: ProxyHarness) -> None:
    async with harness.client() as client:
        await client.exchange("POST", "/api/chat", CHAT, "X-Deadline-Ms: 5000")
        await client.exchange("POST", "/api/chat", CHAT, "X-Deadline-Ms: soon")
    assert harness.gate.jobs[0].deadline_us is not None
    assert harness.gate.jobs[1].deadline_us is None


async def test_the_gates_options_and_keep_alive_reach_the_instance(harness: ProxyHarness) -> None:
    harness.upstream.script = stream(chat_lines(1))
    harness.gate.placement = lambda old: Placement(old.instance, old.url, LoadOptions(num_ctx=8192), "30m")
    async with harness.client() as client:
        await client.exchange("POST", "/api/chat", CHAT)
        await client.exchange("POST", "/v1/chat/completions", CHAT)
    native, openai = (request.json for request in harness.upstream.requests)
    assert native == json.loads(CHAT) | {"options": {"num_ctx": 8192}, "keep_alive": "30m"}
    assert openai == json.loads(CHAT), "the OpenAI dialect has no such fields"


async def test_a_body_beyond_memory_is_spooled_and_arrives_whole(harness: ProxyHarness) -> None:
    harness.bodies.memory_bytes = 10_000
    body = json.dumps({"model": "big", "prompt": "x" * 900_000, "stream": False}).encode()
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/generate", body)
    assert got.status == 200
    assert harness.gate.jobs[0].model == "big:latest"
    assert harness.gate.jobs[0].body_bytes == len(body)
    assert harness.upstream.requests[0].body == body
