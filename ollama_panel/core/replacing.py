"""The plan to let the panel's workers take the place of a found server, and the way back. Pure.

What is stopped is named exactly before it is: who stops it and how, what starts in its place, where, with which models
and variables. The panel stops what runs as its own user by hand or in that user's service manager; for all else it says
the commands and waits.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from ollama_panel.core.notices import Notice, Value, notice
from ollama_panel.core.ollama.environment import SET_BY_PANEL, is_read
from ollama_panel.core.ollama.environment_kinds import PRINTED_UNSET
from ollama_panel.core.ollama.host_variable import read
from ollama_panel.core.records import Role
from ollama_panel.core.redact import HIDDEN
from ollama_panel.core.replacements import Control, Means, Replacement, Stage
from ollama_panel.core.server_control import control_of
from ollama_panel.core.server_notices import of_owner
from ollama_panel.core.servers import FoundServer, OwnerKind
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.stores import Found

_NOT_CARRIED = frozenset({*SET_BY_PANEL, "OLLAMA_MODELS", "OLLAMA_NOPRUNE", "HOME"})
_EVERYWHERE = "0.0.0.0"


class Surroundings(msgspec.Struct, frozen=True):
    """What the plan depends on beside server and settings.

    `store_readable`: the workers can read the server's models; `same_store`: they use them already. `fixed_address`:
    the panel was started with an address, which settings do not change. `url` is the proxy's, "" if it is off.
    `repeatable`: it is known how the server was started, and its program is still there.
    """

    platform: str = "linux"
    store_readable: bool = False
    same_store: bool = False
    fixed_address: bool = False
    url: str = ""
    repeatable: bool = True


class Plan(msgspec.Struct, frozen=True):
    """What a replacement does, in the order in which it is done, and the `settings` that are then in force."""

    control: Control
    lines: tuple[Notice, ...]
    settings: Settings


def successor_of(server: FoundServer, found: Iterable[FoundServer]) -> FoundServer | None:
    """Return the server that runs in the old place of one that was replaced, whoever has started it there."""
    others = [one for one in found if one.pid != server.pid and one.owner.kind is not OwnerKind.PANEL]
    if server.address is None:
        return next((one for one in others if one.owner == server.owner), None)
    return next((one for one in others if one.address == server.address), None)


def of_replacement(one: Replacement, found: Iterable[FoundServer] = ()) -> Notice:
    """Return how far a replacement is, with what the user is to do; `found` are the servers that run now."""
    server, control = one.server, one.control
    again = successor_of(server, found) if one.stage is Stage.REPLACED else None
    if again is not None:
        return notice("replacing.runs_again", address=server.address or "—", owner=of_owner(again.owner), pid=again.pid)
    if one.stage is Stage.STOPPING:
        return notice("replacing.kept_waiting", pid=server.pid)
    if one.stage is Stage.REPLACED:
        return notice("replacing.done", address=server.address or "—")
    if control.start:
        return notice("replacing.start_user_by", command=control.start[0])
    return notice("replacing.start_user")


def plan_of(server: FoundServer, settings: Settings, around: Surroundings) -> Plan:
    """Return the plan to replace a server. Raises PanelError for one of a panel."""
    control = control_of(server, around.platform)
    if control.means is Means.SIGNAL and not around.repeatable:
        control = Control(Means.USER, (f"kill {server.pid}",))
    carried = dict(_carried(server))
    after = _with_workers(settings, server, carried)
    if around.store_readable and not around.same_store and server.store:
        ollama = msgspec.structs.replace(after.ollama, models_dir=server.store)
        after = msgspec.structs.replace(after, ollama=ollama)
    taken = _address(server) if settings.proxy.enabled and not around.fixed_address else None
    if taken is not None:
        proxy = msgspec.structs.replace(after.proxy, host=taken[0], port=taken[1])
        after = msgspec.structs.replace(after, proxy=proxy)
    lines = (
        *_stopping(server, control),
        _starting(after),
        *_models(server, around),
        *_variables(server, carried),
        *_place(server, around, taken),
        _way_back(server, control),
    )
    return Plan(control, lines, after)


def _carried(server: FoundServer) -> Iterator[tuple[str, str]]:
    """Yield the variables of a server that its successors need, too: those that somebody has set, without secrets."""
    if server.variables_from not in (Found.ENVIRONMENT, Found.UNIT):
        return  # a log has the defaults among them
    for name, value in (server.variables or {}).items():
        plain = value.strip().lower()
        if name not in _NOT_CARRIED and is_read(name) and plain not in PRINTED_UNSET and HIDDEN not in value:
            yield name, value


def _with_workers(settings: Settings, server: FoundServer, carried: Mapping[str, str]) -> Settings:
    """Return settings whose pools have the variables of a server, and whose first chat pool serves as it did."""
    pools = tuple(msgspec.structs.replace(pool, environment={**carried, **pool.environment}) for pool in settings.pools)
    first = next((pool for pool in pools if pool.role is Role.CHAT), pools[0] if pools else None)
    if first is None:
        return settings
    variables = server.variables or {}
    changes: dict[str, int] = {
        field: int(variables[name])
        for field, name in (("parallel", "OLLAMA_NUM_PARALLEL"), ("context_length", "OLLAMA_CONTEXT_LENGTH"))
        if variables.get(name, "").isdecimal() and int(variables[name]) > getattr(first, field)
    }
    if not any(pool.workers for pool in pools):
        changes["workers"] = 1
    new = tuple(msgspec.structs.replace(pool, **changes) if pool is first else pool for pool in pools)
    return msgspec.structs.replace(settings, pools=new)


def _address(server: FoundServer) -> tuple[str, int] | None:
    """Return host and port at which clients know a server, None if that is unknown."""
    if server.address is None:
        return None
    known = read(server.address)
    return (_EVERYWHERE if known.is_everywhere else known.host), known.port


def _stopping(server: FoundServer, control: Control) -> Iterator[Notice]:
    values: dict[str, Value] = {"address": server.address or "—", "pid": server.pid, "owner": of_owner(server.owner)}
    if control.means is Means.SIGNAL:
        yield notice("replacing.stop_signal", **values)
    elif control.means is Means.COMMAND:
        yield notice("replacing.stop_command", **values, command=control.stop[0])
    elif control.stop:
        yield notice("replacing.stop_user", **values, command=control.stop[0])
    else:
        yield notice("replacing.stop_unknown", **values)
    if server.rss_bytes is not None:
        yield notice("replacing.frees", memory=server.rss_bytes)


def _way_back(server: FoundServer, control: Control) -> Notice:
    if control.means is not Means.USER:
        return notice("replacing.way_back", server=server.id)
    if control.start:
        return notice("replacing.way_back_by", server=server.id, command=control.start[0])
    return notice("replacing.way_back_user", server=server.id)


def _starting(after: Settings) -> Notice:
    pools = tuple(
        notice(
            "replacing.pool", pool=pool.name, workers=pool.workers, parallel=pool.parallel, tokens=pool.context_length
        )
        for pool in after.pools
        if pool.workers
    )
    return notice("replacing.start", pools=pools)


def _models(server: FoundServer, around: Surroundings) -> Iterator[Notice]:
    if around.same_store:
        yield notice("replacing.same_models")
    elif around.store_readable and server.store:
        yield notice("replacing.models", path=server.store)
    elif server.store:
        yield notice("replacing.models_closed", path=server.store)
    else:
        yield notice("replacing.models_unknown")


def _variables(server: FoundServer, carried: Mapping[str, str]) -> Iterator[Notice]:
    if carried:
        yield notice("replacing.variables", variables=tuple(f"{name}={value}" for name, value in carried.items()))
    left = tuple(name for name, value in (server.variables or {}).items() if HIDDEN in value and is_read(name))
    if left:
        yield notice("replacing.secrets", names=left)


def _place(server: FoundServer, around: Surroundings, taken: tuple[str, int] | None) -> Iterator[Notice]:
    if taken is not None and server.address is not None:
        yield notice("replacing.address", address=server.address)
        if taken[0] not in ("127.0.0.1", "::1", "localhost"):
            yield notice("replacing.open")
    else:
        yield notice("replacing.other_address", url=around.url or "—")
