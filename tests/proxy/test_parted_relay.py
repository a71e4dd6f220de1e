"""A request for many embeddings is sent in parts, and its answer is that of one instance."""

import asyncio
import json

import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import FailureKind, RefusalReason
from ollama_panel.core.scheduling.policy import HEARTBEAT_US, PLAIN_HEARTBEAT_US
from ollama_panel.proxy.body_storage import BodyStore
from tests.fakes.upstream import ReceivedRequest, Script, ScriptConnection, head, reply
from tests.fakes.virtual import pass_by
from tests.proxy.conftest import ProxyHarness
from tests.proxy.embedders import NATIVE, OPENAI, answer, body_of, embed, inputs_of, texts, two, unless

pytestmark = pytest.mark.usefixtures("two")
__all__ = ["two"]

CANCELLED = notice("request.cancelled")


async def ask(harness: ProxyHarness, path: str, inputs: list[str], *headers: str, **more: object) -> tuple[int, bytes]:
    async with harness.client() as client:
        got = await client.exchange("POST", path, body_of(inputs, **more), *headers)
    return got.status, got.body


def same_but_for_times(found: bytes, wanted: bytes) -> bool:
    one, other = json.loads(found), json.loads(wanted)
    one.pop("total_duration", None), other.pop("total_duration", None)
    return bool(one == other)


@pytest.mark.parametrize("path", [NATIVE, OPENAI])
async def test_the_answer_is_that_of_one_instance(harness: ProxyHarness, path: str) -> None:
    inputs = texts(70)
    status, body = await ask(harness, path, inputs)
    assert status == 200
    assert same_but_for_times(body, answer(path, inputs))
    assert body.count(b".50,-0.0,1.0E-05]") == 70, "vectors stay as they are written"
    assert len(harness.upstream.requests) == 6
    assert sorted(one for request in harness.upstream.requests for one in inputs_of(request)) == inputs
    assert harness.gate.peak == 2
    assert [job.part.number for job in harness.gate.jobs if job.part] == list(range(6))


async def test_headers_are_those_of_the_instance_with_the_length_of_the_whole(harness: ProxyHarness) -> None:
    async with harness.client() as client:
        got = await client.exchange("POST", NATIVE, body_of(texts(40)), "X-Request-ID: mine")
        again = await client.exchange("POST", NATIVE, body_of(texts(1)))
    assert got.header("Content-Type") == "application/json; charset=utf-8"
    assert got.header("Content-Length") == str(len(got.body))
    assert got.header("X-Request-ID") == "mine"
    assert got.header("X-Panel-Parts") == "4"
    assert again.header("X-Panel-Parts") is None
    assert [lease.job.id for lease in harness.gate.leases[:4]] == [f"mine/{number}" for number in (1, 2, 3, 4)]


