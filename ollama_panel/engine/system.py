"""What the engine uses of the operating system, as one argument: child processes, clocks, and what else runs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import psutil

from ollama_panel.engine import clock
from ollama_panel.engine.host import discovery
from ollama_panel.engine.host import processes as host
from ollama_panel.engine.host.power import ReadPower, power_sensors
from ollama_panel.engine.host.sleep_lock import SleepLock, SystemSleepLock
from ollama_panel.engine.instances import process
from ollama_panel.engine.instances.process import Spawn


@dataclass(frozen=True)
class System:
    """The real one by default. Both clocks must show the same time.

    Ollama servers of others are looked for among `processes`, and where `places` says: hosts by port, from the panel's
    variables. `sleep_lock` makes the lock against sleep, `power` what reads battery and heat. `examined`: the doctor
    looks at this machine by itself, once after the start.
    """

    spawn: Spawn = process.spawn
    seconds: Callable[[], float] = clock.seconds
    micros: Callable[[], int] = clock.micros
    processes: Callable[[], Iterable[psutil.Process]] = host.processes
    places: Callable[[Mapping[str, str]], Mapping[int, str]] = discovery.candidates
    sleep_lock: Callable[[], SleepLock] = SystemSleepLock
    power: Callable[[], ReadPower] = power_sensors
    examined: bool = False


REAL = System(examined=True)
