"""When the user's requests have ended."""

import asyncio

from ollama_panel.core.ids import ClientId, ModelName, RequestId
from ollama_panel.core.records import Job, RequestClass, Role
from ollama_panel.engine.tuning.traffic import Traffic
from tests.fakes.virtual import advance, virtual_loop


def job(name: str, role: Role = Role.CHAT) -> Job:
    """Return a request."""
    return Job(
        RequestId(name), ClientId("web"), RequestClass.INTERACTIVE, role, ModelName("tiny"), "/api/chat", stream=True
    )


async def test_it_is_quiet_some_seconds_after_the_last_request_has_ended() -> None:
    loop = virtual_loop()
    with loop.paused():
        traffic = Traffic(loop.time)
        assert traffic.is_quiet(5.0)
        traffic.arrived(job("one"))
        traffic.arrived(job("two"))
        async with asyncio.TaskGroup() as group:
            quiet = group.create_task(traffic.quiet(5.0))
            traffic.left(job("one"))
            await advance(5.0)
            assert traffic.busy
            assert not quiet.done()
            traffic.left(job("two"))
            await advance(4.0)
            traffic.arrived(job("three"))
            await advance(4.0)
            traffic.left(job("three"))
            await advance(4.0)
            assert not quiet.done()
            await advance(1.0)
        assert traffic.is_quiet(5.0)


async def test_a_request_that_is_announced_breaks_the_quiet() -> None:
    loop = virtual_loop()
    with loop.paused():
        traffic, told = Traffic(loop.time), list[str]()
        traffic.on_arrival = lambda one: told.append(one.id)
        traffic.announced(job("one"))
        assert (told, traffic.is_quiet(5.0), traffic.busy) == (["one"], False, False)
        await advance(5.0)
        assert traffic.is_quiet(5.0)


async def test_only_requests_that_need_the_same_cards_count() -> None:
    traffic, told = Traffic(virtual_loop().time), list[str]()
    traffic.concerns = lambda one: one.role is Role.CHAT
    traffic.on_arrival = lambda one: told.append(one.id)
    traffic.arrived(job("embedding", Role.EMBEDDING))
    assert traffic.is_quiet(5.0)
    traffic.arrived(job("chat"))
    assert told == ["chat"]
    assert traffic.busy
    traffic.left(job("embedding", Role.EMBEDDING))
    assert traffic.busy
