"""Plans the managed instances from the settings: their ports, commands and environments. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.environment import SET_BY_PANEL, Restarts, find, is_folder
from ollama_panel.core.ollama.environment_kinds import plain
from ollama_panel.core.ollama.versions import LLAMA_SERVER_SINCE, NO_VERSION, numbers
from ollama_panel.core.records import Role
from ollama_panel.core.settings import paths
from ollama_panel.core.settings.tree import PoolSettings, Problem, Settings

HOST = "127.0.0.1"
RUN_ID_VARIABLE = "OLLAMA_PANEL_RUN"
"""The variable by which a panel knows its own processes: the random id of its run."""
THREADS = "LLAMA_ARG_THREADS"
"""How many threads a runner computes with; from Ollama 0.30 on, which runs llama.cpp's server."""
KEEP_ALIVE = "OLLAMA_KEEP_ALIVE"
"""How long a server keeps models for requests that do not say (`envconfig.KeepAlive`)."""
_LAST_PORT = 65535

_WAITED_FOR = frozenset({Role.CHAT, Role.CODE, Role.VISION})
"""Roles for whose answers people wait; their workers share all cores."""
_OTHERS_PART = 4
"""The workers of the other roles together get one core in so many."""


class InstanceSpec(msgspec.Struct, frozen=True):
    """One instance to start; `number` counts the workers of a pool from 1.

    `command` is the argv before `serve`. `environment` has only the variables that the panel sets; they are added to
    the environment that the panel itself has inherited.
    """

    id: InstanceId
    number: int
    pool: PoolName
    role: Role
    command: tuple[str, ...]
    host: str
    port: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        """The base URL for the proxy and for probes, without a trailing slash."""
        return f"http://{self.host}:{self.port}"

    @property
    def argv(self) -> tuple[str, ...]:
        """The complete command line."""
        return (*self.command, "serve")


class Inherited(msgspec.Struct, frozen=True):
    """What the workers have of the panel's own surroundings.

    `variables` are those of its environment that Ollama or its runner reads and the panel does not replace, `home` is
    the user's home folder, "" if it is unknown.
    """

    variables: dict[str, str] = {}
    home: str = ""

    @classmethod
    def of(cls, environment: Mapping[str, str], home: str) -> "Inherited":
        """Return what workers inherit from an environment, without proxies of downloads, which may hold logins."""
        read = {name: plain(value) for name, value in environment.items() if _reaches_workers(name)}
        return cls({name: value for name, value in sorted(read.items()) if value}, home)

    def effective(self, pool: PoolSettings) -> PoolSettings:
        """Return a pool with all variables that its workers have, to find what they do; its own win."""
        own = {name: plain(value) for name, value in pool.environment.items()}
        return msgspec.structs.replace(pool, environment={**self.variables, **own})

    def whole(self, instance: InstanceSpec) -> InstanceSpec:
        """Return an instance with the inherited variables among its own, for a place where it would not have them."""
        return msgspec.structs.replace(instance, environment={**self.variables, **instance.environment})


_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
_NOT_INHERITED = frozenset((*SET_BY_PANEL, *_PROXIES, *map(str.lower, _PROXIES))) - {"OLLAMA_ORIGINS"}


def _reaches_workers(name: str) -> bool:
    known = find(name)
    if known is None or name in _NOT_INHERITED:
        return False
    return not known.until and known.overruled is None and known.restarts is Restarts.INSTANCE


def plan_instances(
    settings: Settings,
    command: Sequence[str],
    cores: int,
    gpu: bool,
    taken_ports: Collection[int] = (),
    keep: Mapping[InstanceId, int] | None = None,
    inherited: Inherited = Inherited(),  # noqa: B008 - immutable
) -> tuple[InstanceSpec, ...]:
    """Return every managed instance of the `settings`, in the order of the pools.

    `cores` are the machine's CPU cores; `gpu` says whether models run on a GPU. `taken_ports` belong to other programs;
    `keep` has the ports of our existing instances, which keep them, so that a new worker in one pool does not restart
    the others. An `inherited` LLAMA_ARG_THREADS replaces the shares of the cores. Raises PanelError if there are not
    enough ports.
    """
    wanted = [
        (pool, number, InstanceId(f"{pool.name}-{number}"))
        for pool in settings.pools
        for number in range(1, pool.workers + 1)
    ]
    ports = _ports(settings, [instance for *_, instance in wanted], taken_ports, keep or {})
    shares = {} if gpu or THREADS in inherited.variables else thread_shares(settings.pools, cores)
    return tuple(
        InstanceSpec(
            id=instance,
            number=number,
            pool=pool.name,
            role=pool.role,
            command=tuple(command),
            host=HOST,
            port=ports[instance],
            environment=with_home(
                _environment(settings, pool, shares.get(pool.name), ports[instance], first=place == 0), inherited
            ),
        )
        for place, (pool, number, instance) in enumerate(wanted)
    )


def moved(spec: InstanceSpec, port: int) -> InstanceSpec:
    """Return an instance as it is at another port."""
    environment = {**spec.environment, "OLLAMA_HOST": f"{spec.host}:{port}"}
    return msgspec.structs.replace(spec, port=port, environment=environment)


