"""What is said of models that the workers do not have, and what can be done, with the commands of this machine."""

import msgspec
import pytest

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.notices import Notice, UseStore
from ollama_panel.core.notices.render import render, ways
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.store_notices import Reader, Serving, of_stores, using
from ollama_panel.core.stores import MANAGED, Access, Denial, Found, Service, StoreRecord

SERVER, WORKER = InstanceId("adopted-11434"), InstanceId("chat-1")
THEIRS, OWN = "/usr/share/ollama/.ollama/models", "/home/alice/.ollama/models"
LLAMA, NOMIC = ModelName("llama3.1:8b"), ModelName("nomic-embed-text:latest")
SERVICE = Service("ollama", "ollama", unit="ollama.service")
ALICE = Reader("alice")
SERVING = {SERVER: Serving("http://127.0.0.1:11434", 1, ParallelSource.ENVIRONMENT, Found.UNIT)}
CLOSED = Denial("/usr/share/ollama", "ollama", "ollama", 0o750, "x", 998)


def own(*models: ModelName) -> StoreRecord:
    return StoreRecord(MANAGED, OWN, Found.HOME, (WORKER,), True, None, Access(True, True), models)


def theirs(*denials: Denial, models: tuple[ModelName, ...] = (LLAMA, NOMIC), service: Service = SERVICE) -> StoreRecord:
    access = Access(readable=not denials, denials=denials, models=(LLAMA, NOMIC))
    return StoreRecord(SERVER, THEIRS, Found.HOME, (SERVER,), False, service, access, models)


def told(*stores: StoreRecord, reader: Reader = ALICE) -> Notice:
    (found,) = of_stores(stores, SERVING, reader)
    return found


def whole(found: Notice) -> str:
    """Return a notice with all that can be done."""
    return "\n".join((render(found), *ways(found)))


def commands(found: Notice, number: int = 0) -> list[str]:
    """Return the commands of one of the ways, without their meaning."""
    return [render(step).partition(" # ")[0] for step in found.ways[number].ways]


def test_workers_without_any_of_the_models_cannot_serve() -> None:
    found = told(own(), theirs())
    assert found.level is Level.WARNING
    text = render(found)
    assert text.startswith(
        "The pools cannot serve: the models are with the server at http://127.0.0.1:11434 (service ollama.service of "
        f"user ollama), in {THEIRS} (the usual place in the home of that user), and the panel's workers have none of "
        "them. Every request goes to that server, 1 at a time for each model (from its systemd unit)."
    )


def test_workers_that_can_no_longer_read_their_folder() -> None:
    denial = msgspec.structs.replace(CLOSED, mode=0o700, member=True)
    access = Access(readable=False, closed=True, denials=(denial,))
    shut = msgspec.structs.replace(own(), path=THEIRS, found=Found.SETTINGS, access=access)
    found = told(shut, theirs(denial))
    assert found.level is Level.WARNING
    assert "the panel's workers cannot read the folder of their models" in render(found)
    assert "then they serve its models by themselves" in whole(found)
    assert commands(found) == ["sudo chmod g+x /usr/share/ollama"]
    alone = told(shut)
    assert (
        render(alone)
        == f"chat-1 cannot serve: the models are in the folder {THEIRS}, which the panel's workers cannot read."
    )
    assert commands(alone) == ["sudo chmod g+x /usr/share/ollama"]
    elsewhere = of_stores((shut, msgspec.structs.replace(theirs(), path="/srv/models")), SERVING, ALICE)
    assert [one.code for one in elsewhere] == ["stores.shut", "stores.none_here"]


def test_workers_that_lack_some_models_serve_the_others() -> None:
    found = told(own(LLAMA), theirs())
    assert found.level is Level.INFO
    assert render(found).startswith("nomic-embed-text:latest: only the server at http://127.0.0.1:11434 has this")
    assert found.code.partition(".")[0] == "stores"
    others = told(own(ModelName("own:latest")), theirs())
    assert others.code == "stores.some_elsewhere", "they serve what they have"


@pytest.mark.parametrize(
    "stores",
    [
        (own(LLAMA, NOMIC), theirs()),
        (own(), theirs(models=())),
        (theirs(),),
        (msgspec.structs.replace(own(), models=None), theirs()),
    ],
    ids=["they have all", "there are none", "no workers", "not read yet"],
)
def test_nothing_is_said_without_need(stores: tuple[StoreRecord, ...]) -> None:
    assert of_stores(stores, SERVING, ALICE) == ()


def test_a_folder_that_can_be_read_is_one_click_or_one_command_away() -> None:
    found = told(own(), theirs())
    assert found.action == UseStore(THEIRS)
    assert commands(found) == [f"ollama-panel settings set ollama.models_dir {THEIRS}"]
    assert "instead of" not in whole(found)
    also = told(own(ModelName("own:latest")), theirs())
    assert f"instead of {OWN}, whose models are then left alone" in whole(also)


