"""How a script prints texts of any content: in blocks, each after a line with its name and its words.

The lines of a text begin with a blank, and a full stop after it keeps its last line end, so that no text can be taken
for another one's head, and each comes back to the byte.
"""

import shlex
from collections.abc import Iterator
from typing import NamedTuple

MOST_BYTES = 1 << 18
"""The most of a file that is read: no configuration is longer."""

PRELUDE = (
    f"most={MOST_BYTES + 1}"
    + r"""
say() { # say NAME WORD...: a block of what comes in
    printf '@@'; printf '\t%s' "$@"; echo; { cat; echo .; } | sed 's/^/ /'
}
if command -v timeout >/dev/null; then limit() { timeout -s KILL "$@"; }
elif command -v perl >/dev/null; then limit() { perl -e 'alarm shift; exec @ARGV' "$@"; }
else limit() { shift; "$@"; }
fi
file() { # file NAME PATH WORD...: a block of a file, with how it can be read; none if it is not there
    if [ ! -e "$2" ]; then
        if [ -z "$as" ] || ! $as test -e "$2" 2>/dev/null; then return 0; fi
    fi
    if [ -d "$2" ] || { [ -e "$2" ] && [ ! -f "$2" ]; }; then return 0
    elif [ -r "$2" ]; then content "$2" | say "$@" read
    elif [ "$as" ] && $as test -r "$2" 2>/dev/null; then $as head -c "$most" "$2" | say "$@" read
    else say "$@" closed </dev/null
    fi
}
files() { # files NAME PATTERN: the same of the files that a pattern stands for, in the order of their names
    LC_ALL=C $as sh -c 'for one in '"$2"'; do [ -f "$one" ] && printf "%s\n" "$one"; done' 2>/dev/null |
        head -n 50 | while IFS= read -r one; do file "$1" "$one"; done
}
content() {
    case $1 in
    *.plist) if [ "$(head -c 6 "$1")" = bplist ]; then plutil -convert xml1 -o - -- "$1"; return; fi ;;
    esac
    head -c "$most" "$1"
}
"""
)
"""What scripts begin with. `limit SECONDS COMMAND...` ends a command that takes longer; macOS has no `timeout`."""

_RIGHTS = r"""
as=
if [ "$(id -u)" != 0 ]; then
    case " $(id -Gn) " in
    *' sudo '*|*' wheel '*|*' admin '*) if sudo -n true 2>/dev/null; then as='sudo -n'; fi ;;
    esac
fi
"""
"""Who is in none of the groups of administrators is not tried: the system would report that."""


def script(body: str, rights: str | None = None) -> str:
    """Return a whole script. `rights` is what a command begins with (`$as`) that an administrator may run.

    It is empty unless `sudo` needs no password; None = not known yet: the system writes down each try that fails.
    """
    return PRELUDE + (_RIGHTS if rights is None else f"as={shlex.quote(rights)}\n") + body


class Block(NamedTuple):
    """A block: its name, its words, and its text, to the byte."""

    name: str
    words: tuple[str, ...]
    text: str


def blocks(printed: str) -> Iterator[Block]:
    """Yield the blocks of what a script prints, each as far as it came; a line ends by a line feed only."""
    head: tuple[str, ...] = ()
    lines = list[str]()
    for line in [*printed.split("\n"), "@@\t"]:
        if not line.startswith("@@\t"):
            lines += [line[1:]] if head and line.startswith(" ") else []
            continue
        if head and head[0]:
            yield Block(head[0], head[1:], "\n".join(lines).removesuffix("."))
        head, lines = tuple(line.split("\t")[1:]), []
