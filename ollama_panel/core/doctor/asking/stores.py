"""The model stores of servers: whether this user may use each, and the models in it."""

import re
import shlex
from collections.abc import Iterable, Mapping

import msgspec

from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.ollama.models import canonical
from ollama_panel.core.stores import Access, Denial

_LOOK = r"""
who() {
    { stat -c '%U %G %a' "$1" || stat -f '%Su %Sg %Lp' "$1"; } 2>/dev/null
}
store() {
    path=$1
    real=$(readlink -f "$path" 2>/dev/null || printf '%s' "$path")
    { stat -c '%d:%i' "$real" || stat -f '%d:%i' "$real"; } 2>/dev/null | say real "$path"
    folder=
    rest=$real/
    while [ "$rest" ]; do
        part=${rest%%/*}; rest=${rest#*/}
        folder=${folder%/}/$part
        if [ ! -e "$folder" ] && [ ! -L "$folder" ]; then echo "$folder" | say missing "$path"; return; fi
        if [ ! -x "$folder" ]; then printf '%s\t%s' "$(who "$folder")" "$folder" | say closed "$path"; return; fi
    done
    for part in manifests blobs; do
        if [ -e "$real/$part" ] && { [ ! -r "$real/$part" ] || [ ! -x "$real/$part" ]; }; then
            printf '%s\t%s' "$(who "$real/$part")" "$real/$part" | say denied "$path"
        fi
    done
    if [ -w "$real" ]; then echo yes | say writable "$path"; fi
    if [ -d "$real/manifests" ]; then
        cd "$real/manifests" 2>/dev/null && find . -type f 2>/dev/null | head -n 5000 | say models "$path"
    fi
    echo | say looked "$path"
}
"""
_OWNED = re.compile(r"(\S+) (\S+) ([0-7]+)")


class Look(msgspec.Struct, frozen=True):
    """What was seen of a folder: `real` is the same for all paths that lead to it, "" = unknown."""

    real: str = ""
    access: Access = Access()


def looking(paths: Iterable[str]) -> str:
    """Return the script that looks at the folders of models."""
    return _LOOK + "".join(f"( store {shlex.quote(one)} )\n" for one in dict.fromkeys(paths))


def looks_of(found: Iterable[Block]) -> Mapping[str, Look]:
    """Return what the script has printed of each folder, by its path."""
    by_path = dict[str, dict[str, str]]()
    for one in found:
        if one.words:
            by_path.setdefault(one.words[0], {})[one.name] = one.text
    return {path: Look(told.get("real", "").strip() or path, _access(told)) for path, told in by_path.items()}


def _access(told: Mapping[str, str]) -> Access:
    if "missing" in told:
        return Access(readable=None, missing=True)
    if "closed" in told:
        return Access(readable=False, closed=True, denials=(_denial(told["closed"], "x"),))
    if "looked" not in told:
        return Access()
    parts = (line.removeprefix("./").split("/") for line in told.get("models", "").split("\n"))
    models = tuple(canonical(f"{'/'.join(folders)}:{tag}") for *folders, tag in parts if len(folders) == 3)
    denials = (_denial(told["denied"], "rx", inside=True),) if "denied" in told else ()
    return Access(not denials, "writable" in told, closed=bool(denials), denials=denials, models=models)


def _denial(text: str, needed: str, *, inside: bool = False) -> Denial:
    who, _, path = text.partition("\t")
    found = _OWNED.fullmatch(who.strip())
    user, group, mode = found.groups() if found is not None else ("", "", "0")
    return Denial(path, user, group, int(mode, 8) & 0o7777, needed, inside=inside)
