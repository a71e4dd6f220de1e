"""Snapshots of machines on which the panel is started for the first time."""

import msgspec

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Sample, Snapshot
from ollama_panel.core.stores import MANAGED, Access, Found, StoreRecord
from ollama_panel.core.telemetry import GpuReading, SystemReading, Telemetry
from tests.gui.snapshots import GIB, LLAMA, MODELS, NOMIC, of_a_service, sample, snapshot

FOLDER = "/usr/share/ollama/.ollama/models"
SERVICE = FoundServer(
    "11434",
    812,
    0.0,
    Owner(OwnerKind.SYSTEM_UNIT, "ollama.service", "ollama.service"),
    user="ollama",
    program="/usr/local/bin/ollama",
    address="127.0.0.1:11434",
    url="http://127.0.0.1:11434",
    version="0.32.15",
    store=FOLDER,
    instance=InstanceId("adopted-11434"),
)
CARD = GpuReading("0000:01:00.0", "NVIDIA RTX 4090", memory_used=GIB, memory_total=24 * GIB)
READINGS = Telemetry(100.0, SystemReading(12.0, 16 * GIB, 64 * GIB), (CARD,))


def measured() -> Sample:
    """Return a sample that says what models may use."""
    return msgspec.structs.replace(sample(), memory_name=CARD.name)


def of_service(closed: bool = False, **changes: object) -> Snapshot:
    """Return a machine with a service that has all models; `closed`: the panel's user must not read them."""
    fields: dict[str, object] = {
        "settings": Settings(),
        "found_servers": (SERVICE,),
        "telemetry": READINGS,
        "sample": measured(),
        "cores": 16,
        "finished": (),
        "requests": (),
        **of_a_service(closed=closed),
    }
    return snapshot(**(fields | changes))


def alone(**changes: object) -> Snapshot:
    """Return a machine without a server, whose workers have all models."""
    workers = (InstanceId("chat-1"), InstanceId("embedding-1"))
    own = StoreRecord(
        MANAGED, "/home/alice/.ollama/models", Found.HOME, workers, True, None, Access(True, True), (LLAMA, NOMIC)
    )
    return of_service(**({"found_servers": (), "stores": (own,), "notices": ()} | changes))


def without_models() -> Snapshot:
    """Return a machine without a server and without any model."""
    (own,) = alone().stores
    return alone(stores=(msgspec.structs.replace(own, models=()),), models=())


def without_ollama() -> Snapshot:
    """Return a machine without Ollama: the panel shows a simulated one."""
    return alone(demo=True, found_servers=(), models=MODELS)
