"""The measurements that the history has: their names, their units, and where they come from.

A series is a kind of source, the source itself (a card, an instance; "" where there is only one) and a field.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.settings import forms
from ollama_panel.core.snapshot import Sample
from ollama_panel.core.telemetry import Telemetry


class Kind(Enum):
    """What is measured: the panel's requests and the memory for models, the machine, a graphics card, an instance."""

    PANEL = "panel"
    SYSTEM = "system"
    GPU = "gpu"
    INSTANCE = "instance"


class Field(msgspec.Struct, frozen=True):
    """One measurement. Thinned rows have its mean, with `high` also the highest value and with `low` the lowest."""

    name: str
    unit: str
    high: bool = False
    low: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the values that a row has of it, the mean first."""
        return (self.name, *[f"{self.name}_high"] * self.high, *[f"{self.name}_low"] * self.low)

    @property
    def functions(self) -> tuple[str, ...]:
        """What makes each of these columns of several rows, as SQL calls it."""
        return ("avg", *["max"] * self.high, *["min"] * self.low)


FIELDS: Mapping[Kind, tuple[Field, ...]] = {
    Kind.PANEL: (
        Field("queued", "requests", high=True),
        Field("in_flight", "requests", high=True),
        Field("slots", "requests"),
        Field("tokens_per_s", "tokens/s", high=True),
        Field("first_token_p95_s", "s", high=True),
        Field("memory_used", "bytes", high=True),
        Field("memory_total", "bytes"),
    ),
    Kind.SYSTEM: (
        Field("cpu_percent", "%", high=True),
        Field("memory_used", "bytes", high=True),
        Field("memory_total", "bytes"),
        Field("swap_used", "bytes", high=True),
    ),
    Kind.GPU: (
        Field("utilization_percent", "%", high=True),
        Field("memory_used", "bytes", high=True),
        Field("memory_total", "bytes"),
        Field("temperature_c", "°C", high=True),
        Field("power_w", "W", high=True),
        Field("clock_graphics_mhz", "MHz", low=True),
        Field("throttled", "share"),
    ),
    Kind.INSTANCE: (
        Field("rss_bytes", "bytes", high=True),
        Field("cpu_percent", "%", high=True),
    ),
}

NAMES = tuple(f"{kind.value}.{field.name}" for kind, fields in FIELDS.items() for field in fields)
"""The names of all series, without their sources."""


def require_names(names: Sequence[str]) -> None:
    """Raise PanelError if there is no series of one of these names."""
    for name in names:
        if name not in NAMES:
            raise PanelError(notice("history.series", name=forms.quoted(name), known=NAMES))


def columns(kind: Kind) -> tuple[str, ...]:
    """Return the names of the values of a row, in their order."""
    return tuple(column for field in FIELDS[kind] for column in field.columns)


class Reading(msgspec.Struct, frozen=True):
    """The fields of one source at one instant, in the order of `FIELDS`; None = unknown."""

    kind: Kind
    source: str
    values: tuple[float | None, ...]


def of_sample(sample: Sample) -> Reading:
    """Return what a sample tells of the panel."""
    return Reading(Kind.PANEL, "", tuple(getattr(sample, field.name) for field in FIELDS[Kind.PANEL]))


def of_telemetry(telemetry: Telemetry) -> Iterator[Reading]:
    """Yield what the sensors tell of the machine, of each card and of each instance."""
    yield Reading(Kind.SYSTEM, "", _named(telemetry.system, Kind.SYSTEM))
    for gpu in telemetry.gpus:
        *values, _ = _named(gpu, Kind.GPU)
        yield Reading(Kind.GPU, gpu.id, (*values, None if gpu.throttles is None else float(bool(gpu.throttles))))
    for instance in telemetry.instances:
        yield Reading(Kind.INSTANCE, instance.id, _named(instance, Kind.INSTANCE))


def _named(reading: msgspec.Struct, kind: Kind) -> tuple[float | None, ...]:
    return tuple(getattr(reading, field.name, None) for field in FIELDS[kind])
