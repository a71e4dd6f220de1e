"""What is told for some seconds in the corner of the window: the result of an action, with the way back if there is."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ToastAction:
    """A button of a toast: its text, what it does in a tooltip, and the slot; the toast stays when it is pressed."""

    text: str
    tip: str
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Toast:
    """The result of an action, in the user's language. `EngineClient.announce` shows it.

    `text` says what was done and `detail` what came of it, "" for nothing. `undo` makes the command that restores what
    was before; it runs, once, when the user asks for it. An `error` stays until the user closes it. What failed as a
    command is told by `EngineClient.report`, and by no toast. `actions` lead on from the result, as to a file.
    """

    text: str
    detail: str = ""
    undo: Callable[[], Coroutine[Any, Any, Any]] | None = None
    error: bool = False
    actions: tuple[ToastAction, ...] = ()