async def test_parts_that_end_in_another_order_are_put_in_theirs(harness: ProxyHarness) -> None:
    released, inputs = asyncio.Event(), texts(64)

    async def late(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await released.wait()
        await embed(request, connection)

    harness.upstream.script = unless("text 0000", late)
    async with harness.client() as client:
        await client.send_request("POST", NATIVE, body_of(inputs))
        await harness.gate.until(lambda: len(harness.gate.leases) == 4 and harness.gate.running == 1)
        released.set()
        got = await client.get()
    assert same_but_for_times(got.body, answer(NATIVE, inputs))


async def test_answers_ahead_of_one_that_is_late_are_bounded(harness: ProxyHarness) -> None:
    released = asyncio.Event()

    async def late(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await released.wait()
        await embed(request, connection)

    harness.upstream.script = unless("text 0000", late)
    async with harness.client() as client:
        await client.send_request("POST", NATIVE, body_of(texts(1600)))
        await harness.gate.until(lambda: len(harness.gate.leases) > 10 and harness.gate.running == 1)
        assert len(harness.gate.leases) < 20
        released.set()
        got = await client.get()
    assert len(got.json["embeddings"]) == 1600  # type: ignore[arg-type]


async def close(request: ReceivedRequest, connection: ScriptConnection) -> None:
    connection.hang_up()


async def break_off(request: ReceivedRequest, connection: ScriptConnection) -> None:
    whole = answer(NATIVE, inputs_of(request))
    await connection.send(head("200 OK", f"Content-Length: {len(whole)}") + whole[:-20])
    connection.hang_up()


def one_vector_less(request: ReceivedRequest, connection: ScriptConnection) -> object:
    return reply(answer(NATIVE, inputs_of(request)[1:]))(request, connection)


@pytest.mark.parametrize(
    "trouble",
    [
        close,
        break_off,
        one_vector_less,
        reply(b""),
        reply(b"{}"),
        reply(b"<html>"),
        reply(b'{"error":"llama runner process has terminated: exit status 2"}', "500 Internal Server Error"),
        reply(b'{"error":"server busy"}', "503 Service Unavailable"),
    ],
)
async def test_a_part_that_fails_is_tried_again_and_no_other(harness: ProxyHarness, trouble: Script) -> None:
    inputs = texts(64)
    harness.upstream.script = unless("text 0020", trouble, times=1)
    status, body = await ask(harness, NATIVE, inputs)
    assert (status, same_but_for_times(body, answer(NATIVE, inputs))) == (200, True)
    assert len(harness.upstream.requests) == 5
    failed = [lease for lease in harness.gate.leases if any(one[0] == "failed" for one in lease.log)]
    assert [lease.job.part.number for lease in failed if lease.job.part] == [1]


async def test_what_is_never_an_answer_is_one_clear_error(harness: ProxyHarness) -> None:
    harness.upstream.script = unless("text 0020", reply(b"{}"))
    status, body = await ask(harness, NATIVE, texts(64))
    assert status == 502
    assert json.loads(body)["code"] == "request.failed_again"
    why = [one[3] for lease in harness.gate.leases for one in lease.log if one[0] == "failed"]
    assert {one.code for one in why if one} == {"embedding.unreadable"}  # type: ignore[attr-defined]
    kinds = {one[1] for lease in harness.gate.leases for one in lease.log if one[0] == "failed"}
    assert kinds == {FailureKind.UPSTREAM}


TOO_LONG = b'{"error":"the input length exceeds the context length"}'


async def test_an_error_of_an_instance_is_passed_on_as_it_is_and_ends_the_other_parts(harness: ProxyHarness) -> None:
    harness.upstream.script = unless("text 0040", reply(TOO_LONG, "400 Bad Request"))
    status, body = await ask(harness, NATIVE, texts(640), truncate=False)
    assert (status, body) == (400, TOO_LONG)
    assert len(harness.upstream.requests) < 10


async def test_of_several_errors_that_of_the_first_input_counts(harness: ProxyHarness) -> None:
    both = asyncio.Event()

    async def first(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await both.wait()
        await reply(b'{"error":"first"}', "400 Bad Request")(request, connection)

    async def second(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await reply(b'{"error":"second"}', "404 Not Found")(request, connection)
        both.set()

    later = unless("text 0020", second)

    async def play(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await (first if inputs_of(request)[0] == texts(1)[0] else later)(request, connection)

    harness.upstream.script = play
    assert await ask(harness, NATIVE, texts(64)) == (400, b'{"error":"first"}')


async def test_a_cancelled_request_is_cancelled_in_all_its_parts(harness: ProxyHarness) -> None:
    harness.upstream.script = hang
    async with harness.client() as client:
        await client.send_request("POST", NATIVE, body_of(texts(64)))
        await harness.gate.until(lambda: harness.gate.running == 2 and harness.gate.waiting)
        for lease in list(harness.gate.leases):
            harness.gate.cancel(lease)
        got = await client.get()
    assert got.status == 499
    assert got.json["error"] == render(CANCELLED)
    await harness.wait_all_ended()


async def hang(request: ReceivedRequest, connection: ScriptConnection) -> None:
    await connection.disconnected.wait()


async def test_a_client_that_leaves_frees_all_slots(harness: ProxyHarness) -> None:
    harness.upstream.script = hang
    client = await harness.connect()
    await client.send_request("POST", NATIVE, body_of(texts(64)))
    await harness.gate.until(lambda: harness.gate.running == 2 and harness.gate.waiting)
    await client.close()
    await harness.wait_all_ended()
    assert {lease.outcome for lease in harness.gate.leases} == {"cancelled"}
    assert (harness.bodies.in_memory, harness.bodies.on_disk) == (0, 0)


async def test_a_refusal_of_the_first_part_is_the_answer(harness: ProxyHarness) -> None:
    harness.gate.slots, harness.gate.splits = 0, True
    async with harness.client() as client:
        await client.send_request("POST", NATIVE, body_of(texts(64)))
        await harness.gate.until(lambda: harness.gate.waiting)
        harness.gate.refuse(RefusalReason.QUEUE_FULL, notice("queue.full", waiting=3), 7)
        got = await client.get()
    assert (got.status, got.header("Retry-After"), got.json["code"]) == (503, "7", "queue.full")


async def test_a_preempted_part_is_sent_again(harness: ProxyHarness) -> None:
    released, inputs = asyncio.Event(), texts(64)

    async def late(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await released.wait()
        await embed(request, connection)

    harness.upstream.script = late
    async with harness.client() as client:
        await client.send_request("POST", NATIVE, body_of(inputs))
        await harness.gate.until(lambda: harness.gate.running == 2)
        harness.gate.preempt(harness.gate.leases[0])
        released.set()
        harness.gate.set_slots(2)
        got = await client.get()
    assert same_but_for_times(got.body, answer(NATIVE, inputs))


@pytest.mark.parametrize("ok", [True, False])
async def test_whoever_waits_long_gets_heartbeats_and_then_the_answer_in_the_body(
    harness: ProxyHarness, ok: bool
) -> None:
    released, inputs = asyncio.Event(), texts(64)

    async def late(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await released.wait()
        await (embed if ok else reply(TOO_LONG, "400 Bad Request"))(request, connection)

    harness.upstream.script = late
    async with harness.client() as client:
        await client.send_request("POST", NATIVE, body_of(inputs))
        await harness.gate.until(lambda: harness.gate.running == 2)
        await pass_by(PLAIN_HEARTBEAT_US / 1e6)
        got = await client.head()
        await pass_by(HEARTBEAT_US / 1e6)
        released.set()
        await client.rest(got)
    assert got.status == 200
    assert got.body.startswith(b"  {")
    assert same_but_for_times(got.body, answer(NATIVE, inputs) if ok else TOO_LONG)


async def test_long_answers_wait_in_files_and_leave_nothing(harness: ProxyHarness) -> None:
    harness.server._bodies = store = BodyStore(memory_bytes=2000)
    inputs = texts(300)
    status, body = await ask(harness, OPENAI, inputs)
    assert (status, same_but_for_times(body, answer(OPENAI, inputs))) == (200, True)
    assert (store.in_memory, store.on_disk) == (0, 0)


async def test_an_answer_that_is_longer_than_what_the_panel_keeps_is_named_as_that(harness: ProxyHarness) -> None:
    harness.server._bodies = store = BodyStore(disk_bytes=1000)
    status, body = await ask(harness, NATIVE, texts(640))
    assert (status, json.loads(body)["code"]) == (507, "embedding.answer_too_long")
    assert (store.in_memory, store.on_disk) == (0, 0)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (NATIVE, body_of(texts(1))),
        (NATIVE, b' {"model" : "embedder","input":"text 1"} '),
        (NATIVE, body_of(texts(64), keep_alive=0)),
        (NATIVE, body_of(["text 1", "text 2"])),
        (NATIVE, b'{"model":"embedder","input":[]}'),
        (NATIVE, b'{"model":"embedder","Input":%b}' % json.dumps(texts(64)).encode()),
        (OPENAI, b'{"model":"embedder","input":%b}' % json.dumps(list(range(99))).encode()),
        (NATIVE, b'{"model":"embedder","input":%b}' % json.dumps([*texts(63), 1]).encode()),
        ("/api/embeddings", b'{"model":"embedder","prompt":"text 1"}'),
    ],
)
async def test_what_has_no_parts_is_passed_on_byte_by_byte(harness: ProxyHarness, path: str, body: bytes) -> None:
    harness.upstream.script = reply(b' {"any": 1}\n')
    async with harness.client() as client:
        got = await client.exchange("POST", path, body)
    assert got.body == b' {"any": 1}\n'
    assert [request.body for request in harness.upstream.requests] == [body]


async def test_a_request_stays_whole_if_the_gate_wants_it(harness: ProxyHarness) -> None:
    harness.gate.splits = False
    body = body_of(texts(64))
    async with harness.client() as client:
        await client.exchange("POST", NATIVE, body)
    assert [request.body for request in harness.upstream.requests] == [body]


@pytest.mark.parametrize("headers", [(), ("X-Queue-Priority: batch",), ("X-Queue-Priority: interactive",)])
async def test_many_inputs_never_hold_the_only_slot_whatever_their_class(
    harness: ProxyHarness, headers: tuple[str, ...]
) -> None:
    harness.gate.slots = 1
    inputs = texts(64)
    status, body = await ask(harness, NATIVE, inputs, *headers)
    assert (status, same_but_for_times(body, answer(NATIVE, inputs))) == (200, True)
    assert len(harness.upstream.requests) == 4


async def test_a_head_that_a_heartbeat_has_sent_promises_no_trailer(harness: ProxyHarness) -> None:
    released, inputs = asyncio.Event(), texts(64)

    async def late(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await released.wait()
        await embed(request, connection)

    harness.upstream.script = late
    async with harness.client() as client:
        await client.send_request("POST", NATIVE, body_of(inputs), "TE: trailers")
        await harness.gate.until(lambda: harness.gate.running == 2)
        await pass_by(PLAIN_HEARTBEAT_US / 1e6)
        got = await client.head()
        released.set()
        await client.rest(got)
    assert got.header("Trailer") is None
    assert same_but_for_times(got.body, answer(NATIVE, inputs))


async def test_without_room_for_the_answer_that_is_why_the_other_parts_end(harness: ProxyHarness) -> None:
    body = body_of(texts(640))
    harness.server._bodies = store = BodyStore(memory_bytes=2 * len(body), disk_bytes=len(body))
    store.in_memory, store.on_disk = len(body), len(body)
    async with harness.client() as client:
        got = await client.exchange("POST", NATIVE, body)
    assert (got.status, got.json["code"]) == (503, "body.no_room")
    assert {one.outcome for one in harness.gate.leases if one.outcome != "finished 200"} == {"cancelled: body.no_room"}
    assert (store.in_memory, store.on_disk) == (len(body), len(body))
