"""What is known of an incident's model, its instances and the machine."""

import msgspec
import pytest

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.incident_groups import Group, Happened, Machine
from ollama_panel.core.notices import ChangePools
from ollama_panel.core.ollama.incident import Incident, Kind
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource, Runner
from ollama_panel.core.snapshot import InstanceRecord
from tests.core.test_machine_alerts import CHAT, LLAMA, MACHINE, POOL, instance


def group(record: InstanceRecord, model: str = "/a", runner: Runner | None = None, machine: Machine = MACHINE) -> Group:
    incident = Incident(Kind.LAYERS_SPILLED, 1.0, 1.0, (model,) if model else ())
    return Group(Kind.LAYERS_SPILLED, CHAT, (Happened(record, incident, runner),), machine)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("/a", "llama3.1:8b"),
        ("llama3.1:8b", "llama3.1:8b"),
        ("/x/blobs/sha256-1", "sha256-1"),
        (r"C:\x\sha256-2", "sha256-2"),
        ("", ""),
    ],
)
def test_a_model_is_named_by_the_catalog_else_by_its_file(model: str, name: str) -> None:
    assert group(instance(), model).name == name


def test_the_context_is_that_of_the_last_load_else_of_the_server_else_of_the_settings() -> None:
    loaded = LoadedModel(LLAMA.name, 1, 1, 8192, 2, ParallelSource.LOG)
    assert group(instance("chat-1", loaded), runner=Runner("/a", parallel=4, context=65_536)).context == 16_384
    assert group(instance("chat-1", loaded)).context == 8192
    assert group(instance()).context == 32_768
    assert group(instance(), "/unknown").context is None


def test_of_a_server_that_is_not_ours_the_slots_are_those_of_the_load_else_of_the_server() -> None:
    adopted = instance("adopted-11434", managed=False, parallel=3)
    assert group(adopted, runner=Runner("/a", parallel=4, context=8192)).config.parallel == 4
    assert group(adopted).config.parallel == 3
    assert group(instance()).config.parallel == POOL.parallel


def test_the_room_for_a_model_is_what_the_others_leave() -> None:
    used = {(InstanceId("chat-1"), LLAMA.name): 5, (InstanceId("chat-2"), LLAMA.name): 7}
    machine = Machine(budget=100, used=used)
    assert machine.room(InstanceId("chat-1"), LLAMA.name) == 93
    assert machine.room(InstanceId("chat-3"), ModelName("b:1")) == 88
    assert Machine().room(InstanceId("chat-1"), LLAMA.name) is None


def test_a_variable_is_offered_for_all_pools_of_the_group_unless_one_sets_it() -> None:
    assert list(group(instance()).variable("A")) == [ChangePools((CHAT,), environment=(("A", "1"),))]
    own = msgspec.structs.replace(MACHINE, pools={CHAT: msgspec.structs.replace(POOL, environment={"A": "0"})})
    assert list(group(instance(), machine=own).variable("A")) == []
    assert list(group(instance("adopted-1", managed=False)).variable("A")) == []
