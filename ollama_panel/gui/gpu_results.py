"""Gives the GPU to the user and takes it back, and announces what came of it, with the way back."""

from functools import partial

from PySide6.QtCore import QObject

from ollama_panel.core.gpu_yield import YieldRecord, YieldState
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.toasts import Toast


async def give(client: EngineClient, *, cut: bool, tell: bool = True) -> None:
    """Give the GPU away, and tell it once it is free; Undo takes it back. Nothing is told if it came back meanwhile.

    `tell` is not set if another call that has not ended tells it.
    """
    record = await client.operations.give_gpu(cut=cut)
    if tell and record.state is YieldState.YIELDED:
        text, detail = _GpuWords().given(record, gpu=client.snapshot.gpu)
        client.announce(Toast(text, detail, partial(take_back, client)))


async def take_back(client: EngineClient) -> None:
    """Take the GPU back; Undo gives it away again, when the requests that run have ended."""
    waited = client.snapshot.gpu_yield.waiting
    record = await client.operations.take_gpu_back()
    text, detail = _GpuWords().back(record, waited, gpu=client.snapshot.gpu)
    client.announce(Toast(text, detail, partial(give, client, cut=False)))


class _GpuWords(QObject):
    """The words; an object, because Qt's tool finds plural forms only where an object translates them."""

    def given(self, record: YieldRecord, *, gpu: bool) -> tuple[str, str]:
        text = self.tr("The GPU is yours") if gpu else self.tr("The memory is yours")
        parts = [self.tr("{size} freed").format(size=fmt.size(record.freed))] if record.freed else []
        return text, self.tr(", ").join((*parts, self.tr("%n request(s) wait", "", record.waiting)))

    def back(self, record: YieldRecord, waited: int, *, gpu: bool) -> tuple[str, str]:
        text = self.tr("The models have the GPU again") if gpu else self.tr("The models have the memory again")
        if record.refused and record.program:
            return text, self.tr("{program} gets it again once it was restarted").format(program=record.program)
        return text, self.tr("%n request(s) go on", "", waited) if waited else ""
