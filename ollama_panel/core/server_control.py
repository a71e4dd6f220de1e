"""How a found server is stopped and started again, by whoever runs it. Pure."""

import shlex
from collections.abc import Callable

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.replacements import Control, Means
from ollama_panel.core.server_notices import of_owner
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind

_Commands = tuple[str, str]
"""The commands that stop and start a server."""


def control_of(server: FoundServer, platform: str) -> Control:
    """Return how a server is stopped and started. Raises PanelError for one of a panel."""
    owner = server.owner
    if owner.kind in (OwnerKind.PANEL, OwnerKind.OTHER_PANEL):
        raise PanelError(notice("replacing.of_panel", server=server.id, owner=of_owner(owner)))
    commands = _of_unit(owner) or _of_owner(server, platform)
    if commands is not None:
        user_manager = owner.kind is OwnerKind.USER_UNIT and server.ours
        return Control(Means.COMMAND if user_manager else Means.USER, (commands[0],), (commands[1],))
    by_hand = owner.kind in (OwnerKind.BY_HAND, OwnerKind.SNAP)
    if by_hand and server.ours:
        return Control(Means.SIGNAL)
    if by_hand and platform != "win32":
        return Control(Means.USER, (f"sudo kill {server.pid}",))
    return Control(Means.USER)


def _of_unit(owner: Owner) -> _Commands | None:
    if not owner.unit:
        return None
    if owner.kind is OwnerKind.SNAP:
        return f"sudo snap stop {owner.name}", f"sudo snap start {owner.name}"
    if owner.kind in (OwnerKind.SYSTEM_UNIT, OwnerKind.USER_UNIT, OwnerKind.PODMAN):
        manager = "systemctl --user" if owner.user_unit else "sudo systemctl"
        unit = shlex.quote(owner.unit)
        return f"{manager} stop {unit}", f"{manager} start {unit}"
    return None


def _of_owner(server: FoundServer, platform: str) -> _Commands | None:
    known = _BY_OWNER.get(server.owner.kind) if server.owner.kind is not None else None
    return None if known is None else known(server, platform)


def _container(server: FoundServer, _: str) -> _Commands | None:
    assert server.owner.kind is not None
    program, name = server.owner.kind.value, shlex.quote(server.owner.name)
    if server.owner.kind is OwnerKind.PODMAN and server.user == "root" and not server.ours:
        program = "sudo podman"  # each user has containers of their own
    return f"{program} stop {name}", f"{program} start {name}"


def _homebrew(*_: object) -> _Commands:
    return "brew services stop ollama", "brew services start ollama"


def _launchd(server: FoundServer, _: str) -> _Commands:
    label = server.owner.name
    if server.ours:
        place = f"~/Library/LaunchAgents/{label}.plist"
        return f"launchctl bootout gui/$(id -u)/{label}", f"launchctl bootstrap gui/$(id -u) {place}"
    place = f"/Library/LaunchDaemons/{label}.plist"
    return f"sudo launchctl bootout system/{label}", f"sudo launchctl bootstrap system {place}"


def _app(_: FoundServer, platform: str) -> _Commands | None:
    if platform == "darwin":
        return "osascript -e 'quit app \"Ollama\"'", "open -a Ollama"
    if platform == "win32":
        return 'taskkill /IM "ollama app.exe"', 'start "" "%LOCALAPPDATA%\\Programs\\Ollama\\ollama app.exe"'
    return None


_BY_OWNER: dict[OwnerKind, Callable[[FoundServer, str], _Commands | None]] = {
    OwnerKind.DOCKER: _container,
    OwnerKind.PODMAN: _container,
    OwnerKind.HOMEBREW: _homebrew,
    OwnerKind.LAUNCHD: _launchd,
    OwnerKind.DESKTOP_APP: _app,
}
