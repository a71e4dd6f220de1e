"""Parts shared by all exports: their types, their header, and the check of variable names and values."""

import re
from collections.abc import Iterator

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.settings.tree import PoolSettings, Settings

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


class Target(msgspec.Struct, frozen=True):
    """A target of an export: its `id` for the command line, and texts for users."""

    id: str
    title: str
    summary: str


class Export(msgspec.Struct, frozen=True):
    """A finished export: its file name, its text, and instructions in sentences."""

    filename: str
    text: str
    how_to_use: str


class Provenance(msgspec.Struct, frozen=True):
    """The origin of an export: the panel's version and the day, and a `note` on what holds for this machine only."""

    version: str
    date: str
    note: str = ""


def header(settings: Settings, provenance: Provenance) -> Iterator[str]:
    """Yield the lines of the header, without comment signs."""
    yield f"Made by Ollama Panel {provenance.version} on {provenance.date} from these settings:"
    for pool in settings.pools:
        yield f"  {describe(pool)}"
    if provenance.note:
        yield provenance.note


def describe(pool: PoolSettings) -> str:
    """Return a one-line description of a pool."""
    workers = f"{pool.workers} worker{'' if pool.workers == 1 else 's'}"
    return f"pool {pool.name} ({pool.role.value}): {workers}, parallel {pool.parallel}, context {pool.context_length}"


def commented(settings: Settings, provenance: Provenance) -> str:
    """Return the header as comment lines of a script or unit file."""
    return "".join(f"# {line}\n" for line in header(settings, provenance))


def variables(instance: InstanceSpec, forbidden: re.Pattern[str], where: str) -> dict[str, str]:
    """Return an instance's environment. Raises PanelError if a name is invalid or `where` cannot hold a value."""
    for name, value in instance.environment.items():
        if not _VARIABLE.fullmatch(name):
            raise PanelError(f"{name!r} in the environment of pool {instance.pool} is not a variable name: rename it.")
        if forbidden.search(value):
            raise PanelError(
                f"{name} in the environment of pool {instance.pool} has a line break or control character, "
                f"which {where} cannot hold: take it out."
            )
    return instance.environment
