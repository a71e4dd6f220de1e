"""The part of the table of the panel's API that is about the GPU given to others; see `routes`."""

from ollama_panel.core.gpu_yield import YieldRecord
from ollama_panel.core.panel_api import V1
from ollama_panel.core.settings.tree import Scope
from ollama_panel.proxy.panel_api import gpu
from ollama_panel.proxy.panel_api.call import Operation

OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", f"{V1}/gpu", gpu.show, "Who has the GPU: the models, or other programs", {200: YieldRecord}),
    Operation(
        "POST",
        f"{V1}/gpu/release",
        gpu.release,
        "Give the GPU to other programs: what runs ends first, models are unloaded, requests wait",
        {200: YieldRecord, 202: YieldRecord},
        Scope.CONTROL,
        query=gpu.ReleaseQuery,
    ),
    Operation(
        "POST",
        f"{V1}/gpu/resume",
        gpu.resume,
        "Take the GPU back: requests that wait are answered in their order",
        {200: YieldRecord},
        Scope.CONTROL,
    ),
)
