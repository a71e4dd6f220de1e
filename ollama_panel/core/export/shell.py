"""Export as a shell script (POSIX sh) that starts every worker, waits for them and stops them on Ctrl-C.

Values are in single quotes, in which only the single quote itself is special.
"""

import re
from collections.abc import Sequence

from ollama_panel.core.export.parts import Export, Provenance, Target, commented, variables
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.settings.tree import Settings

TARGET = Target("shell", "Shell script", "Starts every worker in a terminal and stops them all on Ctrl-C.")

_NUL = re.compile("\x00")

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
    echo "curl or wget is needed to see when Ollama is ready: install one of them." >&2
    exit 1
fi

# wait_for NAME URL PID: at most a minute
wait_for() {
    seconds=0
    until answers "$2"; do
        if ! kill -0 "$3" 2>/dev/null; then
            echo "$1 has ended before it was ready: see its messages above." >&2
            exit 1
        fi
        if [ "$seconds" -ge 60 ]; then
            echo "$1 does not answer on $2 after a minute: see its messages above." >&2
            exit 1
        fi
        seconds=$((seconds + 1))
        sleep 1
    done
    echo "$1 is ready on $2"
}
"""


def quoted(text: str) -> str:
    """Return text as one word of a shell script."""
    escaped = text.replace("'", "'\\''")
    return f"'{escaped}'"


def render(settings: Settings, instances: Sequence[InstanceSpec], provenance: Provenance) -> Export:
    """Return the script for these instances."""
    text = "".join(
        [
            "#!/bin/sh\n",
            commented(settings, provenance),
            "#\n# Starts every worker, waits until each one answers, and stops them all on Ctrl-C.\n",
            _FUNCTIONS,
            *(_started(number, instance) for number, instance in enumerate(instances, 1)),
            "\n",
            *(
                f'wait_for {instance.id} {instance.url} "$pid_{number}"\n'
                for number, instance in enumerate(instances, 1)
            ),
            'echo "All workers are ready. Ctrl-C stops them."\nwait\n',
        ]
    )
    return Export("start-ollama.sh", text, "Type: sh start-ollama.sh. Ctrl-C in that terminal stops all workers.")


def assignments(instance: InstanceSpec) -> str:
    """Return an instance's environment as arguments of `env`, which unlike the shell reserves no names."""
    values = variables(instance, _NUL, "a shell script")
    return " \\\n    ".join(f"{name}={quoted(value)}" for name, value in values.items())


def _started(number: int, instance: InstanceSpec) -> str:
    command = " ".join(quoted(word) for word in instance.argv)
    return f'\nenv {assignments(instance)} \\\n    {command} &\npid_{number}=$!\npids="$pids $!"\n'
