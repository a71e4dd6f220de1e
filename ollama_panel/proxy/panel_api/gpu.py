"""`/panel/v1/gpu`: the GPU given to other programs, and taken back."""

import msgspec

from ollama_panel.core.gpu_yield import YieldRequest
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


class ReleaseQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to give it away: `cut` ends the answers that run, `wait` answers when the memory is free."""

    cut: bool = False
    wait: bool = False


async def show(call: Call) -> Response:
    """Answer with what has the GPU."""
    return await call.answer(await call.panel.gpu_yield.show())


async def release(call: Call) -> Response:
    """Give the GPU away."""
    query = call.query(ReleaseQuery)
    record = await call.panel.gpu_yield.give(YieldRequest(query.cut), wait=query.wait)
    return await call.answer(record, 200 if query.wait else 202)


async def resume(call: Call) -> Response:
    """Take the GPU back."""
    return await call.answer(await call.panel.gpu_yield.take_back())
