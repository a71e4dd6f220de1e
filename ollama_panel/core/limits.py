"""How many requests a model may run at once and why, and how well a pool keeps its SLO, as front ends see both."""

from enum import Enum
from typing import Protocol

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.notices import Notice


class LimitReason(Enum):
    """What limits how many requests of a model run at once: the least of them.

    SLOTS: those that it was loaded with. POWER: battery or heat. SLO: the pool's. ADJUSTED: more made it no faster.
    """

    SLOTS = "slots"
    POWER = "power"
    SLO = "slo"
    ADJUSTED = "adjusted"


class Power(Enum):
    """Why the machine is to be spared: its battery, its low-power mode, heat that slows it down, or critical heat.

    UNSTEADY: battery or low-power mode come and go.
    """

    BATTERY = "battery"
    LOW_POWER = "low_power"
    UNSTEADY = "unsteady"
    HEAT = "heat"
    CRITICAL_HEAT = "critical_heat"


class ModelLimit(msgspec.Struct, frozen=True):
    """The limit of a loaded model at one instance, out of its slots; `told` says both, and the reason that binds."""

    model: ModelName
    limit: int
    slots: int
    reason: LimitReason
    told: Notice


class DriftRecord(msgspec.Struct, frozen=True):
    """A model that answers more slowly than its tuning measured it: at `speed`, a share of that.

    `again`: it has been so slow for so long that it should be tuned again.
    """

    instance: InstanceId
    pool: PoolName
    model: ModelName
    speed: float
    again: bool


class SloRecord(msgspec.Struct, frozen=True):
    """The SLO of a pool, and how it is kept; a target that is None is not set.

    `kept` is the share, 0 to 1, of the last `counted` requests that met all targets, None = there was none. Batch work
    has no target for the first token. `met` and `missed` count the requests of this run. `impossible` says why it
    cannot be kept and what would help, None = it can.
    """

    first_token_s: float | None = None
    tokens_per_s: float | None = None
    kept: float | None = None
    counted: int = 0
    met: int = 0
    missed: int = 0
    impossible: Notice | None = None


class Limits(Protocol):
    """What the scheduler tells of its limits."""

    def limits(self, instance: InstanceId) -> tuple[ModelLimit, ...]:
        """Return the limits of the loaded models of an instance."""
        ...

    def loading(self, instance: InstanceId) -> tuple[ModelName, ...]:
        """Return the models that the panel itself loads at an instance, the one under way first."""
        ...

    def slo(self, pool: PoolName) -> SloRecord | None:
        """Return the SLO of a pool and how it is kept, None if it has none."""
        ...
