"""An inference request goes through: each chunk on its own, its end told truly, its failures kept from the client."""

from tests.fakes.upstream import CHAT, END, SSE, chat_events, chat_lines, reply, stream
from tests.proxy.conftest import Stage


async def test_a_stream_passes_chunk_by_chunk_and_is_counted(stage: Stage) -> None:
    stage.upstream.script = stream(chat_lines(3))
    async with stage.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert got.status == 200
    assert got.body == b"".join(chat_lines(3))
    assert got.whole
    lease = stage.gate.leases[0]
    assert lease.outcome == "finished 200"
    assert lease.usage.output_tokens == 3
    assert lease.usage.prompt_tokens == 16
    assert lease.usage.load_ns == 1_000_000
    assert lease.job.model == "tiny:latest"
    assert lease.job.stream


async def test_an_answer_says_where_it_ran_and_how_long_it_waited(stage: Stage) -> None:
    stage.upstream.script = reply(b'{"done":true,"prompt_eval_duration":2000000}')
    async with stage.client() as client:
        got = await client.exchange("POST", "/api/generate", b'{"model":"tiny","stream":false}', "X-Request-ID: mine-7")
    assert got.header("X-Request-ID") == "mine-7"
    assert got.header("X-Panel-Instance") == "chat-1"
    assert got.header("X-Queue-Wait-Time") == "0.000"
    assert "prefill;dur=2.0" in (got.header("Server-Timing") or "")
    assert got.header("Content-Type") == "application/json; charset=utf-8"
    assert [name for name, _ in got.headers if name in ("Server", "Date")] == []


async def test_openai_streams_pass_with_their_end(stage: Stage) -> None:
    stage.upstream.script = stream(chat_events(2), headers=SSE)
    body = CHAT[:-1] + b',"stream":true}'
    async with stage.client() as client:
        got = await client.exchange("POST", "/v1/chat/completions", body)
    assert got.body.endswith(b"data: [DONE]\n\n")
    assert stage.gate.leases[0].outcome == "finished 200"
    assert stage.gate.leases[0].tokens == 3


async def test_a_stream_that_breaks_off_is_never_ended_cleanly(stage: Stage) -> None:
    stage.upstream.script = stream(chat_lines(3)[:2], end=b"")
    async with stage.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert not got.whole
    assert got.chunks[-1].startswith(b'{"error":')
    assert stage.gate.leases[0].outcome == "failed closed"


async def test_two_requests_share_one_connection_to_the_instance(stage: Stage) -> None:
    stage.upstream.script = stream(chat_lines(1), end=END)
    async with stage.client() as client:
        await client.exchange("POST", "/api/chat", CHAT)
        await client.exchange("POST", "/api/chat", CHAT)
    assert stage.upstream.opened == 1
