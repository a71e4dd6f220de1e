"""The rate of snapshots is limited."""

import asyncio

from ollama_panel.engine.publisher import Publisher


async def test_many_marks_are_one_snapshot_and_the_last_mark_is_never_lost() -> None:
    state, seen, got = 0, list[int](), asyncio.Event()

    def publish() -> None:
        seen.append(state)
        got.set()

    publisher = Publisher(publish, interval_s=0.01)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(publisher.run())
        while state < 1000:
            state += 1
            publisher.mark()
        await got.wait()
        got.clear()
        state = 1001
        publisher.mark()
        await got.wait()
        task.cancel()
    assert seen == [1000, 1001]
