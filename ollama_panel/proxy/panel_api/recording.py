"""`/panel/v1/recording`: the recording of this run, for replays and bug reports."""

from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


async def show(call: Call) -> Response:
    """Answer with the recording."""
    return await call.answer(await call.panel.recording.show())


async def begin(call: Call) -> Response:
    """Begin a recording, unless one is under way."""
    return await call.answer(await call.panel.recording.switch(on=True))


async def end(call: Call) -> Response:
    """End the recording, if there is one."""
    return await call.answer(await call.panel.recording.switch(on=False))


async def save(call: Call) -> Response:
    """Save the last ten minutes."""
    return await call.answer(await call.panel.recording.save_recent())
