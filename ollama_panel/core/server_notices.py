"""What is told of the Ollama servers of this machine. Pure."""

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.servers import FoundServer, LogKind, Owner, OwnerKind

_NAMELESS = frozenset({OwnerKind.PANEL, OwnerKind.OTHER_PANEL, OwnerKind.DESKTOP_APP})


def of_owner(owner: Owner) -> Notice:
    """Return who has started a server, in a few words."""
    if owner.kind is None:
        return notice("servers.by_unknown")
    if owner.kind in _NAMELESS:
        return notice(f"servers.by_{owner.kind.value}")
    if owner.kind is OwnerKind.BY_HAND and not owner.name:
        return notice("servers.by_hand_ended")
    return notice(f"servers.by_{owner.kind.value}", name=owner.name or "—")


def of_log(server: FoundServer) -> Notice | None:
    """Return where the log of a server is: a path or a command to type; None if that is unknown."""
    log = server.log
    if log is None:
        return None
    if log.kind is LogKind.NOTHING:
        return notice("servers.log_nothing")
    if log.kind is LogKind.TERMINAL:
        return notice("servers.log_terminal", path=log.path)
    if log.kind is LogKind.PANEL:
        return notice("servers.log_panel", instance=server.instance or "—")
    if log.command:
        return notice("servers.log_command", command=log.command)
    return notice("servers.log_file", path=log.path)
