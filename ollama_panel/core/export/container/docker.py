"""Export as a shell script with one `docker run` per worker. Words are quoted as in `machine.shell`."""

from ollama_panel.core.export.container import image
from ollama_panel.core.export.deployment import (
    Accelerator,
    Aspect,
    Deployment,
    Export,
    ExportFile,
    Group,
    Site,
    Step,
    Syntax,
    Target,
)
from ollama_panel.core.export.machine.shell import quoted
from ollama_panel.core.export.meanings import without_panel
from ollama_panel.core.export.parts import commented
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice

TARGET = Target(
    "docker",
    Group.CONTAINER,
    notice("export.docker.title"),
    notice("export.docker.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.STORE, Aspect.RESTARTS}),
)

_FILE = "run-ollama-containers.sh"
_REPLACE = """\
set -eu

# %s
replace() {
    docker rm --force "$1" >/dev/null 2>&1 || true
}
"""
_HEALTH = (
    f"--health-cmd {quoted(' '.join(image.PROBE))}",
    "--health-interval 10s --health-timeout 5s --health-retries 6 --health-start-period 30s",
)


def render(deployment: Deployment) -> Export:
    """Return the script. Raises PanelError if no container reaches the GPU, or it cannot hold a variable."""
    instances, provenance, site = deployment.instances, deployment.provenance, deployment.site
    image.require_reachable(site.accelerator)
    runs = (
        f"\n# {provenance.line('export.container.worker', worker=instance.id, url=instance.url)}\n"
        f"replace {_name(instance)}\n{_run(instance, site)}\n"
        for instance in instances
    )
    text = "".join(
        [
            "#!/bin/sh\n",
            commented(deployment),
            f"#\n# {provenance.line('export.container.local')}\n{without_panel(provenance)}",
            _REPLACE % provenance.line("export.docker.replace"),
            *runs,
        ]
    )
    return Export((ExportFile(_FILE, text, Syntax.SHELL, executable=True),), _steps(deployment))


def _name(instance: InstanceSpec) -> str:
    return f"ollama-{instance.id}"


def _run(instance: InstanceSpec, site: Site) -> str:
    variables = image.environment(instance, site, notice("export.script"))
    return " \\\n    ".join(
        [
            f"docker run --detach --name {_name(instance)} --restart unless-stopped",
            *(["--gpus all"] if site.accelerator is Accelerator.NVIDIA else []),
            *(f"--device {device}" for device in image.DEVICES.get(site.accelerator, ())),
            f"--publish {instance.host}:{instance.port}:{image.PORT}",
            _store(image.store_of(instance)),
            *_HEALTH,
            *(f"--env {quoted(f'{name}={value}')}" for name, value in variables.items()),
            image.image(site),
        ]
    )


def _store(folder: str) -> str:
    """Return the option that mounts the models; `--mount` is a line of CSV, so that a folder may have any signs."""
    if not folder:
        return f"--volume {image.VOLUME}:{image.DATA}"
    source = f"source={folder}"
    if any(sign in folder for sign in ',"\n'):
        escaped = source.replace('"', '""')
        source = f'"{escaped}"'
    return f"--mount {quoted(f'type=bind,{source},target={image.STORE}')}"


def _steps(deployment: Deployment) -> tuple[Step, ...]:
    first, *_ = names = [_name(instance) for instance in deployment.instances]
    return (
        *image.preparations(deployment.site),
        Step(notice("export.docker.run", file=_FILE), f"sh {_FILE}"),
        *image.pulls(deployment, f"docker exec {first} ollama pull"),
        Step(notice("export.container.proof"), f"docker logs {first} 2>&1 | grep 'server config'"),
        Step(notice("export.docker.stop"), f"docker rm --force {' '.join(names)}"),
    )
