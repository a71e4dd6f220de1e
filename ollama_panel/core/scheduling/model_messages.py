"""The messages of the dispatcher about models that the panel itself loads, keeps and unloads."""

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.notices import Notice
from ollama_panel.core.records import LoadOptions
from ollama_panel.core.scheduling.message import Message

# Events


class LoadWanted(Message, frozen=True):
    """The panel itself wants a model in memory at an instance; exactly one `LoadOver` answers."""

    instance: InstanceId
    model: ModelName


class LoadEnded(Message, frozen=True):
    """A `Load` of this `generation` has ended: the model is loaded, or `why` not."""

    instance: InstanceId
    model: ModelName
    why: Notice | None = None
    generation: int = 0


class UnloadWanted(Message, frozen=True):
    """The user wants a model out of the memory of an instance once its requests there have ended, pinned or not.

    `UnloadOver` answers.
    """

    instance: InstanceId
    model: ModelName


# Actions


class Load(Message, frozen=True):
    """Load a model for nobody's request; `LoadEnded` answers.

    `options` are those that requests for it will have, `keep_alive` how long it stays, None = the instance's own.
    `generation` counts the processes of the instance.
    """

    instance: InstanceId
    model: ModelName
    options: LoadOptions = LoadOptions()
    keep_alive: str | None = None
    generation: int = 0


class LoadOver(Message, frozen=True):
    """What a `LoadWanted` has come to: the model is in memory, or `why` not."""

    instance: InstanceId
    model: ModelName
    why: Notice | None = None


class UnloadOver(Message, frozen=True):
    """A model for which there was an `UnloadWanted` is not in memory."""

    instance: InstanceId
    model: ModelName


class Keep(Message, frozen=True):
    """Tell an instance how long it keeps a model that is in memory, with the `options` of its runner."""

    instance: InstanceId
    model: ModelName
    keep_alive: str
    options: LoadOptions = LoadOptions()
