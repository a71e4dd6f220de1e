"""`/panel/v1/environment`: the variables of Ollama, and presets of them."""

from ollama_panel.core.ollama.environment_answer import answer
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


async def show(call: Call) -> Response:
    """Answer with all that is known for the installed version."""
    return await call.answer(answer((await call.panel.snapshot()).ollama_version))
