"""The managers of services, that of the system and that of a user: where their files lie, and how to command them."""

import shlex
from collections.abc import Sequence

import msgspec

from ollama_panel.core.export.deployment import ExportFile, Site, Step
from ollama_panel.core.notices import notice


class Services(msgspec.Struct, frozen=True):
    """The services of one manager: the folders of units, of quadlets and of `variables`, and what commands begin with.

    `unit` is the option of `journalctl` that names a unit of it.
    """

    units: str
    quadlets: str
    variables: str
    sudo: str
    control: str
    unit: str


SYSTEM = Services("/etc/systemd/system", "/etc/containers/systemd", "/etc/ollama", "sudo ", "sudo systemctl", "--unit")
USER = Services(
    "~/.config/systemd/user", "~/.config/containers/systemd", "~/.config/ollama", "", "systemctl --user", "--user-unit"
)


def of(site: Site) -> Services:
    """Return the manager of a site."""
    return USER if site.of_user else SYSTEM


def as_root(manager: Services) -> Services:
    """Return a manager for a script that runs with the rights it needs, so that its commands need no sudo."""
    return msgspec.structs.replace(manager, sudo="", control=manager.control.removeprefix(manager.sudo))


def path_word(place: str) -> str:
    """Return a path as one word of a shell; `~/` stays the user's home."""
    return f"~/{shlex.quote(place[2:])}" if place.startswith("~/") else shlex.quote(place)


def install(manager: Services, files: Sequence[ExportFile]) -> str:
    """Return the commands that put files in their places, from the folder in which they were saved."""
    folders = dict[str, list[str]]()
    for file in files:
        folders.setdefault(file.place.rpartition("/")[0], []).append(shlex.quote(file.name))
    return "\n".join(
        f"{manager.sudo}install -D -m 644 -t {path_word(folder)} {' '.join(names)}" for folder, names in folders.items()
    )


def reload(manager: Services) -> str:
    """Return the command that lets a manager read its units again."""
    return f"{manager.control} daemon-reload"


def on_units(manager: Services, verb: str, units: Sequence[str]) -> str:
    """Return a command on units."""
    return f"{manager.control} {verb} {' '.join(map(shlex.quote, units))}"


def proof(manager: Services, units: Sequence[str]) -> Step:
    """Return the step that shows in the logs what is in force: each server writes it at its start."""
    named = " ".join(f"{manager.unit} {shlex.quote(unit)}" for unit in units)
    command = f"{manager.sudo}journalctl {named} --grep 'server config' --lines {len(units)} --no-pager"
    return Step(notice("export.services.proof"), command)


def linger(manager: Services) -> tuple[Step, ...]:
    """Return the step that lets the services of a user run without a login, which those of the system do anyway."""
    return () if manager != USER else (Step(notice("export.services.linger"), "loginctl enable-linger"),)
