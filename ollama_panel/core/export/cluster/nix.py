"""Export for NixOS: a module with `services.ollama` for the first worker, and a service for each further one.

The further services have the sandbox and the program of NixOS's own (`nixos/modules/services/misc/ollama.nix`), and so
need its user by name: a service with a user of its own could not read the store. A text is in double quotes, in which
backslash, quote and `$` are escaped by a backslash. NixOS writes variables into units without doubling `%`, the sign of
systemd's specifiers (`nixos/lib/systemd-lib.nix`).
"""

from collections.abc import Iterator, Mapping

from ollama_panel.core.export.deployment import (
    Accelerator,
    Aspect,
    Deployment,
    Export,
    ExportFile,
    Group,
    Step,
    Syntax,
    Target,
)
from ollama_panel.core.export.meanings import meaning, without_panel
from ollama_panel.core.export.parts import commented, service_variables
from ollama_panel.core.export.unit_text import CONTROL, plain
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice
from ollama_panel.core.worker_units import unit_name

TARGET = Target(
    "nix",
    Group.CLUSTER,
    notice("export.nix.title"),
    notice("export.nix.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.STORE, Aspect.RESTARTS}),
)

_FILE = "ollama.nix"
_FOLDER = "/etc/nixos"
_PACKAGES = {
    Accelerator.NVIDIA: "pkgs.ollama-cuda",
    Accelerator.ROCM: "pkgs.ollama-rocm",
    Accelerator.VULKAN: "pkgs.ollama-vulkan",
}
_SET_BY_MODULE = ("OLLAMA_HOST", "OLLAMA_MODELS")
_KEYWORDS = frozenset({"assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"})
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "$": "\\$", "\n": "\\n", "\t": "\\t"})


def quoted(text: str) -> str:
    """Return text as a string of Nix."""
    return f'"{text.translate(_ESCAPES)}"'


def render(deployment: Deployment) -> Export:
    """Return the module; the first worker keeps the address of NixOS's own service."""
    first, *further = deployment.instances
    provenance = deployment.provenance
    text = "".join(
        [
            commented(deployment),
            without_panel(provenance),
            "{ config, lib, pkgs, ... }:\n\n{\n",
            _service(first, deployment, shared=bool(further)),
            *(_worker(instance, first, deployment) for instance in further),
            "}\n",
        ]
    )
    units = " ".join(["ollama.service", *(unit_name(instance.id) for instance in further)])
    steps = (
        Step(notice("export.nix.copy", folder=_FOLDER), f"sudo install -m 644 {_FILE} {_FOLDER}/"),
        Step(notice("export.nix.imports", file=f"./{_FILE}"), f"sudoedit {_FOLDER}/configuration.nix"),
        Step(notice("export.nix.try"), "sudo nixos-rebuild dry-build"),
        Step(notice("export.nix.switch"), "sudo nixos-rebuild switch"),
        Step(notice("export.nix.check"), f"systemctl status {units}"),
    )
    notes = tuple(notice("export.units.address", worker=one.id, url=one.url) for one in further)
    return Export((ExportFile(_FILE, text, Syntax.NIX, f"{_FOLDER}/{_FILE}"),), steps, notes)


def _service(first: InstanceSpec, deployment: Deployment, *, shared: bool) -> str:
    """Return NixOS's own service with the settings of the first worker; it has a user by name if others share it."""
    site, provenance, values = deployment.site, deployment.provenance, _environment(first)
    package, models = _PACKAGES.get(site.accelerator, ""), values.get("OLLAMA_MODELS", "")
    user = f"    # {provenance.line('export.nix.user')}\n    user = lib.mkDefault {quoted('ollama')};\n"
    own = {name: value for name, value in values.items() if name not in _SET_BY_MODULE}
    return "".join(
        [
            f"  # {provenance.line('export.nix.worker', worker=first.id)}\n",
            "  services.ollama = {\n    enable = true;\n",
            f"    package = {package};\n" if package else "",
            user if shared else "",
            f"    models = {_escaped(models)};\n" if models else "",
            "    environmentVariables = {\n",
            *_attributes(own, deployment),
            "    };\n  };\n",
            "  systemd.services.ollama.serviceConfig = {\n"
            f"    Restart = lib.mkDefault {quoted('always')};\n    RestartSec = lib.mkDefault 3;\n  }};\n",
        ]
    )


def _worker(instance: InstanceSpec, first: InstanceSpec, deployment: Deployment) -> str:
    name = unit_name(instance.id).removesuffix(".service")
    values = _environment(instance)
    models = values.get("OLLAMA_MODELS", "")
    of_service = {"HOME": "config.services.ollama.home", "OLLAMA_MODELS": "config.services.ollama.models"}
    shared = {name: expression for name, expression in of_service.items() if name not in values}
    other_store = models and models != _environment(first).get("OLLAMA_MODELS")
    writable = f" // {{\n      ReadWritePaths = [ config.services.ollama.home {_escaped(models)} ];\n    }}"
    config = f"config.systemd.services.ollama.serviceConfig{writable if other_store else ''}"
    about = plain(deployment.provenance.line("export.units.description", worker=instance.id, url=instance.url))
    return "".join(
        [
            f"\n  systemd.services.{quoted(name)} = {{\n    description = {quoted(about)};\n",
            f"    wantedBy = [ {quoted('multi-user.target')} ];\n    after = [ {quoted('network.target')} ];\n",
            "    environment = {\n",
            *(f"      {variable} = {expression};\n" for variable, expression in shared.items()),
            *_attributes(values, deployment),
            f"    }};\n    serviceConfig = {config};\n  }};\n",
        ]
    )


def _attributes(values: Mapping[str, str], deployment: Deployment) -> Iterator[str]:
    for name, value in values.items():
        told = meaning(name, deployment.provenance)
        yield f"{'      ' + told if told else ''}      {_attribute(name)} = {_escaped(value)};\n"


def _attribute(name: str) -> str:
    return quoted(name) if name in _KEYWORDS else name


def _escaped(value: str) -> str:
    """Return a value for a field of a unit, in which NixOS leaves the specifiers as they are."""
    return quoted(value.replace("%", "%%"))


def _environment(instance: InstanceSpec) -> dict[str, str]:
    return service_variables(instance, CONTROL, notice("export.unit"))
