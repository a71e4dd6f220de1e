"""The figures that stand beside the checks."""

from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.facts import Disk, Facts, MachineFacts, Unseen
from ollama_panel.core.doctor.figures import figures, has_no_server
from ollama_panel.core.doctor.unseen import CARDS
from ollama_panel.core.findings import Area
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.server_owners import Owner, OwnerKind
from ollama_panel.core.servers import FoundServer
from ollama_panel.core.telemetry import GpuReading


def words(facts: Facts) -> dict[Area, list[str]]:
    """Return the figures as texts, by area."""
    told: dict[Area, list[str]] = {}
    for one in figures(facts):
        told.setdefault(one.area, []).append(render(one.told))
    return told


def server(pid: int, address: str) -> FoundServer:
    return FoundServer(
        str(pid), pid, 0.0, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"), address=address, version="0.32.15"
    )


def test_what_was_counted_is_told_by_area() -> None:
    facts = Facts(
        machine=MachineFacts(memory_available=40 * GIB),
        gpus=(GpuReading("0", "NVIDIA L4"), GpuReading("1", "NVIDIA L4"), GpuReading("2", "Gone", lost=True)),
        servers=(server(1, "127.0.0.1:11434"), server(2, "127.0.0.1:11500")),
        disks=(Disk("/a", free=412 * GIB), Disk("/b", free=500 * GIB)),
    )
    assert words(facts) == {
        Area.SERVERS: ["servers: 2", "Ollama 0.32.15"],
        Area.GRAPHICS: ["card: 2x NVIDIA L4"],
        Area.MEMORY: ["memory 40.0 GiB free", "disk 412.0 GiB free"],
        Area.NETWORK: ["at 127.0.0.1:11434 and 127.0.0.1:11500"],
    }


def test_a_machine_without_a_server_says_so() -> None:
    assert has_no_server(examine(Facts()).figures)


def test_no_card_is_told_only_where_cards_can_be_seen() -> None:
    assert words(Facts())[Area.GRAPHICS] == ["no graphics card was found"]
    assert Area.GRAPHICS not in words(Facts(unseen=(Unseen(CARDS, notice("looking.no_shell")),)))


def test_where_processes_cannot_be_seen_nothing_is_said_of_servers() -> None:
    unseen = Unseen("processes", notice("looking.no_shell"))
    assert not has_no_server(tuple(figures(Facts(unseen=(unseen,)))))
