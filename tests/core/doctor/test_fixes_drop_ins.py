"""A fix that sets a variable of a server by a drop-in of its unit."""

import msgspec
import pytest

from ollama_panel.core.doctor.facts import Facts, MachineFacts, UnitFacts
from ollama_panel.core.doctor.fixes import setting_fix
from ollama_panel.core.findings import EditFiles
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind

SERVER = FoundServer("ollama.service", 7, 0.0, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"))
FILE = "zy-ollama-panel-doctor.conf"
SYSTEM = f"/etc/systemd/system/ollama.service.d/{FILE}"


def facts(server: FoundServer = SERVER, *files: str) -> Facts:
    unit = UnitFacts("ollama.service", files=files)
    return Facts(machine=MachineFacts(home="/home/anna"), servers=(server,), units=(unit,))


def test_a_unit_gets_a_drop_in() -> None:
    fix = setting_fix(facts(), "ollama.service", {"OLLAMA_CONTEXT_LENGTH": "8192"})
    text = '[Service]\nEnvironment="OLLAMA_CONTEXT_LENGTH=8192"\n'
    wanted = {"OLLAMA_CONTEXT_LENGTH": "8192"}
    assert fix == EditFiles(((SYSTEM, "", text),), "systemd", "ollama.service", False, wanted)


def test_a_unit_of_the_user_has_its_drop_ins_at_home() -> None:
    server = msgspec.structs.replace(SERVER, owner=Owner(OwnerKind.USER_UNIT, "ollama.service"))
    fix = setting_fix(facts(server), "ollama.service", {"OLLAMA_VULKAN": "1"})
    assert fix is not None
    assert (fix.files[0][0], fix.user_unit) == (f"/home/anna/.config/systemd/user/ollama.service.d/{FILE}", True)


@pytest.mark.parametrize(
    "given",
    [
        facts(SERVER, SYSTEM),
        facts(msgspec.structs.replace(SERVER, owner=Owner(OwnerKind.DOCKER, "ollama"))),
        facts(msgspec.structs.replace(SERVER, owner=Owner(OwnerKind.SYSTEM_UNIT))),
        Facts(),
    ],
    ids=["the file is there", "it is a container", "its unit is unknown", "there is no such server"],
)
def test_what_is_not_certain_is_left_to_the_user(given: Facts) -> None:
    assert setting_fix(given, "ollama.service", {"OLLAMA_VULKAN": "1"}) is None
