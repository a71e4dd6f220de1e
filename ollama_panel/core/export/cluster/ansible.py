"""Export for Ansible: a playbook that installs the services of systemd on all machines of a group.

The units are files beside the playbook, which Ansible copies as they are: a text in the playbook itself would be taken
for a template of Jinja wherever it has two braces.
"""

from collections.abc import Sequence

import msgspec

from ollama_panel.core.export import service_managers, yaml_text
from ollama_panel.core.export.deployment import Aspect, Deployment, Export, ExportFile, Group, Step, Syntax, Target
from ollama_panel.core.export.machine import systemd_units
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice

TARGET = Target(
    "ansible",
    Group.CLUSTER,
    notice("export.ansible.title"),
    notice("export.ansible.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.STORE, Aspect.RESTARTS}),
)

GROUP = "ollama"
"""The group of the inventory that the playbook is for."""

_FILE = "ollama.yml"
_FILES = "files"
_ANSWERS = {"register": "answer", "until": "answer.status == 200", "retries": 30, "delay": 2}
_RUNTIME = "/run/user/{{ ansible_facts.user_uid | default('') }}"
"""The facts are gathered with this variable, too, before there are any."""
_IN_CHECK_MODE = "{{ ansible_check_mode }}"


def render(deployment: Deployment) -> Export:
    """Return the playbook and the files that it copies; the first worker becomes the service that is there."""
    installed = [file for file in systemd_units.render(deployment).files if file.place]
    playbook = ExportFile(_FILE, yaml_text.document(deployment, [_play(deployment, installed)]), Syntax.YAML)
    copied = (msgspec.structs.replace(file, name=f"{_FILES}/{file.name}", place="") for file in installed)
    further = deployment.instances if _is_alone(deployment) else deployment.instances[1:]
    run = f"ansible-playbook -i inventory.ini {_FILE}"
    steps = (
        Step(notice("export.ansible.inventory", group=GROUP), f"printf '[{GROUP}]\\nuser@machine\\n' > inventory.ini"),
        Step(notice("export.ansible.check"), f"{run} --check --diff"),
        Step(notice("export.ansible.run"), run),
        Step(notice("export.ansible.proof"), _proof(deployment)),
    )
    notes = tuple(notice("export.units.address", worker=one.id, url=one.url) for one in further)
    return Export((playbook, *copied), steps, notes)


def _is_alone(deployment: Deployment) -> bool:
    """Return whether there is no service that runs Ollama already, as with a user's own manager."""
    return deployment.site.of_user and not deployment.site.service.user_unit


def _proof(deployment: Deployment) -> str:
    rights, option = ("", "--user-unit") if deployment.site.of_user else ("-b ", "--unit")
    return f"ansible -i inventory.ini {GROUP} {rights}-a \"journalctl {option} 'ollama*' --grep 'server config' -n 5\""


def _play(deployment: Deployment, files: Sequence[ExportFile]) -> dict[str, object]:
    of_user, provenance = deployment.site.of_user, deployment.provenance
    units = [_unit(file) for file in files]
    there = [] if _is_alone(deployment) else units[:1]
    own = [unit for unit in units if unit not in there]
    tasks: list[dict[str, object]] = [
        *(_found(unit, deployment) for unit in there),
        *([_linger(deployment)] if of_user else []),
        *(_folder(folder, deployment) for folder in _folders(files)),
        *(_copy(file, unit, deployment) for file, unit in zip(files, units, strict=True)),
        {"name": provenance.line("export.ansible.restart_now"), "ansible.builtin.meta": "flush_handlers"},
        *(_service(provenance.line("export.ansible.enable", unit=unit), unit, of_user, enabled=True) for unit in own),
        *(_wait(instance, deployment) for instance in deployment.instances[len(there) :]),
    ]
    play: dict[str, object] = {"name": provenance.line("export.ansible.play"), "hosts": GROUP, "become": not of_user}
    if of_user:
        play["environment"] = {"XDG_RUNTIME_DIR": _RUNTIME}
    handlers = [_service(_restart(unit), unit, of_user, enabled=False) for unit in units]
    return {**play, "tasks": tasks, "handlers": handlers}


def _service(name: str, unit: str, of_user: bool, *, enabled: bool) -> dict[str, object]:
    """Return the task that enables and starts a unit, or else restarts it; a check has no unit that is new."""
    state = {"enabled": True, "state": "started"} if enabled else {"state": "restarted"}
    scope = "user" if of_user else "system"
    return {
        "name": name,
        "ansible.builtin.systemd_service": {"name": unit, **state, "daemon_reload": True, "scope": scope},
        "ignore_errors": _IN_CHECK_MODE,
    }


def _restart(unit: str) -> str:
    """Return the name of the handler that restarts a unit."""
    return f"restart {unit}"


def _wait(instance: InstanceSpec, deployment: Deployment) -> dict[str, object]:
    return {
        "name": deployment.provenance.line("export.ansible.wait", worker=instance.id),
        "ansible.builtin.uri": {"url": f"{instance.url}/api/version"},
        **_ANSWERS,
        "when": "not ansible_check_mode",
    }


def _found(unit: str, deployment: Deployment) -> dict[str, object]:
    manager = ["systemctl", "--user"] if deployment.site.of_user else ["systemctl"]
    return {
        "name": deployment.provenance.line("export.ansible.found", unit=unit),
        "ansible.builtin.command": {"argv": [*manager, "cat", unit]},
        "changed_when": False,
    }


def _linger(deployment: Deployment) -> dict[str, object]:
    return {
        "name": deployment.provenance.line("export.ansible.linger"),
        "ansible.builtin.command": {"argv": ["loginctl", "enable-linger"]},
        "changed_when": False,
    }


def _folders(files: Sequence[ExportFile]) -> tuple[str, ...]:
    """Return the folders of files that may not be there yet; the system's own is always there."""
    folders = dict.fromkeys(file.place.rpartition("/")[0] for file in files)
    return tuple(folder for folder in folders if folder != service_managers.SYSTEM.units)


def _folder(folder: str, deployment: Deployment) -> dict[str, object]:
    return {
        "name": deployment.provenance.line("export.ansible.folder", folder=folder),
        "ansible.builtin.file": {"path": folder, "state": "directory", "mode": "0755"},
    }


def _copy(file: ExportFile, unit: str, deployment: Deployment) -> dict[str, object]:
    return {
        "name": deployment.provenance.line("export.ansible.copy", unit=unit),
        "ansible.builtin.copy": {"src": f"{_FILES}/{file.name}", "dest": file.place, "mode": "0644"},
        "notify": _restart(unit),
    }


def _unit(file: ExportFile) -> str:
    """Return the unit that a file is of: itself, or that of a drop-in."""
    folder, _, name = file.place.rpartition("/")
    return folder.rpartition("/")[2].removesuffix(".d") if _is_drop_in(file) else name


def _is_drop_in(file: ExportFile) -> bool:
    return file.place.rpartition("/")[0].endswith(".d")