def free_port(settings: Settings, avoided: Collection[int]) -> int:
    """Return the first port for one more process. Raises PanelError if there is none."""
    return next(_free_ports(settings, avoided))


def thread_shares(pools: Sequence[PoolSettings], cores: int) -> dict[PoolName, int]:
    """Return the threads of each worker of the pools that must not compute on all `cores` of a machine without a GPU.

    Runners spin while they wait for their own threads, so two with a thread on every core slow each other down: a chat
    beside embeddings wrote 2.9 tokens/s instead of 31.6 (Ollama 0.32.15, 2 cores, 2 threads each). With 1 thread each
    both are quick together, but the chat alone writes 18.5 tokens/s. A thread is for good, whatever is idle, so workers
    for whose answers people wait share all cores, and the others get a small part on top: with 2 threads and 1 the chat
    writes 31.2 tokens/s alone and 14.3 beside 118 embeddings/s. If only others exist, they share all cores.
    """
    waited_for = sum(pool.workers for pool in pools if pool.role in _WAITED_FOR)
    others = sum(pool.workers for pool in pools) - waited_for
    rest = cores if waited_for == 0 else cores // _OTHERS_PART
    shares = {
        pool.name: max(1, cores // waited_for if pool.role in _WAITED_FOR else rest // others)
        for pool in pools
        if pool.workers
    }
    return {name: share for name, share in shares.items() if share < cores}


def _environment(
    settings: Settings, pool: PoolSettings, threads: int | None, port: int, *, first: bool
) -> dict[str, str]:
    """Return an instance's environment; the pool's own variables override all but the address, which the proxy needs.

    So does not its OLLAMA_KEEP_ALIVE the setting, which is in force without a restart, too.

    OLLAMA_NOPRUNE: at its start a server deletes unreferenced blobs of the shared store (Ollama `server/images.go
    PruneLayers`), even those of another server's download; only one instance does it, so that the store stays clean.
    LLAMA_ARG_CACHE_RAM is not set: 8 GiB of main memory per loaded model is much, but it is Ollama's default and speeds
    up returning conversations; `core.ollama.memory` shows it, and a pool's environment may lower it. Ollama before 0.30
    does not read LLAMA_ARG_THREADS: there only the request's option `num_thread` helps.
    """
    common = {"OLLAMA_MODELS": settings.ollama.models_dir} if settings.ollama.models_dir else {}
    share = {} if threads is None else {THREADS: str(threads)}
    pruning = {} if first else {"OLLAMA_NOPRUNE": "1"}
    own = {
        "OLLAMA_NUM_PARALLEL": str(pool.parallel),
        "OLLAMA_CONTEXT_LENGTH": str(pool.context_length),
    }
    kept = {KEEP_ALIVE: pool.keep_alive} if pool.keep_alive else {}
    return {**common, **share, **pruning, **own, **pool.environment, **kept, "OLLAMA_HOST": f"{HOST}:{port}"}


def with_home(environment: Mapping[str, str], inherited: Inherited) -> dict[str, str]:
    """Return an instance's environment with the user's home in its folders; also in those that it would inherit.

    Nothing else would put it in: Ollama made a folder named `~`. A folder that is no whole path then is empty, which
    Ollama takes for not set.
    """
    inherits = {name: value for name, value in inherited.variables.items() if is_folder(name)}
    folders = {
        name: paths.usable(plain(value), inherited.home)
        for name, value in {**inherits, **environment}.items()
        if is_folder(name)
    }
    changed = {name: path for name, path in folders.items() if name in environment or path != inherits.get(name)}
    return {**environment, **changed}


def core_contention(settings: Settings, gpu: bool, versions: Collection[str]) -> tuple[Problem, ...]:
    """Return a problem if several workers of an Ollama before 0.30 run on a machine without a GPU.

    They do not read `LLAMA_ARG_THREADS`, and requests of the OpenAI and Anthropic dialects cannot carry `num_thread`;
    if only the native ones did, the model would be reloaded at every change of dialect (`sched.go` needsReload).
    """
    workers = sum(pool.workers for pool in settings.pools)
    old = sorted({version for version in versions if NO_VERSION < numbers(version) < LLAMA_SERVER_SINCE})
    if gpu or workers < 2 or not old:
        return ()
    return (Problem("workers", notice("cores.contention", version=old[0], workers=workers)),)


def _ports(
    settings: Settings, wanted: Sequence[InstanceId], taken: Collection[int], keep: Mapping[InstanceId, int]
) -> dict[InstanceId, int]:
    """Return the port of each instance: the one it has, else the first free one."""
    kept = {instance: keep[instance] for instance in wanted if keep.get(instance, 0) >= settings.ollama.first_port}
    free = _free_ports(settings, {*taken, *keep.values()})
    return {instance: kept[instance] if instance in kept else next(free) for instance in wanted}


def _free_ports(settings: Settings, avoided: Collection[int]) -> Iterator[int]:
    first = settings.ollama.first_port
    for port in range(first, _LAST_PORT + 1):
        if port not in (settings.proxy.port, settings.proxy.second_port) and port not in avoided:
            yield port
    raise PanelError(notice("ports.too_few", first=first))
