"""The file systems that hold folders, and when files were written."""

import re
import shlex
from collections.abc import Iterable, Iterator

from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.facts import Disk, FileTime

_PLACE = r"""
place() {
    folder=$1
    while [ ! -d "$folder" ] && [ "$folder" != / ]; do
        case $folder in /*) folder=${folder%/*}; folder=${folder:-/} ;; *) folder=/ ;; esac
    done
    limit 3 df -P -k "$folder" 2>/dev/null | say disk "$1"
}
"""
_MOUNTS = "if [ -r /proc/mounts ]; then cat /proc/mounts | say mounts; else mount | say mounted; fi\n"
_TIMES = r"""
written() {
    if [ "$(uname -s)" = Darwin ]; then stat -f '%m %N' "$@" 2>/dev/null; else stat -c '%Y %n' "$@" 2>/dev/null; fi
}
"""
_DF = re.compile(r"^(.*?) +(\d+) +(\d+) +(-?\d+) +\S+ +(/.*)$")
_MOUNTED = re.compile(r"^.* on (/.*?) \(([^,)]+)(.*)\)$")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def disks(folders: Iterable[str]) -> str:
    """Return the script that asks for the file systems of folders; one that is not there would be on that above."""
    return _PLACE + "".join(f"place {shlex.quote(one)}\n" for one in dict.fromkeys(folders)) + _MOUNTS


def disks_of(found: Iterable[Block]) -> tuple[Disk, ...]:
    """Return what the script `disks` has printed, each file system once, by its first folder."""
    known = list(found)
    kinds = {point: (kind, read_only) for one in known for point, kind, read_only in _mounts(one)}
    result = dict[str, Disk]()
    for one in known:
        if one.name != "disk" or not one.words:
            continue
        match = next((it for line in one.text.split("\n")[1:] if (it := _DF.match(line))), None)
        if match is not None and match[5] not in result:
            kind, read_only = kinds.get(match[5], ("", False))
            result[match[5]] = Disk(one.words[0], int(match[2]) << 10, max(0, int(match[4])) << 10, kind, read_only)
    return tuple(result.values())


def _mounts(block: Block) -> Iterator[tuple[str, str, bool]]:
    """Yield where file systems are mounted, their kinds, and whether they are read-only; later ones cover others."""
    for line in block.text.split("\n"):
        if block.name == "mounts" and len(columns := line.split(" ")) > 3:
            point = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), columns[1])
            yield point, columns[2], "ro" in columns[3].split(",")
        elif block.name == "mounted" and (match := _MOUNTED.match(line)):
            yield match[1], match[2], "read-only" in match[3]


def times(paths: Iterable[str]) -> str:
    """Return the script that asks when files were written."""
    listed = " ".join(shlex.quote(one) for one in dict.fromkeys(paths) if one.startswith("/"))
    return f"{_TIMES}{{ written {listed}; }} | say times\n" if listed else ""


def times_of(found: Iterable[Block]) -> tuple[FileTime, ...]:
    """Return what the script `times` has printed."""
    lines = (line for one in found if one.name == "times" for line in one.text.split("\n"))
    parts = (line.partition(" ") for line in lines)
    return tuple(FileTime(path, float(when)) for when, _, path in parts if when.isdecimal() and path)
