"""Export for `brew services`: the file in which Homebrew takes a user's variables for the service of a formula.

`brew services` writes `homebrew.mxcl.ollama.plist` anew at each start and restart, so that no edit of it stays.
From 6.0.15 on it adds the variables of `~/.homebrew/services/FORMULA.env` each time, which win over those of the
formula. That file has a variable per line: no quotes, no escapes, and blanks around a value are taken away
(Homebrew `Library/Homebrew/service.rb`, `effective_environment_variables`).
"""

import re

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Aspect, Deployment, Export, ExportFile, Group, Step, Syntax, Target
from ollama_panel.core.export.machine.launchd import AGENTS
from ollama_panel.core.export.meanings import meaning, without_panel
from ollama_panel.core.export.parts import commented, service_variables
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice

TARGET = Target(
    "homebrew",
    Group.MACHINE,
    notice("export.homebrew.title"),
    notice("export.homebrew.summary"),
    frozenset({Aspect.VARIABLES, Aspect.STORE, Aspect.RESTARTS}),
)

SINCE = "6.0.15"
"""The first version of Homebrew that reads the file."""

_FILE = "ollama.env"
_FOLDER = "~/.homebrew/services"
PLACE = f"{_FOLDER}/{_FILE}"
"""Where the file is."""
_OF_FORMULA = ("OLLAMA_FLASH_ATTENTION", "OLLAMA_KV_CACHE_TYPE")
"""What the formula sets by itself: `1` and `q8_0`. Empty, they are Ollama's own defaults again."""
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_BLANK_AT_END = re.compile(r"\A[ \t]|[ \t]\Z")


def render(deployment: Deployment) -> Export:
    """Return the file for the first worker; the service keeps its own address."""
    instances, provenance = deployment.instances, deployment.provenance
    first = instances[0]
    values = _environment(first)
    defaults = [name for name in _OF_FORMULA if name not in values]
    told = f"# {provenance.line('export.homebrew.formula')}\n" if defaults else ""
    text = "".join(
        [
            commented(deployment),
            f"# {provenance.line('export.homebrew.worker', worker=first.id)}\n",
            without_panel(provenance),
            *(f"{meaning(name, provenance)}{name}={value}\n" for name, value in values.items()),
            told,
            *(f"{name}=\n" for name in defaults),
        ]
    )
    steps = (
        Step(notice("export.homebrew.version", version=SINCE), "brew update && brew --version"),
        Step(
            notice("export.homebrew.copy", folder=_FOLDER),
            f"mkdir -p {_FOLDER} && cp {_FILE} {_FOLDER}/ && chmod 644 {_FOLDER}/{_FILE}",
        ),
        Step(notice("export.homebrew.restart"), "brew services restart ollama"),
        Step(
            notice("export.homebrew.check"),
            "plutil -extract EnvironmentVariables xml1 -o - ~/Library/LaunchAgents/homebrew.mxcl.ollama.plist",
        ),
        *([Step(notice("export.homebrew.others", target=AGENTS.id))] if len(instances) > 1 else ()),
    )
    return Export((ExportFile(_FILE, text, Syntax.ENV, f"{_FOLDER}/{_FILE}"),), steps)


def _environment(instance: InstanceSpec) -> dict[str, str]:
    values = service_variables(instance, _CONTROL, notice("export.homebrew.file"))
    for name, value in values.items():
        if _BLANK_AT_END.search(value):
            place = notice("export.homebrew.file")
            raise PanelError(notice("export.no_blanks", name=name, pool=instance.pool, place=place))
    return {name: value for name, value in values.items() if name != "OLLAMA_HOST"}
