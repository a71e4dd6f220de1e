"""The plan of a take-over: which server moves where, what the panel does then, and what is said of it. Pure."""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.host_variable import HostVariable, read
from ollama_panel.core.server_notices import of_owner
from ollama_panel.core.servers import FoundServer, OwnerKind
from ollama_panel.core.settings.tree import KeyRule, Settings
from ollama_panel.core.takeover import StepBy, StepKind, Takeover, TakeoverStage, TakeoverStep
from ollama_panel.core.takeover_steps import Move, Place, Steps, steps_of

EVERYWHERE = "::"
"""The panel listens for both families there, as Ollama does where OLLAMA_HOST is 0.0.0.0."""
_PANELS = (OwnerKind.PANEL, OwnerKind.OTHER_PANEL)


class Plan(msgspec.Struct, frozen=True):
    """A take-over that has not begun, and the `settings` that are in force in the end."""

    takeover: Takeover
    settings: Settings


def server_at(found: Iterable[FoundServer], port: int, users: Collection[str] = ()) -> FoundServer | None:
    """Return the server that listens at a port of this machine, whoever has started it; None if none is known to.

    `users` are those who listen there: where a server does not tell its address, as that of another user, it is the
    only one of such a user.
    """
    known = [one for one in found if one.owner.kind not in _PANELS]
    for one in known:
        if one.address is not None and read(one.address).port == port:
            return one
    silent = [one for one in known if one.address is None and one.user in users]
    if len(silent) != 1:
        return None
    return msgspec.structs.replace(silent[0], address=f"127.0.0.1:{port}", url=f"http://127.0.0.1:{port}")


def plan_of(server: FoundServer | None, address: str, moved_to: str, settings: Settings, place: Place) -> Plan:
    """Return the plan to take over an address, from a `server` that moves to `moved_to`, or from nobody.

    Raises PanelError if that is not possible.
    """
    host = read(address)
    after = _listening(settings, host)
    if server is None:
        steps = Steps((), ())
    else:
        _require_movable(server, host)
        steps = steps_of(Move(server, address, moved_to, place))
        after = msgspec.structs.replace(after, ollama=msgspec.structs.replace(after.ollama, adopt=True))
    takeover = Takeover(
        TakeoverStage.PLANNED,
        address,
        moved_to if server is not None else "",
        server,
        (*steps.forth, *_ours(server, address, moved_to)),
        tuple(_told(server, address, moved_to, settings, after)),
    )
    return Plan(takeover, after)


def way_back(takeover: Takeover, place: Place, now: FoundServer | None = None) -> tuple[TakeoverStep, ...]:
    """Return the steps that undo a take-over; `now` is the server where it runs now, None if that is not known."""
    address, moved_to = takeover.address, takeover.moved_to
    ours = [
        TakeoverStep(
            StepKind.LISTEN,
            StepBy.PANEL,
            notice("takeover.listen_no_more", address=address),
            notice("takeover.seen_free", address=address),
        )
    ]
    if takeover.server is None:
        return tuple(ours)
    told, seen = notice("takeover.use_no_more", moved_to=moved_to), notice("takeover.seen_unused", moved_to=moved_to)
    ours.append(TakeoverStep(StepKind.USE, StepBy.PANEL, told, seen))
    return (*ours, *steps_of(Move(takeover.server, address, moved_to, place, now)).back)


def _require_movable(server: FoundServer, host: HostVariable) -> None:
    if server.owner.kind in _PANELS:
        raise PanelError(notice("takeover.of_panel", address=server.address or "—", owner=of_owner(server.owner)))
    if server.owner.kind is OwnerKind.DESKTOP_APP and host.is_everywhere:
        raise PanelError(notice("takeover.exposed"))


def _listening(settings: Settings, host: HostVariable) -> Settings:
    """Return the settings with which the panel listens at the address, for the same machines as the server did.

    Where only this machine reaches the panel so far, nobody needs a key: nobody needed one before, and AUTO would ask
    this machine's own clients for one, too. The plan says so before, and an alert does as long as it is so.
    """
    proxy = msgspec.structs.replace(
        settings.proxy, second_host=EVERYWHERE if host.is_everywhere else host.host, second_port=host.port
    )
    if _is_open(host) and not _is_open(read(_own(settings))) and proxy.require_key is KeyRule.AUTO:
        proxy = msgspec.structs.replace(proxy, require_key=KeyRule.NEVER)
    return msgspec.structs.replace(settings, proxy=proxy)


def _own(settings: Settings) -> str:
    host = settings.proxy.host
    return f"[{host}]:{settings.proxy.port}" if ":" in host else f"{host}:{settings.proxy.port}"


def _is_open(host: HostVariable) -> bool:
    """Return whether other machines reach a server there."""
    return host.is_everywhere or host.local is None


def _ours(server: FoundServer | None, address: str, moved_to: str) -> Iterator[TakeoverStep]:
    if server is not None:
        told, seen = notice("takeover.use", moved_to=moved_to), notice("takeover.seen_used", moved_to=moved_to)
        yield TakeoverStep(StepKind.USE, StepBy.PANEL, told, seen)
    told, seen = notice("takeover.listen", address=address), notice("takeover.seen_panel", address=address)
    yield TakeoverStep(StepKind.LISTEN, StepBy.PANEL, told, seen)


def _told(
    server: FoundServer | None, address: str, moved_to: str, before: Settings, after: Settings
) -> Iterator[Notice]:
    if server is None:
        yield notice("takeover.nobody", address=address)
    else:
        yield notice("takeover.what", address=address, moved_to=moved_to, owner=of_owner(server.owner))
        yield notice("takeover.breaks")
    if before.proxy.enabled:
        yield notice("takeover.both", own=_own(before))
    yield from _who_may(address, before.proxy.require_key, after.proxy.require_key)
    if server is not None:
        yield from _lasts(server.owner.kind, address, moved_to)
    yield notice("takeover.way_back")


def _who_may(address: str, before: KeyRule, after: KeyRule) -> Iterator[Notice]:
    """Yield who needs a key at the address then, or that nobody on the network does."""
    is_open = _is_open(read(address))
    if after is KeyRule.ALWAYS or (after is KeyRule.AUTO and is_open):
        yield notice("takeover.with_keys", address=address)
    elif is_open:
        yield notice("takeover.open" if before is after else "takeover.opened", address=address)


def _lasts(kind: OwnerKind | None, address: str, moved_to: str) -> Iterator[Notice]:
    """Yield what brings Ollama back to its address, or leads clients past the panel."""
    match kind:
        case OwnerKind.DESKTOP_APP:
            yield notice("takeover.app_returns", address=address)
        case OwnerKind.HOMEBREW:
            yield notice("takeover.brew_returns", address=address)
        case OwnerKind.BY_HAND:
            yield notice("takeover.by_hand_returns", moved_to=moved_to)
        case OwnerKind.SNAP:
            yield notice("takeover.snap_command", moved_to=moved_to)
        case _:
            return
