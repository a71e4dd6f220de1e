"""What can be done of a found server, and what was: the records of a replacement by the panel's workers."""

from enum import Enum

import msgspec

from ollama_panel.core.servers import FoundServer


class ServerCommand(Enum):
    """What can be done of a found server."""

    USE = "use"
    LEAVE = "leave"
    REPLACE = "replace"
    GIVE_BACK = "give-back"


class Stage(Enum):
    """How far a replacement is.

    STOPPING: the server is to end. REPLACED: the workers have its place. RETURNING: the server is to start again.
    """

    STOPPING = "stopping"
    REPLACED = "replaced"
    RETURNING = "returning"


class Means(Enum):
    """How a server is stopped, and started again.

    SIGNAL: the panel sends SIGTERM, and starts the same command again. COMMAND: the panel runs the commands. USER: the
    user types them; the panel waits.
    """

    SIGNAL = "signal"
    COMMAND = "command"
    USER = "user"


class Control(msgspec.Struct, frozen=True):
    """How a server is stopped and started; a command is () if it is unknown."""

    means: Means
    stop: tuple[str, ...] = ()
    start: tuple[str, ...] = ()


class Replacement(msgspec.Struct, frozen=True):
    """A server that was replaced, as front ends see it; `todo` are the commands that the user is to type now."""

    id: str
    server: FoundServer
    stage: Stage
    control: Control

    @property
    def todo(self) -> tuple[str, ...]:
        """The commands that the user is to type now."""
        if self.control.means is not Means.USER:
            return ()
        return {Stage.STOPPING: self.control.stop, Stage.RETURNING: self.control.start}.get(self.stage, ())
