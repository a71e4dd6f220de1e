"""The settings of Ollama and of the panel's care for it, a branch of `core.settings.tree`."""

from typing import Annotated

import msgspec
from msgspec import Meta

from ollama_panel.core.settings.tree_values import FolderPath, Port, ProgramPath


class OllamaSettings(msgspec.Struct, frozen=True):
    """Ollama: the program, its files, and where its workers listen."""

    binary: Annotated[
        ProgramPath,
        Meta(
            title="Program",
            description="The ollama program. Empty: searched where installers put it. "
            "Another program restarts all instances.",
        ),
    ] = ""
    models_dir: Annotated[
        FolderPath,
        Meta(
            title="Models folder",
            description="OLLAMA_MODELS, a whole path or one that begins with ~ or $HOME. Empty: Ollama's own default. "
            "Another folder restarts all instances.",
        ),
    ] = ""
    first_port: Annotated[
        Port,
        Meta(
            title="First port of instances",
            description="Instances listen on this machine from this port up. "
            "A change restarts those that must move, one after the other.",
        ),
    ] = 11500
    adopt: Annotated[
        bool,
        Meta(
            title="Use a running Ollama", description="A server that runs already takes part; the panel never stops it."
        ),
    ] = True
    follow_updates: Annotated[
        bool,
        Meta(
            title="Follow updates",
            description="When Ollama has been updated, the workers are restarted with it one after the other as soon "
            "as they are idle. Off: the panel only says so.",
        ),
    ] = True
    twin: Annotated[
        bool,
        Meta(
            title="Start the successor first",
            description="A worker whose settings change runs on until its successor has loaded the same models, if the "
            "memory holds both. Off, or without the memory: requests wait meanwhile.",
        ),
    ] = True
    restart_hung: Annotated[
        bool,
        Meta(
            title="Restart what hangs",
            description="A busy worker without a sign of life is asked for a tiny answer, and restarted if that fails "
            "repeatedly. Off: the panel only says so, but still restarts a server that answers nothing at all.",
        ),
    ] = True
    hung_after_s: Annotated[
        float,
        Meta(ge=10, le=86_400),
        Meta(
            title="Silence of a worker",
            description="So long no answer of a busy worker may get a byte before it is asked for a tiny one.",
            extra_json_schema={"unit": "seconds"},
        ),
    ] = 60.0
