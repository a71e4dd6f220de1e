"""How each kind of server is stopped and started."""

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.replacements import Control, Means
from ollama_panel.core.server_control import control_of
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind

UNIT = "llm.service"


def control(owner: Owner, platform: str = "linux", *, ours: bool = True) -> Control:
    return control_of(FoundServer("7", 7, 0.0, owner, ours=ours), platform)


@pytest.mark.parametrize(
    ("owner", "ours", "expected"),
    [
        (Owner(OwnerKind.BY_HAND, "bash"), True, Control(Means.SIGNAL)),
        (Owner(OwnerKind.BY_HAND, "bash"), False, Control(Means.USER, ("sudo kill 7",))),
        (
            Owner(OwnerKind.USER_UNIT, UNIT, UNIT, user_unit=True),
            True,
            Control(Means.COMMAND, ("systemctl --user stop llm.service",), ("systemctl --user start llm.service",)),
        ),
        (
            Owner(OwnerKind.USER_UNIT, UNIT, UNIT, user_unit=True),
            False,
            Control(Means.USER, ("systemctl --user stop llm.service",), ("systemctl --user start llm.service",)),
        ),
        (
            Owner(OwnerKind.SYSTEM_UNIT, "My LLM.service", "My LLM.service"),
            False,
            Control(Means.USER, ("sudo systemctl stop 'My LLM.service'",), ("sudo systemctl start 'My LLM.service'",)),
        ),
        (Owner(OwnerKind.DOCKER, "llm"), False, Control(Means.USER, ("docker stop llm",), ("docker start llm",))),
        (Owner(OwnerKind.PODMAN, "llm"), True, Control(Means.USER, ("podman stop llm",), ("podman start llm",))),
        (
            Owner(OwnerKind.PODMAN, "llm", UNIT, user_unit=True),  # a quadlet would be started again
            True,
            Control(Means.USER, ("systemctl --user stop llm.service",), ("systemctl --user start llm.service",)),
        ),
        (
            Owner(OwnerKind.SNAP, "ollama", "snap.ollama.listener.service"),
            False,
            Control(Means.USER, ("sudo snap stop ollama",), ("sudo snap start ollama",)),
        ),
        (Owner(OwnerKind.SNAP, "ollama"), True, Control(Means.SIGNAL)),
        (Owner(OwnerKind.CONTAINER, "0123"), False, Control(Means.USER)),
        (Owner(), True, Control(Means.USER)),
    ],
)
def test_what_the_panel_stops_itself_and_what_the_user_does(owner: Owner, ours: bool, expected: Control) -> None:
    assert control(owner, ours=ours) == expected


def test_a_container_of_podman_is_its_users() -> None:
    found = FoundServer("7", 7, 0.0, Owner(OwnerKind.PODMAN, "llm"), user="root")
    assert control_of(found, "linux").stop == ("sudo podman stop llm",)


@pytest.mark.parametrize(
    ("kind", "platform", "stop"),
    [
        (OwnerKind.HOMEBREW, "darwin", "brew services stop ollama"),
        (OwnerKind.LAUNCHD, "darwin", "launchctl bootout gui/$(id -u)/llm"),
        (OwnerKind.DESKTOP_APP, "darwin", "osascript -e 'quit app \"Ollama\"'"),
        (OwnerKind.DESKTOP_APP, "win32", 'taskkill /IM "ollama app.exe"'),
    ],
)
def test_the_commands_of_other_systems(kind: OwnerKind, platform: str, stop: str) -> None:
    found = control(Owner(kind, "llm"), platform)
    assert (found.means, found.stop) == (Means.USER, (stop,))
    assert found.start


@pytest.mark.parametrize("kind", [OwnerKind.PANEL, OwnerKind.OTHER_PANEL])
def test_the_workers_of_panels_are_not_replaced(kind: OwnerKind) -> None:
    with pytest.raises(PanelError, match="cannot be replaced"):
        control(Owner(kind))
