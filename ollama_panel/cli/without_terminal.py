"""Tells a sentence where nobody sees stderr: a program that was started from an icon has no terminal.

It is for the time before Qt runs, so other programs show it, of those that desktops bring along.
"""

import contextlib
import ctypes
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shutil import which

from ollama_panel.core.errors import PanelError
from ollama_panel.engine import logs
from ollama_panel.engine.paths import Paths

_TITLE = "Ollama Panel"
_ICON_OF_AN_ERROR = 0x10


def has_terminal() -> bool:
    """Return whether what is printed may be seen on a terminal."""
    return any(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def tell(sentence: str, state_dir: Path | None) -> None:
    """Write an error to the panel's log if there is a folder for it, and show it if there is a desktop."""
    with contextlib.suppress(PanelError):
        logs.configure_logging(Paths.of(state_dir), on_stderr=False)
        logging.getLogger(__name__).error("%s", sentence)
    show(sentence)


def show(
    sentence: str,
    environ: Mapping[str, str] = os.environ,
    found: Callable[[str], str | None] = which,
    start: Callable[[Sequence[str]], object] | None = None,
    system: str = sys.platform,
) -> bool:
    """Show a sentence in a window of its own; return whether a program does. On Windows wait until it is closed."""
    if system == "win32":
        return _message_box(sentence)
    if system != "darwin" and not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        return False
    for command in _commands(sentence):
        if found(command[0]):
            (start or _start)(command)
            return True
    return False


def _commands(sentence: str) -> list[list[str]]:
    """Return the ways to show it, the better first: a notification passes by, and xmessage has no clipboard.

    The first is for macOS, whose script gets the sentence as an argument.
    """
    alert = ("on run told", f'display alert "{_TITLE}" message (item 1 of told) as critical', "end run")
    return [
        ["osascript", *(word for line in alert for word in ("-e", line)), sentence],
        ["zenity", "--error", "--no-markup", f"--title={_TITLE}", f"--text={sentence}"],
        ["kdialog", "--title", _TITLE, "--error", sentence],
        ["notify-send", "--urgency=critical", _TITLE, sentence],
        ["xmessage", "-center", "-title", _TITLE, sentence],
    ]


def _message_box(sentence: str) -> bool:
    """Show a sentence by a function of Windows, which returns 0 if it cannot."""
    if sys.platform == "win32":
        return bool(ctypes.windll.user32.MessageBoxW(None, sentence, _TITLE, _ICON_OF_AN_ERROR))
    return False


def _start(command: Sequence[str]) -> None:
    """Start a program that stays when this one ends."""
    nowhere = subprocess.DEVNULL
    subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
