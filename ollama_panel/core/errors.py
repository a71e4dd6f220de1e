"""The error that is shown to users, and what is said of the system's errors."""

import errno

from typing_extensions import override

from ollama_panel.core.notices import Notice, joined, notice
from ollama_panel.core.notices.render import render

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class PanelError(Exception):
    """What went wrong, where, and what to do, as a notice; as a string it is its English sentence."""

    def __init__(self, told: Notice) -> None:
        super().__init__(told)
        self.notice = told

    @override
    def __str__(self) -> str:
        return render(self.notice)


def reason_of(error: Exception) -> Notice | str:
    """Return why something failed: a notice of our own that the error has as `notice`, else the words of the system.

    Those, or a decoder's, are without the number and the path of an OSError.
    """
    ours = getattr(error, "notice", None)
    if isinstance(ours, Notice):
        return ours
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def not_written(path: str, error: OSError, advice: Notice | None = None) -> Notice:
    """Return the notice that a file cannot be written, with the system's reason."""
    return joined(notice("file.not_written", path=path, reason=reason_of(error)), advice)


def not_read(path: str, error: Exception, advice: Notice | None = None) -> Notice:
    """Return the notice that a file cannot be read, with the reason of the system or of a decoder."""
    return joined(notice("file.not_read", path=path, reason=reason_of(error)), advice)


def folder_advice(error: OSError) -> Notice:
    """Return what to do about a folder in which a file cannot be written."""
    return notice("advice.disk_room" if error.errno in _FULL else "advice.folder_rights")
