"""The programs `ollama` of a machine, and their versions."""

import shlex
from collections.abc import Iterable

from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.programs import NO_SERVER, Program, version_in

_PROGRAM = r"""
seen=:
program() {
    [ -x "$1" ] && [ ! -d "$1" ] || return 0
    real=$(readlink -f "$1" 2>/dev/null || printf '%s' "$1")
    case $seen in *":$real:"*) return 0 ;; esac
    seen=$seen$real:
    limit 3 "$1" --version 2>&1 </dev/null | head -c 4096 | say program "$1"
}
IFS=:
for folder in $PATH; do if [ "$folder" ]; then program "$folder/ollama"; fi; done
unset IFS
for one in /usr/local/bin /usr/bin /bin /snap/bin /opt/ollama/bin /opt/homebrew/bin /opt/homebrew/opt/ollama/bin ~/bin \
    ~/.local/bin ~/.nix-profile/bin /run/current-system/sw/bin /nix/var/nix/profiles/default/bin ~/.guix-profile/bin \
    /home/linuxbrew/.linuxbrew/bin ~/miniconda3/bin ~/miniforge3/bin ~/anaconda3/bin \
    /Applications/Ollama.app/Contents/Resources ~/Applications/Ollama.app/Contents/Resources
do
    program "$one/ollama"
done
"""
"""As `engine.host.programs` looks for them on this machine."""


def programs() -> str:
    """Return the script that asks the programs for their versions."""
    variables = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in NO_SERVER.items())
    return variables + _PROGRAM


def programs_of(found: Iterable[Block]) -> tuple[Program, ...]:
    """Return the programs that the script has printed."""
    result = list[Program]()
    for one in found:
        if one.name == "program" and one.words:
            version = version_in(one.text)
            result.append(Program(one.words[0], version, None if version else notice("programs.no_version")))
    return tuple(result)
