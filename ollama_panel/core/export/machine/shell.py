"""Export as a shell script (POSIX sh) that starts every worker, waits for them and stops them on Ctrl-C.

Values are in single quotes, in which only the single quote itself is special.
"""

from ollama_panel.core.export.deployment import (
    Aspect,
    Deployment,
    Export,
    ExportFile,
    Group,
    Step,
    Syntax,
    Target,
    Words,
)
from ollama_panel.core.export.parts import NUL, commented, variables
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import Notice, notice

TARGET = Target(
    "shell",
    Group.MACHINE,
    notice("export.shell.title"),
    notice("export.shell.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.STORE}),
)

_FILE = "start-ollama.sh"
_WORKER, _URL = "\x01", "\x02"
"""What stands for the arguments $1 and $2 of a function while a text is rendered: no text has these characters."""

_FUNCTIONS = """\
set -u
pids=

stop() {
    trap '' INT TERM
    for pid in $pids; do kill "$pid" 2>/dev/null; done
    wait
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if command -v curl >/dev/null; then
    answers() { curl -s -f -m 2 --noproxy '*' -o /dev/null "$1/api/version"; }
elif command -v wget >/dev/null; then
    answers() { http_proxy='' wget -q -T 2 -O /dev/null "$1/api/version" 2>/dev/null; }
else
    %(no_client)s >&2
    exit 1
fi

# %(wait)s
wait_for() {
    seconds=0
    until answers "$2"; do
        if ! kill -0 "$3" 2>/dev/null; then
            %(ended)s >&2
            exit 1
        fi
        if [ "$seconds" -ge 60 ]; then
            %(silent)s >&2
            exit 1
        fi
        seconds=$((seconds + 1))
        sleep 1
    done
    %(ready)s
}
"""


def quoted(text: str) -> str:
    """Return text as one word of a shell script."""
    escaped = text.replace("'", "'\\''")
    return f"'{escaped}'"


def printed(told: Notice, words: Words) -> str:
    """Return the command that prints a notice; of its values, `_WORKER` and `_URL` become $1 and $2."""
    word = quoted(words(told)).replace(_WORKER, "'\"$1\"'").replace(_URL, "'\"$2\"'")
    return f"printf '%s\\n' {word}"


def render(deployment: Deployment) -> Export:
    """Return the script for these instances."""
    instances, provenance = deployment.instances, deployment.provenance
    words = provenance.words
    functions = _FUNCTIONS % {
        "no_client": printed(notice("export.shell.no_client"), words),
        "wait": provenance.line("export.shell.wait"),
        "ended": printed(notice("export.shell.ended", worker=_WORKER), words),
        "silent": printed(notice("export.shell.silent", worker=_WORKER, url=_URL), words),
        "ready": printed(notice("export.shell.ready", worker=_WORKER, url=_URL), words),
    }
    text = "".join(
        [
            "#!/bin/sh\n",
            commented(deployment),
            f"#\n# {provenance.line('export.shell.what')}\n",
            functions,
            *(_started(number, instance) for number, instance in enumerate(instances, 1)),
            "\n",
            *(
                f'wait_for {instance.id} {instance.url} "$pid_{number}"\n'
                for number, instance in enumerate(instances, 1)
            ),
            f"{printed(notice('export.shell.all_ready'), words)}\nwait\n",
        ]
    )
    return Export(
        (ExportFile(_FILE, text, Syntax.SHELL, executable=True),), (Step(notice("export.shell.use"), f"sh {_FILE}"),)
    )


def assignments(instance: InstanceSpec) -> str:
    """Return an instance's environment as arguments of `env`, which unlike the shell reserves no names."""
    values = variables(instance, NUL, notice("export.script"))
    return " \\\n    ".join(f"{name}={quoted(value)}" for name, value in values.items())


def _started(number: int, instance: InstanceSpec) -> str:
    command = " ".join(quoted(word) for word in instance.argv)
    return f'\nenv {assignments(instance)} \\\n    {command} &\npid_{number}=$!\npids="$pids $!"\n'
