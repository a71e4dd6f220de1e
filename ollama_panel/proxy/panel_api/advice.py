"""`/panel/v1/advice`: what to set, for a use of this machine or of one that is described."""

import asyncio

from ollama_panel.core.advice import machines, questions, speed
from ollama_panel.core.advice.questions import Question
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


async def show(call: Call) -> Response:
    """Answer with the advice; it is made in a thread, because with a hundred models it takes 15 ms (measured)."""
    question, snapshot = call.query(Question), await call.panel.snapshot()
    machine, measured = machines.of_snapshot(snapshot), speed.measured(snapshot.finished)
    found = await asyncio.to_thread(questions.answer, question, machine, snapshot.models, measured)
    return await call.answer(found)
