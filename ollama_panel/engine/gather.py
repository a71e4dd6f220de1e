"""Runs coroutines at once and ends when all of them have ended.

`asyncio.gather` ends as soon as one fails or is cancelled, and leaves the others behind (CPython 3.11,
`Lib/asyncio/tasks.py`, `_done_callback`): they would go on when whoever has begun them has closed what they use.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


async def gather(coroutines: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Return the results in the order of the coroutines, when all have ended, also if it is cancelled.

    If some fail, the others are not disturbed; it raises the exception of the first of them in that order.
    """
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(one)) for one in coroutines]
    results = list[T]()
    for task in tasks:
        result = task.result()
        if isinstance(result, Exception):
            raise result
        results.append(result)
    return results


async def outcome(work: Coroutine[Any, Any, T]) -> T | Exception:
    """Return the result of a coroutine, or the exception that it raises, which would end a task group."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - whoever gets it raises it, once the other tasks have ended
        return error
