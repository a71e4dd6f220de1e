"""What the first run shows of a machine."""

import msgspec

from ollama_panel.core.first_run.found import Kind, Part, State, found, is_looking, without_ollama
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import ProxyRecord, Snapshot
from ollama_panel.core.stores import MANAGED, Access, Found, StoreRecord
from ollama_panel.core.telemetry import SystemReading, Telemetry
from tests.core.first_run import machines
from tests.core.first_run.machines import READINGS, SERVICE, alone, of_service, without_models
from tests.gui.snapshots import GIB, LLAMA


def of_kind(snapshot: Snapshot, kind: Kind) -> list[Part]:
    return [part for part in found(snapshot) if part.kind is kind]


def told(part: Part) -> tuple[str, str, str]:
    return words(part.title), words(part.detail), render(part.verdict)


def words(said: Notice | str) -> str:
    return render(said) if isinstance(said, Notice) else said


def test_before_the_machine_was_looked_at_nothing_is_claimed() -> None:
    for snapshot in (Snapshot(0.0, Settings(), starting=True), of_service(found_servers=None)):
        (part,) = found(snapshot)
        assert part.state is State.OPEN
        assert told(part)[0] == "Looking for Ollama…"
        assert is_looking(snapshot)


def test_a_service_is_shown_with_its_owner_its_models_the_card_and_the_memory() -> None:
    assert [told(part) for part in found(of_service())] == [
        ("Ollama 0.32.15", "systemd: ollama.service, 127.0.0.1:11434", "Running"),
        ("Models: 2, 4.8 GiB", machines.FOLDER, "Readable"),
        ("NVIDIA RTX 4090, 24.0 GiB", "23.0 GiB free now", "Usable"),
        ("64.0 GiB of memory", "cores: 16, 48.0 GiB free now", "Enough"),
    ]


def test_a_folder_that_only_the_service_may_read_is_marked() -> None:
    (part,) = of_kind(of_service(closed=True), Kind.STORE)
    assert (part.state, render(part.verdict)) == (State.LOOK, "Service only")


def test_the_workers_of_a_panel_are_not_what_was_found() -> None:
    ours = msgspec.structs.replace(SERVICE, id="11500", pid=900, owner=Owner(OwnerKind.PANEL))
    assert len(of_kind(of_service(found_servers=(SERVICE, ours)), Kind.SERVER)) == 1


def test_several_servers_are_shown_each_with_its_address() -> None:
    other = FoundServer("11600", 990, 0.0, Owner(OwnerKind.BY_HAND, "bash"), address="127.0.0.1:11600")
    parts = of_kind(of_service(found_servers=(SERVICE, other)), Kind.SERVER)
    assert [told(part)[1] for part in parts] == [
        "systemd: ollama.service, 127.0.0.1:11434",
        "by hand, in bash, 127.0.0.1:11600",
    ]
    assert told(parts[1])[0] == "Ollama, version unknown"


def test_an_ollama_that_does_not_run_is_shown_with_its_program() -> None:
    (part,) = of_kind(alone(), Kind.SERVER)
    assert told(part)[:2] == ("Ollama 0.32.15, not running", "/usr/local/bin/ollama; the panel runs it as its workers")


def test_without_models_the_command_is_named_that_fetches_one() -> None:
    (part,) = of_kind(without_models(), Kind.STORE)
    assert part.state is State.LOOK
    assert "ollama-panel pull" in told(part)[1]


def test_the_workers_own_folder_that_they_cannot_read_is_shown() -> None:
    shut = StoreRecord(
        MANAGED, "/data/models", Found.SETTINGS, (InstanceId("chat-1"),), True, None, Access(False, closed=True), ()
    )
    (part,) = of_kind(alone(stores=(shut,)), Kind.STORE)
    assert (words(part.title), part.state) == ("Models that the panel cannot read", State.LOOK)


def test_the_models_in_a_container_are_its_servers_only() -> None:
    store = StoreRecord(
        InstanceId("adopted-11434"), "", Found.CONTAINER, (InstanceId("adopted-11434"),), models=(LLAMA,)
    )
    (part,) = of_kind(of_service(stores=(store,)), Kind.STORE)
    assert told(part)[1:] == ("a container", "Its server only")


def test_a_machine_without_a_card_is_said_to_be_slow() -> None:
    (part,) = of_kind(of_service(gpu=False, telemetry=msgspec.structs.replace(READINGS, gpus=())), Kind.CARD)
    assert (part.state, render(part.verdict)) == (State.LOOK, "Slow")


def test_what_the_sensors_do_not_tell_is_left_out() -> None:
    assert of_kind(of_service(telemetry=None), Kind.MEMORY) == []
    assert of_kind(of_service(telemetry=Telemetry(0.0, SystemReading())), Kind.MEMORY) == []


def test_little_memory_is_marked() -> None:
    little = Telemetry(0.0, SystemReading(memory_total=4 * GIB))
    (part,) = of_kind(of_service(telemetry=little), Kind.MEMORY)
    assert told(part) == ("4.0 GiB of memory", "cores: 16", "Little")


def test_an_address_that_is_taken_is_shown_with_its_owner() -> None:
    taken = notice("proxy.port_taken", host="127.0.0.1", port=11435, owner=notice("port.owner", name="nginx", pid=7))
    (part,) = of_kind(of_service(proxy=ProxyRecord(problem=taken)), Kind.ADDRESS)
    assert part.state is State.BAD
    assert "nginx" in words(part.detail)


def test_without_ollama_only_that_is_said() -> None:
    snapshot = machines.without_ollama()
    assert without_ollama(snapshot)
    assert [told(part)[0] for part in found(snapshot)] == ["No Ollama on this machine"]


def test_a_demonstration_that_was_asked_for_is_no_machine_without_ollama() -> None:
    assert not without_ollama(of_service(demo=True, demo_asked=True))
