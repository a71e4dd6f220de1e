"""The files of an export at their places: how a machine is asked for them, and how they differ."""

import shlex
from collections.abc import Iterator, Sequence
from hashlib import sha256

import msgspec

from ollama_panel.core.applying import shown
from ollama_panel.core.applying.record import FileChange, FileState
from ollama_panel.core.export.deployment import Export, ExportFile
from ollama_panel.core.notices import notice

_LOOK = """\
path=%s
if [ -L "$path" ]; then real=$(readlink -f "$path") && [ "$real" ] && path=$real; fi
folder=$(dirname "$path")
while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
if [ -w "$folder" ]; then writable=yes; else writable=no; fi
if [ -L "$path" ]; then kind=link
elif [ ! -e "$path" ]; then kind=none
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
_PROBLEMS = {"link": "apply.file_link", "other": "apply.file_other", "unreadable": "apply.file_unreadable"}


class Found(msgspec.Struct, frozen=True):
    """What is at a place: the `path` that a link there leads to, and the text, None if nothing is there.

    `writable`: this user may write there. `problem` is why it cannot be read: a "link" that leads nowhere, "other" than
    a file, "unreadable".
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
    if found.text == after:
        return FileChange(found.path, FileState.SAME, after, after, root=root, digest=digest_of(after))
    if found.text is None:
        lines = shown.difference("", after, "/dev/null", found.path)
        return FileChange(found.path, FileState.NEW, "", after, lines, root=root)
    before = shown.without_secrets(found.text, after)
    lines = shown.difference(before, after, found.path, found.path)
    return FileChange(found.path, FileState.CHANGED, before, after, lines, root=root, digest=digest_of(found.text))


def back_of(found: Found, before: str | None, *, root: bool) -> FileChange:
    """Return how a file changes on the way back to the text `before`, None = nothing was there."""
    now, then = shown.without_secrets(found.text or ""), shown.without_secrets(before or "")
    lines = shown.difference(now, then, found.path, "/dev/null" if before is None else found.path)
    state = FileState.SAME if found.text == before else FileState.CHANGED
    return FileChange(found.path, state, now, then, lines, root=root, digest=digest_of(found.text or ""))


def discreet(change: FileChange) -> FileChange:
    """Return a change as it is shown and kept: the new text of somebody's own file has secrets, too."""
    before, after = shown.without_secrets(change.before), shown.without_secrets(change.after)
    old = "/dev/null" if change.state is FileState.NEW else change.path
    lines = shown.difference(before, after, old, change.path)
    digest = digest_of(change.after)
    return msgspec.structs.replace(change, before=before, after=after, difference=lines, written=digest)


def digest_of(text: str) -> str:
    """Return what tells a text from others, and nothing of what is in it."""
    return sha256(text.encode()).hexdigest()


def to_write(files: Sequence[FileChange]) -> tuple[FileChange, ...]:
    """Return those of the files that are not there as they are to be."""
    return tuple(one for one in files if one.state is not FileState.SAME)
