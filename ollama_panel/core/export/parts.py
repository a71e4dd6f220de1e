"""Parts shared by all exports: their types, their words, their header, and the check of variable names and values."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import Notice, Value, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.stores import Service

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")

Words: TypeAlias = Callable[[Notice], str]
"""Renders a notice in the language of the export."""

INSTALLED = Service("ollama", "ollama", unit="ollama.service")
"""The service that Ollama's own installer for Linux makes (`scripts/install.sh`)."""


class Target(msgspec.Struct, frozen=True):
    """A target of an export: its `id` for the command line, and texts for users."""

    id: str
    title: Notice
    summary: Notice


class Export(msgspec.Struct, frozen=True):
    """A finished export: its file name, its text, and instructions."""

    filename: str
    text: str
    how_to_use: Notice


class Provenance(msgspec.Struct, frozen=True):
    """The origin of an export: the panel's version and the day, and a `note` on what holds for this machine only.

    `words` renders what people read in the file. `service` is the unit that runs Ollama there, and its user; `models`
    is that user's store, "" = the usual one in the home. `measured` is what was measured with the settings of a pool.
    """

    version: str
    date: str
    note: Notice | None = None
    words: Words = render
    service: Service = INSTALLED
    models: str = ""
    measured: Mapping[PoolName, Notice] = {}

    def line(self, code: str, /, **values: Value) -> str:
        """Return a notice as one line of text: whatever the language, a comment never ends early."""
        return one_line(self.words(notice(code, **values)))


def one_line(text: str) -> str:
    """Return text without line breaks and other control characters."""
    return _LINE_BREAKS.sub(" ", text)


def header(settings: Settings, provenance: Provenance) -> Iterator[str]:
    """Yield the lines of the header, without comment signs."""
    yield provenance.line("export.made", version=provenance.version, date=provenance.date)
    for pool in settings.pools:
        yield f"  {describe(pool, provenance)}"
        if (measured := provenance.measured.get(pool.name)) is not None:
            yield f"    {one_line(provenance.words(measured))}"
    if provenance.note is not None:
        yield one_line(provenance.words(provenance.note))


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


def commented(settings: Settings, provenance: Provenance) -> str:
    """Return the header as comment lines of a script or unit file."""
    return "".join(f"# {line}\n" for line in header(settings, provenance))


def variables(instance: InstanceSpec, forbidden: re.Pattern[str], place: Notice) -> dict[str, str]:
    """Return an instance's environment. Raises PanelError if a name is invalid or `place` cannot hold a value."""
    for name, value in instance.environment.items():
        if not _VARIABLE.fullmatch(name):
            raise PanelError(notice("export.no_variable", name=name, pool=instance.pool))
        if forbidden.search(value):
            raise PanelError(notice("export.no_control", name=name, pool=instance.pool, place=place))
    return instance.environment
