"""An attempt is ended by a preemption or a cancel; its task goes on with what follows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ollama_panel.core.notices import Notice
from ollama_panel.proxy.attempt import Attempt
from tests.fakes.gate import CANCELLED, URGENT
from tests.fakes.waiting import deadline

ANSWER = "answer"


class Trial:
    """A task that waits for an answer in an attempt; `seen` is what it got."""

    def __init__(self) -> None:
        self.seen: list[str | Notice | None] = []
        self.answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.began = asyncio.Event()

    async def run(self) -> None:
        self.attempt = Attempt(0)
        self.began.set()
        try:
            await self.answer
            self.seen.append(ANSWER)
        except asyncio.CancelledError:
            assert self.attempt.absorb_cancellation()
            self.seen.append(self.attempt.reason)
        finally:
            self.attempt.end()
        await asyncio.sleep(0)


@asynccontextmanager
async def trial() -> AsyncIterator[Trial]:
    """Yield an attempt that waits; it has ended after the block."""
    async with deadline("the end of the attempt"), asyncio.TaskGroup() as group:
        begun = Trial()
        group.create_task(begun.run())
        await begun.began.wait()
        yield begun


async def test_whoever_cancels_it_is_sure_that_its_answer_is_not_used() -> None:
    async with trial() as it:
        it.answer.set_result(None)
        it.attempt.preempt(CANCELLED)
    assert it.seen == [CANCELLED]


async def test_the_last_reason_counts_and_an_end_after_the_end_does_nothing() -> None:
    async with trial() as it:
        it.attempt.preempt(URGENT)
        it.attempt.preempt(CANCELLED)
    it.attempt.preempt(URGENT)
    assert it.seen == [CANCELLED]


async def test_its_own_task_may_make_a_preemption_void() -> None:
    attempt = Attempt(0)
    attempt.preempt(URGENT)
    attempt.preempt(None)
    await asyncio.sleep(0)
    attempt.end()
    assert attempt.reason is None
