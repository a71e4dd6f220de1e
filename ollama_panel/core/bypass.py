"""Who talks to an Ollama server of this machine past the panel, so that no queue and no turn protects the others. Pure.

Connections are looked at from time to time: short ones are missed, and a number is never more than what was seen.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

import msgspec

from ollama_panel.core.clients import ClientRecord
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.program_names import program_name
from ollama_panel.core.series import Recent

SPAN_S = 600.0
"""How long a program is told after it was seen last."""
RECENT_S = 150.0
"""How long it counts as one that still goes past the panel: two looks while nobody watches, and some seconds."""
MOST_RECORDS = 100
"""How many programs are told, those that were seen last."""
_MOST_NAMED = 3

_BROWSERS = frozenset(
    [
        "firefox",
        "firefox-esr",
        "librewolf",
        "waterfox",
        "chrome",
        "chromium",
        "chromium-browse",
        "google-chrome",
        "brave",
        "brave-browser",
        "msedge",
        "microsoft-edge",
        "opera",
        "vivaldi",
        "vivaldi-bin",
        "safari",
        "com.apple.webkit.networking",
    ]
)
_CONTAINER_PROXIES = frozenset(
    [
        "docker-proxy",
        "com.docker.backend",
        "vpnkit",
        "rootlessport",
        "rootlesskit",
        "slirp4netns",
        "pasta",
        "pasta.avx2",
        "gvproxy",
        "wslrelay",
    ]
)
"""Programs that carry the connections of containers, or of their virtual machine, to this machine."""
_CONTAINER_INTERFACES = ("docker", "br-", "podman", "cni", "veth", "lxc", "lxd", "virbr", "cali", "flannel", "kube")
"""How the interfaces begin behind which containers and virtual machines are (docker names its bridges br-...)."""
_SERVING = frozenset({"serve", "start", "runner", "app"})
"""The commands of `ollama` that are no client of the user's (Ollama `cmd/cmd.go`)."""
_PANELS = frozenset({"ollama_panel", "ollama-panel", "ollama-panel.exe"})
_APPS = frozenset({"ollama app", "ollama-app"})


class Origin(Enum):
    """What goes past the panel, as far as its connections tell.

    PROGRAM: a program of this machine. BROWSER: a web browser of it. OTHER_USER: a program of another user, whose name
    the system does not tell. CONTAINER: a program in a container or a virtual machine. NETWORK: another machine. LOG:
    only the server's log tells of its requests, which were too short to be seen.
    """

    PROGRAM = "program"
    BROWSER = "browser"
    OTHER_USER = "other_user"
    CONTAINER = "container"
    NETWORK = "network"
    LOG = "log"


class Server(msgspec.Struct, frozen=True):
    """A server that programs reach past the panel: its address, and the panel's instance for it if it uses it."""

    url: str
    instance: InstanceId | None = None


class Caller(msgspec.Struct, frozen=True):
    """An open connection to the server at `port`, seen from its client.

    `name`, `program` and `arguments` are those of the process `pid`, and `user` is its user, all empty where the system
    does not tell. `address` is from where it comes if that is not this machine, `interface` the way there.
    """

    port: int
    pid: int = 0
    name: str = ""
    program: str = ""
    arguments: tuple[str, ...] = ()
    user: str = ""
    address: str = ""
    interface: str = ""


class BypassRecord(msgspec.Struct, frozen=True):
    """A program that goes past the panel to the server at `url`.

    `name` is the program as people see it, "" if unknown, `program` its path, `pid` its newest process, `processes` how
    many of them there were at the last look, and `user` whose they are. `address` is from where it comes if that is not
    this machine. `instance` is the panel's for the server, None if it uses it not. `connections` are those of the last
    look, 0 = it has gone. `requests` is the least number that the server's log tells of within the last ten minutes,
    None = no log tells. Times are seconds of the engine's clock.
    """

    origin: Origin
    url: str
    name: str = ""
    pid: int | None = None
    user: str = ""
    program: str = ""
    address: str = ""
    instance: InstanceId | None = None
    connections: int = 0
    processes: int = 0
    requests: int | None = None
    first_seen: float = 0.0
    last_seen: float = 0.0


