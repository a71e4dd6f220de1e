"""Export as a script for fish (3.6 and 4.0) that starts every worker, waits for them and stops them on Ctrl-C.

Values are in single quotes, in which only the single quote and the backslash are special. fish runs the handler of a
signal between two commands, not during `wait`: hence the short sleeps.
"""

import re

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
    "fish",
    Group.MACHINE,
    notice("export.fish.title"),
    notice("export.fish.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.STORE}),
)

_FILE = "start-ollama.fish"
_SPECIAL = re.compile(r"([\\'])")
_WORKER, _URL = "\x01", "\x02"
"""What stands for the arguments 1 and 2 of a function while a text is rendered: no text has these characters."""

_FUNCTIONS = """\
set -g pids
set -g ended_by 0

function on_interrupt --on-signal INT
    set -g ended_by 130
end
function on_termination --on-signal TERM
    set -g ended_by 143
end

function stop_all
    for pid in $pids
        kill $pid 2>/dev/null
    end
    wait
    exit $argv[1]
end

if command -q curl
    function answers
        curl -s -f -m 2 --noproxy '*' -o /dev/null "$argv[1]/api/version"
    end
else if command -q wget
    function answers
        env http_proxy= wget -q -T 2 -O /dev/null "$argv[1]/api/version" 2>/dev/null
    end
else
    %(no_client)s >&2
    exit 1
end

# %(wait)s
function wait_for
    set -l seconds 0
    while not answers $argv[2]
        test $ended_by -ne 0; and stop_all $ended_by
        if not kill -0 $argv[3] 2>/dev/null
            %(ended)s >&2
            stop_all 1
        end
        if test $seconds -ge 60
            %(silent)s >&2
            stop_all 1
        end
        set seconds (math $seconds + 1)
        sleep 1
    end
    %(ready)s
end
"""
_END = """\
while test $ended_by -eq 0; and jobs -q
    sleep 1
end
stop_all $ended_by
"""


def quoted(text: str) -> str:
    """Return text as one word of a fish script."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return f"'{escaped}'"


def printed(told: Notice, words: Words) -> str:
    """Return the command that prints a notice; of its values, `_WORKER` and `_URL` become arguments of a function."""
    word = quoted(words(told)).replace(_WORKER, "'\"$argv[1]\"'").replace(_URL, "'\"$argv[2]\"'")
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
            "#!/usr/bin/env fish\n",
            commented(deployment),
            f"#\n# {provenance.line('export.shell.what')}\n",
            functions,
            *(_started(instance) for instance in instances),
            "\n",
            *(
                f"wait_for {instance.id} {instance.url} $pids[{number}]\n"
                for number, instance in enumerate(instances, 1)
            ),
            f"{printed(notice('export.shell.all_ready'), words)}\n{_END}",
        ]
    )
    file = ExportFile(_FILE, text, Syntax.FISH, executable=True)
    return Export((file,), (Step(notice("export.shell.use"), f"fish {_FILE}"),))


def assignments(instance: InstanceSpec) -> str:
    """Return an instance's environment as arguments of `env`, which unlike fish reserves no names."""
    values = variables(instance, NUL, notice("export.fish.script"))
    return " \\\n    ".join(f"{name}={quoted(value)}" for name, value in values.items())


def _started(instance: InstanceSpec) -> str:
    command = " ".join(map(quoted, instance.argv))
    return f"\nenv {assignments(instance)} \\\n    {command} &\nset -a pids $last_pid\n"
