"""The settings of how the panel treats the machine and its other users, a branch of `core.settings.tree`."""

from typing import Annotated

import msgspec
from msgspec import Meta

from ollama_panel.core.settings.tree_values import Seconds


class MachineSettings(msgspec.Struct, frozen=True):
    """Sleep, and giving the GPU to others. What battery and heat do is `SchedulingSettings.power_slots`."""

    keep_awake: Annotated[
        bool,
        Meta(
            title="Stay awake for requests",
            description="The machine does not go to sleep by itself while a request waits or runs; the screen may.",
        ),
    ] = True
    yield_programs: Annotated[
        tuple[str, ...],
        Meta(
            title="Programs that get the GPU",
            description="While one of these programs runs, the models are unloaded and requests wait; names of "
            "programs, separated by commas, as the system lists them: blender, game.exe.",
        ),
    ] = ()
    yield_gpu_percent: Annotated[
        int,
        Meta(ge=0, le=100),
        Meta(
            title="GPU use of others",
            description="When other programs use more of the GPU than this for ten seconds, they get it. 0 = never. "
            "Where the driver does not tell who uses it, it counts only while no request runs.",
            extra_json_schema={"unit": "percent"},
        ),
    ] = 0
    yield_cut: Annotated[
        bool,
        Meta(
            title="Cut answers for it",
            description="Answers that run are ended when the GPU is given away by itself. Off: they end first.",
        ),
    ] = False
    yield_resume_s: Annotated[
        Seconds,
        Meta(
            title="Back after",
            description="So long nobody else may use the GPU before the panel takes it back by itself.",
        ),
    ] = 30.0
