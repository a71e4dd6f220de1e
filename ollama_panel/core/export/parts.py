"""Parts shared by all exports: their header, and the check of variable names and values."""

import re
from collections.abc import Iterator
from hashlib import sha256

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Deployment, Provenance
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import Notice, Value, notice
from ollama_panel.core.ollama.environment import is_folder
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.text import one_line

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_HASH_DIGITS = 12

NUL = re.compile("\x00")
"""What no environment of a program can hold, whatever the file can."""


def hash_of(settings: Settings) -> str:
    """Return the first digits of the SHA-256 of the pools: by it a file tells whether it is of the present settings."""
    return sha256(msgspec.json.encode(settings.pools, order="deterministic")).hexdigest()[:_HASH_DIGITS]


def header(deployment: Deployment) -> Iterator[str]:
    """Yield the lines of the header, without comment signs."""
    settings, provenance = deployment.settings, deployment.provenance
    yield provenance.line("export.made", version=provenance.version, date=provenance.date)
    for pool in settings.pools:
        yield f"  {describe(pool, provenance)}"
        if (measured := provenance.measured.get(pool.name)) is not None:
            yield f"    {one_line(provenance.words(measured))}"
        if pool.preload:
            yield f"    {provenance.line('export.pinned', models=pool.preload)}"
    if provenance.hardware:
        yield one_line(", ".join(provenance.hardware))
    yield provenance.line("export.hash", hash=hash_of(settings))
    for told in provenance.notes:
        yield one_line(provenance.words(told))


def describe(pool: PoolSettings, provenance: Provenance) -> str:
    """Return a one-line description of a pool."""
    values: dict[str, Value] = {
        "pool": pool.name,
        "role": notice(f"role.{pool.role.value}"),
        "parallel": pool.parallel,
        "context": pool.context_length,
    }
    if pool.workers == 1:
        return provenance.line("export.pool_of_one", **values)
    return provenance.line("export.pool", **values, workers=pool.workers)


def commented(deployment: Deployment) -> str:
    """Return the header as comment lines of a file in which `#` begins one."""
    return "".join(f"# {line}\n" for line in header(deployment))


def variables(instance: InstanceSpec, forbidden: re.Pattern[str], place: Notice) -> dict[str, str]:
    """Return an instance's environment. Raises PanelError if a name is invalid or `place` cannot hold a value."""
    for name, value in instance.environment.items():
        if not _VARIABLE.fullmatch(name):
            raise PanelError(notice("export.no_variable", name=name, pool=instance.pool))
        if forbidden.search(value):
            raise PanelError(notice("export.no_control", name=name, pool=instance.pool, place=place))
    return instance.environment


def service_variables(instance: InstanceSpec, forbidden: re.Pattern[str], place: Notice) -> dict[str, str]:
    """Return `variables` without folders that are not set: an empty one would take that of the service there."""
    return {
        name: value for name, value in variables(instance, forbidden, place).items() if value or not is_folder(name)
    }
