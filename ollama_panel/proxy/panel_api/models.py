"""`/panel/v1/instances/{id}/models`: models in the memory of an instance; their names may hold slashes and colons."""

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.proxy.panel_api.call import Call, Handler
from ollama_panel.proxy.response import Response


async def load(call: Call) -> Response:
    """Load a model."""
    return await call.answer(await call.panel.models.load(*_named(call)))


async def unload(call: Call) -> Response:
    """Unload a model."""
    return await call.answer(await call.panel.models.unload(*_named(call)))


def pinning(*, on: bool) -> Handler:
    """Return the handler that pins a model, or lets it go."""

    async def pin(call: Call) -> Response:
        return await call.answer(await call.panel.models.pin(*_named(call), on=on))

    return pin


def _named(call: Call) -> tuple[InstanceId, ModelName]:
    return InstanceId(call.names[0]), ModelName(call.names[1])
