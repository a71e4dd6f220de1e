"""Exports for launchd on macOS: an agent for every worker, or one that gives Ollama's app its variables at each login.

The keys are those of launchd.plist(5). launchd replaces neither `~` nor variables, so a shell finds the folder of the
logs. What `launchctl setenv` sets is lost at a reboot, and the order in which agents start at a login is not defined:
so the agent sets the variables at each login, and starts the app again if that was there before.
"""

import plistlib
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Aspect, Deployment, Export, ExportFile, Group, Step, Syntax, Target
from ollama_panel.core.export.parts import header, service_variables
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice

AGENTS = Target(
    "launchd",
    Group.MACHINE,
    notice("export.launchd.title"),
    notice("export.launchd.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.STORE, Aspect.RESTARTS}),
)
APP = Target(
    "launchd-app",
    Group.MACHINE,
    notice("export.launchd_app.title"),
    notice("export.launchd_app.summary"),
    frozenset({Aspect.VARIABLES, Aspect.STORE, Aspect.RESTARTS}),
)

LABEL_PREFIX = "local.ollamapanel.worker."
"""What the label of a worker's agent begins with; its file is named by the label."""
LOG_FOLDER = "~/Library/Logs"
"""Where the agent of a worker writes what Ollama prints: `ollama-WORKER.log`."""

_APP_LABEL = "local.ollamapanel.app-environment"
_FOLDER = "~/Library/LaunchAgents"
_DOMAIN = '"gui/$(id -u)"'
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) cannot hold, and the carriage return, which its readers turn into a line feed."""
_RESTART_S = 3
"""Seconds until launchd starts a worker again, as the unit of Ollama's installer waits; launchd's own are 10."""
_LOGGED = 'exec "$@" >>"$HOME/Library/Logs/$0.log" 2>&1'
_SET_FOR_APP = """\
changed=
while [ "$#" -gt 1 ]; do
    if [ "$(launchctl getenv "$1")" != "$2" ]; then
        launchctl setenv "$1" "$2"
        changed=yes
    fi
    shift 2
done
if [ "$changed" ] && pgrep -x Ollama >/dev/null; then
    pkill -x Ollama
    seconds=0
    while pgrep -x Ollama >/dev/null && [ "$seconds" -lt 30 ]; do
        sleep 1
        seconds=$((seconds + 1))
    done
    open -g -j -a Ollama
fi
"""


def render_agents(deployment: Deployment) -> Export:
    """Return an agent for each worker; each keeps its own address, so that none takes that of Ollama's app."""
    instances = deployment.instances
    files = tuple(_file(_label(one), _agent(one), deployment, "export.launchd.worker", one) for one in instances)
    labels = [_label(one) for one in instances]
    steps = (
        _copied(file.name for file in files),
        Step(notice("export.launchd.unload"), _for_each(labels, f'launchctl bootout {_DOMAIN}/"$label"')),
        Step(
            notice("export.launchd.load"),
            _for_each(labels, f'launchctl bootstrap {_DOMAIN} {_FOLDER}/"$label".plist'),
        ),
        Step(
            notice("export.launchd.check", folder=LOG_FOLDER),
            "\n".join(f"curl {one.url}/api/version" for one in instances),
        ),
        Step(notice("export.launchd.app", target=APP.id, worker=instances[0].id)),
    )
    notes = tuple(notice("export.units.address", worker=one.id, url=one.url) for one in instances)
    return Export(files, steps, notes)


def render_app(deployment: Deployment) -> Export:
    """Return the agent that gives Ollama's app the settings of the first worker; the app keeps its address."""
    instances = deployment.instances
    first = instances[0]
    others = notice("export.launchd_app.others", target=AGENTS.id, file=f"{_label(first)}.plist")
    file = _file(_APP_LABEL, _app_agent(_environment(first)), deployment, "export.launchd_app.worker", first)
    steps = (
        _copied([file.name]),
        Step(
            notice("export.launchd_app.load"),
            f"launchctl bootout {_DOMAIN}/{_APP_LABEL} 2>/dev/null\n"
            f"launchctl bootstrap {_DOMAIN} {_FOLDER}/{_APP_LABEL}.plist",
        ),
        Step(notice("export.launchd_app.check"), "launchctl getenv OLLAMA_NUM_PARALLEL"),
        *([Step(others)] if len(instances) > 1 else ()),
    )
    return Export((file,), steps)


def _file(label: str, agent: dict[str, object], deployment: Deployment, about: str, worker: InstanceSpec) -> ExportFile:
    provenance = deployment.provenance
    told = (provenance.line(about, worker=worker.id), provenance.line("export.without_panel"))
    lines = (*header(deployment), *told)
    name = f"{label}.plist"
    return ExportFile(name, _plist(agent, lines), Syntax.XML, f"{_FOLDER}/{name}")


def _agent(instance: InstanceSpec) -> dict[str, object]:
    program = instance.argv[0]
    if _NOT_XML.search("".join(instance.argv)) or not program.startswith("/"):
        raise PanelError(notice("export.launchd.no_path", program=program))
    return {
        "Label": _label(instance),
        "ProgramArguments": ["/bin/sh", "-c", _LOGGED, f"ollama-{instance.id}", *instance.argv],
        "EnvironmentVariables": _environment(instance),
        "RunAtLoad": True,
        "KeepAlive": True,
        "ThrottleInterval": _RESTART_S,
        "ProcessType": "Interactive",
    }


def agent_of_app(variables: Mapping[str, str]) -> tuple[str, str]:
    """Return where the agent is that gives Ollama's app variables at each login, and its text."""
    return f"{_FOLDER}/{_APP_LABEL}.plist", plistlib.dumps(_app_agent(variables), sort_keys=False).decode()


def _app_agent(variables: Mapping[str, str]) -> dict[str, object]:
    told = [word for name, value in variables.items() if name != "OLLAMA_HOST" for word in (name, value)]
    return {
        "Label": _APP_LABEL,
        "ProgramArguments": ["/bin/sh", "-c", _SET_FOR_APP, "sh", *told],
        "RunAtLoad": True,
    }


def _environment(instance: InstanceSpec) -> dict[str, str]:
    """Return the variables of a worker. A folder that is not set is left out: an empty one would take the usual one."""
    return service_variables(instance, _NOT_XML, notice("export.plist"))


def _plist(document: dict[str, object], lines: Iterable[str]) -> str:
    """Return a property list with lines as a comment, which in XML has neither `--` nor a `-` at its end."""
    before, start, after = plistlib.dumps(document, sort_keys=False).decode().partition("<plist ")
    told = "".join(f"  {_NOT_XML.sub(' ', line)}\n" for line in lines)
    return f"{before}<!--\n{re.sub('-(?=-)', '- ', told)}-->\n{start}{after}"


def _label(instance: InstanceSpec) -> str:
    return f"{LABEL_PREFIX}{instance.id}"


def _copied(names: Iterable[str]) -> Step:
    files = " ".join(shlex.quote(name) for name in names)
    return Step(notice("export.launchd.copy", folder=_FOLDER), f"mkdir -p {_FOLDER} && cp {files} {_FOLDER}/")


def _for_each(labels: Sequence[str], command: str) -> str:
    return f"for label in {shlex.join(labels)}; do {command}; done"
