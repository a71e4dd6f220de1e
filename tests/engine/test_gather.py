"""What runs at once has ended when `gather` has: what is left behind would use a client that is closed."""

import asyncio

import pytest

from ollama_panel.engine.gather import gather


class Slow:
    """Work that needs some turns of the loop to end when it is cancelled."""

    def __init__(self) -> None:
        self.begun, self.ended = asyncio.Event(), False

    async def run(self) -> None:
        try:
            self.begun.set()
            await asyncio.Event().wait()
        finally:
            for _ in range(5):
                await asyncio.sleep(0)
            self.ended = True


async def quick() -> None:
    await asyncio.Event().wait()


async def test_results_come_in_the_order_of_the_coroutines():
    async def later(number: int) -> int:
        for _ in range(5 - number):
            await asyncio.sleep(0)
        return number

    assert await gather(later(number) for number in range(5)) == [0, 1, 2, 3, 4]


async def test_a_cancelled_one_waits_for_the_slowest_to_end():
    slow = Slow()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(gather([quick(), slow.run()]))
        await slow.begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert slow.ended


async def test_one_that_fails_is_told_when_the_others_have_done_their_work():
    done = list[int]()

    async def fails() -> None:
        raise OSError("no disk")

    async def works() -> None:
        await asyncio.sleep(0)
        done.append(1)

    with pytest.raises(OSError, match="no disk"):
        await gather([fails(), works()])
    assert done == [1]
