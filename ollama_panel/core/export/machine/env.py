"""Export as environment files, one for each worker: for systemd's `EnvironmentFile=`, Compose's `env_file` and shells.

Each value is written so that all three read the same (systemd.exec(5); compose-go 2.4 `dotenv/parser.go`; POSIX): bare
if it has plain signs only, else in single quotes, in which nothing is special but the quote itself and, for Compose, a
backslash before it. What has those is in double quotes with a backslash before each backslash, quote and dollar sign.
A backtick there is one thing to a shell and another to Compose.
"""

import re

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import service_managers
from ollama_panel.core.export.deployment import (
    Aspect,
    Deployment,
    Export,
    ExportFile,
    Group,
    Step,
    Syntax,
    Target,
)
from ollama_panel.core.export.meanings import meaning
from ollama_panel.core.export.parts import header, variables
from ollama_panel.core.export.unit_text import CONTROL
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice

TARGET = Target(
    "env",
    Group.MACHINE,
    notice("export.env.title"),
    notice("export.env.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.STORE}),
)

_BARE = re.compile(r"[\w@%+=:,./-]*", re.ASCII)
_NOT_SINGLE = re.compile(r"'|(?<!\\)(?:\\\\)*\\\Z")
"""A quote, or an odd number of backslashes before the closing one."""
_SPECIAL = re.compile(r'([\\"$])')


def render(deployment: Deployment) -> Export:
    """Return the files. Raises PanelError if a value cannot be written so that all readers agree."""
    manager = service_managers.of(deployment.site)
    files = tuple(_file(instance, deployment, manager.variables) for instance in deployment.instances)
    first = files[0]
    return Export(
        files,
        (
            Step(
                notice("export.env.unit", line=f"EnvironmentFile={_at_home(first.place)}"),
                service_managers.install(manager, files),
            ),
            Step(notice("export.env.compose", line=f"env_file: {first.name}")),
            Step(notice("export.env.shell"), f"set -a; . ./{first.name}; set +a; ollama serve"),
        ),
        (notice("export.env.address", worker=deployment.instances[0].id),),
    )


def assignment(name: str, value: str) -> str | None:
    """Return a line that sets a variable; None if no line is read the same by all."""
    if _BARE.fullmatch(value):
        return f"{name}={value}\n"
    if not _NOT_SINGLE.search(value):
        return f"{name}='{value}'\n"
    if "`" in value:
        return None
    escaped = _SPECIAL.sub(r"\\\1", value)
    return f'{name}="{escaped}"\n'


def _file(instance: InstanceSpec, deployment: Deployment, folder: str) -> ExportFile:
    provenance, name = deployment.provenance, f"ollama-{instance.id}.env"
    head = [*header(deployment), provenance.line("export.env.worker", worker=instance.id, url=instance.url)]
    values = variables(instance, CONTROL, notice("export.env.file"))
    lines = [f"# {line}\n" for line in head]
    for variable, value in values.items():
        if (line := assignment(variable, value)) is None:
            raise PanelError(notice("export.env.no_value", name=variable, pool=instance.pool))
        lines += [meaning(variable, provenance), line]
    text = "".join(map(_ended, lines))
    return ExportFile(name, text, Syntax.ENV, f"{folder}/{name}")


def _ended(line: str) -> str:
    """Return a line; a comment that ends in a backslash, which before systemd 254 goes on in the next, without that."""
    return line.rstrip("\\\n") + "\n" if line.startswith("#") else line


def _at_home(place: str) -> str:
    """Return a path as a unit names it, where `%h` is the user's home."""
    return f"%h/{place[2:]}" if place.startswith("~/") else place