class Bypasses:
    """What was seen within the last ten minutes; `looked` gets each look, `logged` what was added to a server's log."""

    def __init__(self) -> None:
        self._records: dict[tuple[object, ...], BypassRecord] = {}
        self._logged: dict[Server, Recent[int]] = {}

    def looked(self, callers: Iterable[Caller], servers: Mapping[int, Server], now: float) -> None:
        """Take the connections that are open now to the `servers`, by their ports; others are forgotten with theirs."""
        seen: dict[tuple[object, ...], list[Caller]] = {}
        for one in callers:
            if one.port in servers and not is_ollamas_own(one) and not is_a_panel(one):
                seen.setdefault(_identity(one, servers[one.port]), []).append(one)
        urls = {one.url for one in servers.values()}
        self._logged = {one: requests for one, requests in self._logged.items() if one in servers.values()}
        for key, record in list(self._records.items()):
            if now - record.last_seen > SPAN_S or record.url not in urls:
                del self._records[key]
            elif key not in seen and record.connections:
                self._records[key] = msgspec.structs.replace(record, connections=0, processes=0)
        for key, found in seen.items():
            before = self._records.get(key)
            self._records[key] = _record(found, servers[found[0].port], before.first_seen if before else now, now)

    def logged(self, server: Server, requests: int, now: float) -> None:
        """Take how many requests, that are not the panel's, a server's log tells of since the last time."""
        self._logged.setdefault(server, Recent(SPAN_S)).add(now, requests)

    def records(self) -> tuple[BypassRecord, ...]:
        """Return the programs, those that were seen last first.

        What a log tells of is that of the only program which was seen at the server; of several it cannot be said whose
        it is.
        """
        found = list(self._records.values())
        for server, requests in self._logged.items():
            there = [place for place, one in enumerate(found) if one.url == server.url]
            told = sum(number for _, number in requests)
            if len(there) == 1:
                found[there[0]] = msgspec.structs.replace(found[there[0]], requests=told)
            elif not there and told:
                times = [at for at, number in requests if number]
                first, last = times[0], times[-1]
                found.append(
                    BypassRecord(
                        Origin.LOG,
                        server.url,
                        instance=server.instance,
                        requests=told,
                        first_seen=first,
                        last_seen=last,
                    )
                )
        found.sort(key=lambda one: (-one.last_seen, -one.connections, one.name))
        return tuple(found[:MOST_RECORDS])


def is_ollamas_own(caller: Caller) -> bool:
    """Return whether a connection is one of Ollama itself: its server, a runner, or the window of its desktop app."""
    base = caller.program.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
    if base in _APPS or caller.program.endswith("Ollama.app/Contents/MacOS/Ollama"):
        return True
    return base == "ollama" and not _SERVING.isdisjoint(caller.arguments[1:2])


def is_a_panel(caller: Caller) -> bool:
    """Return whether a connection is one of another panel, which asks all servers of the machine how they are."""
    return _name(caller) in _PANELS


def origin_of(caller: Caller) -> Origin:
    """Return what is behind a connection."""
    name = caller.name.lower().removesuffix(".exe")
    if caller.address:
        return Origin.CONTAINER if caller.interface.startswith(_CONTAINER_INTERFACES) else Origin.NETWORK
    if name in _CONTAINER_PROXIES:
        return Origin.CONTAINER
    if not caller.pid:
        return Origin.OTHER_USER
    return Origin.BROWSER if name in _BROWSERS else Origin.PROGRAM


def still_going_past(
    records: Sequence[BypassRecord] | None, clients: Iterable[ClientRecord], now: float
) -> tuple[BypassRecord, ...]:
    """Return those that go past the panel now, as far as is known: what was seen once long ago is over.

    So is it for a program that is among the clients of the panel only since then: it was given the panel's address.
    """
    came = {one.process.name: one.first_seen for one in clients if one.process is not None}
    recent = (one for one in records or () if now - one.last_seen <= RECENT_S)
    return tuple(one for one in recent if not one.name or came.get(one.name, 0.0) <= one.last_seen)


def of_bypassing(records: Sequence[BypassRecord], panel_url: str) -> Notice | None:
    """Return the notice that programs go past the panel, which listens at `panel_url`; None if there are none."""
    if not records:
        return None
    names = tuple(dict.fromkeys(map(of_program, records)))
    if len(names) > _MOST_NAMED:
        names = (*names[: _MOST_NAMED - 1], notice("bypass.more", more=len(names) - _MOST_NAMED + 1))
    told = notice("bypass.seen", programs=names, urls=tuple(dict.fromkeys(one.url for one in records)))
    return told.by(notice("bypass.way_address", url=panel_url)) if panel_url else told


def of_program(record: BypassRecord) -> Notice:
    """Return what a program is called, in a few words."""
    match record.origin:
        case Origin.PROGRAM | Origin.BROWSER:
            return notice("port.owner", name=record.name or "—", pid=record.pid or 0)
        case Origin.OTHER_USER:
            return notice("bypass.other_user", user=record.user or "—")
        case Origin.CONTAINER if record.address:
            return notice("bypass.container", address=record.address)
        case Origin.CONTAINER:
            return notice("bypass.container_behind", name=record.name)
        case Origin.NETWORK:
            return notice("bypass.network", address=record.address)
        case Origin.LOG:
            return notice("bypass.log")


def _identity(caller: Caller, server: Server) -> tuple[object, ...]:
    return server.url, origin_of(caller), _name(caller), caller.user, caller.address


def _name(caller: Caller) -> str:
    return program_name(caller.name, caller.program, caller.arguments)


def _record(callers: Sequence[Caller], server: Server, first_seen: float, now: float) -> BypassRecord:
    newest = max(callers, key=lambda one: one.pid)
    return BypassRecord(
        origin=origin_of(newest),
        url=server.url,
        name=_name(newest),
        pid=newest.pid or None,
        user=newest.user,
        program=newest.program,
        address=newest.address,
        instance=server.instance,
        connections=len(callers),
        processes=len({one.pid for one in callers if one.pid}),
        first_seen=first_seen,
        last_seen=now,
    )