def test_accepting_sets_the_folder_for_every_pool() -> None:
    variables = {"OLLAMA_MODELS": "/elsewhere", "OLLAMA_DEBUG": "1"}
    pool = PoolSettings(PoolName("chat"), Role.CHAT, environment=variables)
    after = using(Settings(pools=(pool,)), UseStore(THEIRS))
    assert after.ollama.models_dir == THEIRS
    assert after.pools[0].environment == {"OLLAMA_DEBUG": "1"}


def test_a_home_that_its_group_may_enter_needs_the_group_alone() -> None:
    found = told(own(), theirs(CLOSED))
    assert found.action is None
    assert "/usr/share/ollama is closed to alice: it belongs to ollama, group ollama, with mode 0750." in whole(found)
    assert commands(found) == ["sudo usermod -aG ollama alice"]


def test_a_home_that_only_its_owner_may_enter_must_be_opened_to_the_group() -> None:
    closed = msgspec.structs.replace(CLOSED, mode=0o700)
    assert commands(told(own(), theirs(closed))) == [
        "sudo usermod -aG ollama alice",
        "sudo chmod g+x /usr/share/ollama",
    ]
    member = msgspec.structs.replace(closed, member=True, listed=True)
    assert commands(told(own(), theirs(member))) == ["sudo chmod g+x /usr/share/ollama"]


def test_who_has_the_group_from_the_next_login_on_is_told_to_log_in() -> None:
    listed = msgspec.structs.replace(CLOSED, listed=True)
    found = told(own(), theirs(listed))
    assert commands(found) == [
        "Log in again and start the panel anew: you are in group ollama, but this session is older."
    ]


def test_closed_files_in_the_store_are_opened_all_at_once() -> None:
    blob = Denial(f"{THEIRS}/blobs/sha256-0", "ollama", "ollama", 0o600, "r", 998, member=True, inside=True)
    folder = msgspec.structs.replace(blob, path=f"{THEIRS}/manifests", mode=0o700, needed="rx")
    assert commands(told(own(), theirs(folder, blob))) == [f"sudo chmod -R g+rX {THEIRS}"]


def test_nobody_is_asked_to_join_the_group_of_root_or_of_a_person() -> None:
    for group in (0, 1001):
        closed = msgspec.structs.replace(CLOSED, path="/root", group_id=group, mode=0o700)
        assert commands(told(own(), theirs(closed))) == ["sudo setfacl -m u:alice:x /root"]


def test_without_the_commands_of_linux_what_denies_is_told() -> None:
    found = told(own(), theirs(CLOSED), reader=Reader("alice", linux=False))
    assert commands(found) == []
    assert "Give alice the right to read it." in whole(found)


def test_a_unit_can_get_more_slots_and_workers_of_its_user() -> None:
    found = told(own(), theirs(CLOSED))
    assert commands(found, 1) == [
        "ollama-panel export systemd-units --out ollama-units",
        "ollama-panel settings set pools.chat.workers 0",
        "sudo sh ollama-units/install-ollama-units.sh",
    ]
    assert commands(found, 2) == [
        "ollama-panel export systemd --out zz-ollama-panel.conf",
        "sudo install -D -m 644 zz-ollama-panel.conf /etc/systemd/system/ollama.service.d/zz-ollama-panel.conf",
        "sudo systemctl daemon-reload",
        "sudo systemctl restart ollama.service",
    ]
    mine = Service("alice", "alice", ours=True, unit="my-ollama.service", user_unit=True)
    found = told(own(), theirs(service=mine))
    assert commands(found, 1)[1:] == [
        "install -D -m 644 zz-ollama-panel.conf ~/.config/systemd/user/my-ollama.service.d/zz-ollama-panel.conf",
        "systemctl --user daemon-reload",
        "systemctl --user restart my-ollama.service",
    ]


def test_a_server_that_was_started_by_hand_has_no_unit_to_change() -> None:
    text = whole(told(own(), theirs(CLOSED, service=Service("bob", "bob"))))
    assert "systemctl" not in text
    assert "systemd-units" not in text
    assert "set OLLAMA_NUM_PARALLEL where it is started" in text


def test_a_folder_that_is_not_known_is_not_guessed() -> None:
    container = StoreRecord(SERVER, "", Found.CONTAINER, (SERVER,), False, Service("root"), None, (LLAMA,))
    text = render(told(own(), container))
    assert "(of user root), in a container," in text
    assert [one.code for one in told(own(), container).ways] == ["stores.way_alone"]
    unknown = told(own(), msgspec.structs.replace(container, found=Found.UNKNOWN, service=Service()))
    assert "(of a user that the system does not tell), in a folder that the system does not tell," in render(unknown)
    assert commands(unknown) == ["ollama-panel settings set ollama.models_dir FOLDER"]
