"""The files of an export at their places: how a machine is asked for them, and how they differ."""

import shlex
from collections.abc import Iterator, Sequence
from difflib import unified_diff

import msgspec

from ollama_panel.core.applying.record import FileChange, FileState
from ollama_panel.core.export.deployment import Export, ExportFile
from ollama_panel.core.notices import notice

_LOOK = """\
path=%s
if [ -L "$path" ]; then real=$(readlink -f "$path") && path=$real; fi
folder=$(dirname "$path")
while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
if [ -w "$folder" ]; then writable=yes; else writable=no; fi
if [ ! -e "$path" ]; then kind=none
elif [ ! -f "$path" ]; then kind=other
elif [ -r "$path" ]; then kind=file
elif sudo -n test -r "$path" 2>/dev/null; then kind=closed
else kind=unreadable
fi
printf '%%s\\n' "$writable $kind" "$path"
case $kind in
file) cat "$path" ;;
closed) sudo -n cat "$path" ;;
esac
"""
_CONTEXT = 3
_PROBLEMS = {"other": "apply.file_other", "unreadable": "apply.file_unreadable"}


class Found(msgspec.Struct, frozen=True):
    """What is at a place: the `path` that a link there leads to, and the text, None if nothing is there.

    `writable`: this user may write there. `problem` is why it cannot be read: "other" (no file), "unreadable".
    """

    path: str
    text: str | None = None
    writable: bool = True
    problem: str = ""


def placed(export: Export, home: str) -> Iterator[tuple[ExportFile, str]]:
    """Yield the files of an export that are installed, each with its whole path on a machine."""
    for file in export.files:
        if file.place:
            yield file, f"{home}/{file.place[2:]}" if file.place.startswith("~/") else file.place


def look(path: str) -> str:
    """Return the script that tells what is at a path."""
    return _LOOK % shlex.quote(path)


def found_of(printed: str) -> Found:
    """Return what is at a path, from what the script prints."""
    about, path, text = [*printed.split("\n", 2), "", ""][:3]
    writable, _, kind = about.partition(" ")
    known = text if kind in ("file", "closed") else None
    return Found(path, known, writable == "yes", kind if kind in _PROBLEMS else "")


def change_of(found: Found, after: str, *, root: bool) -> FileChange:
    """Return how the file that is found becomes the one that is wanted; `root`: only an administrator may do so."""
    if found.problem:
        why = notice(_PROBLEMS[found.problem], path=found.path)
        return FileChange(found.path, FileState.UNREADABLE, after=after, problem=why, root=root)
    before = found.text or ""
    if found.text == after:
        return FileChange(found.path, FileState.SAME, before, after, root=root)
    state = FileState.NEW if found.text is None else FileState.CHANGED
    return FileChange(found.path, state, before, after, _difference(found, after), root=root)


def removal_of(found: Found, *, root: bool) -> FileChange:
    """Return how a file changes that is removed."""
    before = (found.text or "").splitlines()
    lines = tuple(unified_diff(before, [], found.path, "/dev/null", n=_CONTEXT, lineterm=""))
    return FileChange(found.path, FileState.CHANGED, found.text or "", "", lines, root=root)


def _difference(found: Found, after: str) -> tuple[str, ...]:
    before = (found.text or "").splitlines()
    name = "/dev/null" if found.text is None else found.path
    return tuple(unified_diff(before, after.splitlines(), name, found.path, n=_CONTEXT, lineterm=""))


def to_write(files: Sequence[FileChange]) -> tuple[FileChange, ...]:
    """Return those of the files that are not there as they are to be."""
    return tuple(one for one in files if one.state is not FileState.SAME)
