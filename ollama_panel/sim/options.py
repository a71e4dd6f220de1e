"""The options of a simulated server, from Ollama's environment and from OLLAMA_SIM_*."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from ollama_panel.sim.config import Config, read
from ollama_panel.sim.faults import Faults
from ollama_panel.sim.faults import read as read_faults
from ollama_panel.sim.machine.catalog import store
from ollama_panel.sim.machine.service_time import PROFILES, Profile

VERSION = "0.32.15"


class SimOptions(msgspec.Struct, frozen=True):
    """The options of one server; `gpu` is the folder of a GPU shared with other processes, `speed` the time factor."""

    config: Config
    profile: Profile = PROFILES["rtx-4090"]
    speed: float = 1.0
    gpu: Path | None = None
    catalog: str = ""
    faults: Faults = Faults()
    version: str = VERSION
    seed: int = 0


def options_of(environment: Mapping[str, str]) -> SimOptions:
    """Read OLLAMA_* and OLLAMA_SIM_*. Raises ValueError with a sentence if an OLLAMA_SIM_* value is invalid."""

    def own(name: str, default: str = "") -> str:
        return environment.get("OLLAMA_SIM_" + name, "").strip() or default

    profile = own("PROFILE", "rtx-4090")
    if profile not in PROFILES:
        raise ValueError(f"The machine {profile!r} is not known; the machines are {', '.join(PROFILES)}.")
    store(own("CATALOG"))
    return SimOptions(
        config=read(environment),
        profile=PROFILES[profile],
        speed=speed_of(own("SPEED", "1")),
        gpu=Path(own("GPU")) if own("GPU") else None,
        catalog=own("CATALOG"),
        faults=read_faults(own("FAULTS")),
        version=own("VERSION", VERSION),
    )


def speed_of(text: str) -> float:
    """Read a time factor. Raises ValueError with a sentence if it is not a number above 0."""
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if speed <= 0:
        raise ValueError(f"The time factor {text!r} is not a number above 0.")
    return speed
