"""The clock that leaps from timer to timer."""

import asyncio
from contextlib import suppress

from tests.fakes.virtual import leaping, virtual_loop
from tests.fakes.waiting import real_seconds


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer each line after an hour."""
    with suppress(ConnectionResetError):
        while line := await reader.readline():
            await asyncio.sleep(3600)
            writer.write(line)
    writer.close()


async def test_hours_pass_at_once_and_take_as_long_as_the_timers_say() -> None:
    loop = virtual_loop()
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        with leaping():
            begun = loop.time()
            for number in range(100):
                writer.write(b"%d\n" % number)
                assert await reader.readline() == b"%d\n" % number
            assert round(loop.time() - begun) == 100 * 3600
        writer.close()
        await writer.wait_closed()


async def test_it_does_not_leap_while_a_thread_is_at_work() -> None:
    def work() -> float:
        end = real_seconds() + 0.05
        while real_seconds() < end:
            pass
        return end

    with leaping():
        async with asyncio.timeout(1):
            await asyncio.to_thread(work)
            begun = virtual_loop().time()
        assert virtual_loop().time() - begun < 1


async def test_what_is_due_again_and_again_at_the_same_time_does_not_stop_the_clock() -> None:
    loop = virtual_loop()
    with leaping():
        begun, calls = loop.time(), 0

        def again() -> None:
            nonlocal calls
            calls += 1
            if loop.time() <= begun:
                loop.call_at(begun, again)

        again()
        await asyncio.sleep(1)
        assert calls < 1000
