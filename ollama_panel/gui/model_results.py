"""Loads, unloads and pins models, and announces what came of it, with the way back."""

from functools import partial

from PySide6.QtCore import QObject

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.toasts import Toast


async def load(client: EngineClient, instance: InstanceId, model: ModelName) -> None:
    """Load a model, and tell it once it is loaded; Undo unloads it."""
    await client.operations.load_model(instance, model)
    client.announce(Toast(_ModelWords().loaded(instance, model), undo=partial(unload, client, instance, model)))


async def unload(client: EngineClient, instance: InstanceId, model: ModelName) -> None:
    """Unload a model once its requests have ended; Undo loads it again."""
    size = _size(client, instance, model)
    await client.operations.unload_model(instance, model)
    text, detail = _ModelWords().unloaded(instance, model, size)
    client.announce(Toast(text, detail, partial(load, client, instance, model)))


async def pin(client: EngineClient, instance: InstanceId, model: ModelName, *, on: bool) -> None:
    """Pin a model in the pool of an instance, or let it go; Undo does the opposite."""
    await client.operations.pin_model(instance, model, on=on)
    text, detail = _ModelWords().pinned(model, _pool(client, instance), on=on)
    client.announce(Toast(text, detail, partial(pin, client, instance, model, on=not on)))


def _size(client: EngineClient, instance: InstanceId, model: ModelName) -> int:
    """Return the bytes that a model takes in an instance, 0 = unknown."""
    gpu = client.snapshot.gpu
    models = (one for record in client.snapshot.instances if record.id == instance for one in record.models)
    return next((one.size_vram if gpu else one.size for one in models if one.name == model), 0)


def _pool(client: EngineClient, instance: InstanceId) -> str:
    return next((one.pool for one in client.snapshot.instances if one.id == instance), "")


class _ModelWords(QObject):
    """The words of the toasts."""

    def loaded(self, instance: str, model: str) -> str:
        return self.tr("{model} is loaded in {instance}").format(model=model, instance=instance)

    def unloaded(self, instance: str, model: str, size: int) -> tuple[str, str]:
        text = self.tr("{model} is unloaded from {instance}").format(model=model, instance=instance)
        return text, self.tr("{size} of memory are free again").format(size=fmt.size(size)) if size else ""

    def pinned(self, model: str, pool: str, *, on: bool) -> tuple[str, str]:
        if on:
            detail = self.tr("Loaded at every start, and kept")
            return self.tr("{model} is pinned in pool {pool}").format(model=model, pool=pool), detail
        return self.tr("{model} is no longer pinned in pool {pool}").format(model=model, pool=pool), ""
