"""Plans the managed instances from the settings: their ports, commands and environments. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.ollama.versions import NO_VERSION, numbers
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, Problem, Settings

HOST = "127.0.0.1"
_DIVIDES_CORES = (0, 30)
_LAST_PORT = 65535


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


def plan_instances(
    settings: Settings,
    command: Sequence[str],
    cores: int,
    gpu: bool,
    taken_ports: Collection[int] = (),
    keep: Mapping[InstanceId, int] | None = None,
) -> tuple[InstanceSpec, ...]:
    """Return every managed instance of the `settings`, in the order of the pools.

    `cores` are the machine's CPU cores; `gpu` says whether models run on a GPU. `taken_ports` belong to other programs;
    `keep` has the ports of our existing instances, which keep them, so that a new worker in one pool does not restart
    the others. Raises PanelError if there are not enough ports.
    """
    wanted = [
        (pool, number, InstanceId(f"{pool.name}-{number}"))
        for pool in settings.pools
        for number in range(1, pool.workers + 1)
    ]
    ports = _ports(settings, [instance for *_, instance in wanted], taken_ports, keep or {})
    common = _common(settings, cores, gpu, len(wanted))
    return tuple(
        InstanceSpec(
            id=instance,
            number=number,
            pool=pool.name,
            role=pool.role,
            command=tuple(command),
            host=HOST,
            port=ports[instance],
            environment=_environment(pool, common, ports[instance], first=place == 0),
        )
        for place, (pool, number, instance) in enumerate(wanted)
    )


def _environment(pool: PoolSettings, common: Mapping[str, str], port: int, *, first: bool) -> dict[str, str]:
    """Return an instance's environment; the pool's own variables override all but the address, which the proxy needs.

    OLLAMA_NOPRUNE: at its start a server deletes unreferenced blobs of the shared store (Ollama `server/images.go
    PruneLayers`), even those of another server's download; only one instance does it, so that the store stays clean.
    LLAMA_ARG_CACHE_RAM is not set: 8 GiB of main memory per loaded model is much, but it is Ollama's default and speeds
    up returning conversations; `core.ollama.memory` shows it, and a pool's environment may lower it.
    """
    pruning = {} if first else {"OLLAMA_NOPRUNE": "1"}
    own = {
        "OLLAMA_NUM_PARALLEL": str(pool.parallel),
        "OLLAMA_CONTEXT_LENGTH": str(pool.context_length),
    }
    return {**common, **pruning, **own, **pool.environment, "OLLAMA_HOST": f"{HOST}:{port}"}


def _common(settings: Settings, cores: int, gpu: bool, workers: int) -> dict[str, str]:
    """Return the variables that all instances share.

    Without a GPU each runner uses all cores and spins, and two of them are 8 to 10 times slower than one (measured with
    Ollama 0.32.15 on 2 cores); with the cores divided, two are 1.5 times faster. Ollama before 0.30 does not read
    LLAMA_ARG_THREADS: there only the request's option `num_thread` helps.
    """
    common = {"OLLAMA_MODELS": settings.ollama.models_dir} if settings.ollama.models_dir else {}
    if not gpu and workers > 1:
        common["LLAMA_ARG_THREADS"] = str(max(1, cores // workers))
    return common


def core_contention(settings: Settings, gpu: bool, versions: Collection[str]) -> tuple[Problem, ...]:
    """Return a problem if several workers of an Ollama before 0.30 run on a machine without a GPU.

    They do not read `LLAMA_ARG_THREADS`, and requests of the OpenAI and Anthropic dialects cannot carry `num_thread`;
    if only the native ones did, the model would be reloaded at every change of dialect (`sched.go` needsReload).
    """
    workers = sum(pool.workers for pool in settings.pools)
    old = sorted({version for version in versions if NO_VERSION < numbers(version) < _DIVIDES_CORES})
    if gpu or workers < 2 or not old:
        return ()
    text = (
        f"This machine has no GPU, and Ollama {old[0]} cannot divide its processor cores among {workers} workers: they "
        "slow each other down several times. Use one worker in all, or update Ollama to 0.30 or later."
    )
    return (Problem("workers", text),)


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
        if port != settings.proxy.port and port not in avoided:
            yield port
    raise PanelError(
        f"There are not enough free ports from {first} up for all workers: "
        "set a lower first port in Settings, or fewer workers."
    )
