"""Exports, files and machines for the tests of what puts exports into force."""

from ollama_panel.core.applying.files import Found, change_of
from ollama_panel.core.applying.host import HostFacts
from ollama_panel.core.applying.record import FileChange
from ollama_panel.core.applying.units import Unit
from ollama_panel.core.export.deployment import Export, ExportFile, Site, Syntax
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.records import Role

ROOT = HostFacts()
SUDOER = HostFacts(uid=1000, home="/home/ann", root=True)
USER = HostFacts(uid=1000, home="/home/ann", root=False)
DROP_IN = "/etc/systemd/system/ollama.service.d/zz-ollama-panel.conf"
SECOND = "/etc/systemd/system/ollama-chat-2.service"


def worker(number: int = 1, **environment: str) -> InstanceSpec:
    return InstanceSpec(
        InstanceId(f"chat-{number}"),
        number,
        PoolName("chat"),
        Role.CHAT,
        ("/usr/bin/ollama",),
        "127.0.0.1",
        11433 + number,
        {"OLLAMA_HOST": f"127.0.0.1:{11433 + number}", "OLLAMA_NUM_PARALLEL": "4", **environment},
    )


def export_of(target: str, *places: str, text: str = "new\n", site: Site = Site()) -> Export:  # noqa: B008 - immutable
    files = tuple(ExportFile(place.rpartition("/")[2], text, Syntax.INI, place) for place in places)
    return Export(files, (), target=target, workers=(worker(1), worker(2)), site=site)


def change(path: str, before: str | None = None, after: str = "new\n", *, root: bool = True) -> FileChange:
    return change_of(Found(path, before), after, root=root)


def unit(name: str = "ollama.service", path: str = DROP_IN, *, own_address: bool = True) -> Unit:
    return Unit(name, (path,), worker(), own_address=own_address)
