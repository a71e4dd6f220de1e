"""`/panel/v1/drill`: faults that are made on purpose at a secondary instance."""

from ollama_panel.core.drill import DrillAnswer, DrillRequest
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


async def show(call: Call) -> Response:
    """Show the drill."""
    return await call.answer(DrillAnswer(await call.panel.drills.show()))


async def begin(call: Call) -> Response:
    """Begin a drill."""
    return await call.answer(await call.panel.drills.begin(await call.body(DrillRequest)), 202)


async def cancel(call: Call) -> Response:
    """Cancel the drill."""
    return await call.answer(await call.panel.drills.cancel())
