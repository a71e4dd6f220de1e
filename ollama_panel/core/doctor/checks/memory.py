"""The checks of memory and disks, and of the clock, without which models cannot be pulled."""

from collections.abc import Iterator

from ollama_panel.core.doctor import subjects
from ollama_panel.core.doctor.cards import cards
from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.facts import ContainerFacts, Disk, Facts, LoadedFacts
from ollama_panel.core.doctor.fixes import setting_fix
from ollama_panel.core.doctor.in_force import PARALLEL
from ollama_panel.core.doctor.panel_alerts import alert_check
from ollama_panel.core.doctor.quantities import seconds, size
from ollama_panel.core.doctor.unwatched import CONTEXT, crowded
from ollama_panel.core.findings import Area, Evidence, Finding, RunCommands
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.pool_memory import forecast_of, of_servers
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Snapshot

SWAPPING_FREE = 0.05
"""The share of the memory that is available, below which used swap means that the machine swaps now."""
SWAPPED = GIB
"""Bytes of swap that are worth a word: systems swap out a little of what nobody uses."""
CLOCK_S = 300.0
"""Seconds by which a clock may be wrong: Kerberos and many services allow five minutes; certificates begin by days."""
CLOCK_WRONG_S = 86_400.0

USUAL_CONTEXT = 8192
"""Tokens for each slot that a fix sets: enough for most chats, and as much as many guides say."""

_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "afpfs", "webdav", "davfs", "fuse.sshfs", "sshfs"}
)
_OF_WINDOWS = frozenset({"9p", "drvfs", "v9fs"})
"""How WSL sees the disks of Windows (learn.microsoft.com/windows/wsl/filesystems: files there are slow from Linux)."""


def _slots(facts: Facts) -> Iterator[Finding]:
    for one in crowded(facts):
        loaded = one.loaded
        yield Finding(
            f"memory.slots:{one.server}:{one.model}",
            "memory.slots",
            Area.MEMORY,
            notice("doctor.slots_memory", model=one.model, slots=one.slots, tokens=one.tokens),
            notice("doctor.slots_memory_why", total=one.slots * one.tokens),
            (
                Evidence(f"{PARALLEL}={one.slots} {CONTEXT}=", one.server),
                Evidence(
                    f"size={size(loaded.size)} size_vram={size(loaded.size_vram)} context={one.tokens}", "/api/ps"
                ),
            ),
            setting_fix(facts, one.server, {CONTEXT: str(USUAL_CONTEXT)}),
            notice("doctor.label.variables", variables=(f"{CONTEXT}={USUAL_CONTEXT}",)),
        )


def _containers(facts: Facts) -> Iterator[Finding]:
    for one in facts.containers:
        if one.killed_for_memory:
            yield _killed(one)
        elif one.memory_limit:
            yield from _too_small(facts, one, one.memory_limit)


def _killed(one: ContainerFacts) -> Finding:
    limit = () if one.memory_limit is None else (Evidence(f"memory_limit={size(one.memory_limit)}", one.name),)
    return Finding(
        f"memory.container:{one.name}",
        "memory.container",
        Area.MEMORY,
        notice("doctor.container_killed", name=one.name),
        notice("doctor.container_killed_why"),
        (Evidence("OOMKilled=true", one.name), *limit),
    )


def _too_small(facts: Facts, one: ContainerFacts, limit: int) -> Iterator[Finding]:
    """Tell of models whose part in main memory is more than a container may use."""
    needs = [(_in_main_memory(facts, loaded), loaded) for loaded in facts.loaded if one.server == loaded.server != 0]
    needed, largest = max(needs, key=lambda need: need[0], default=(0, None))
    if largest is None or needed <= limit:
        return
    wanted = -(-needed * 5 // 4 // GIB)  # with a quarter for the program and the earlier prompts that a runner keeps
    command = f"{one.runtime} update --memory {wanted}g --memory-swap {wanted}g {one.name}"
    undo = f"{one.runtime} update --memory {limit} --memory-swap {limit} {one.name}"
    yield Finding(
        f"memory.container:{one.name}",
        "memory.container",
        Area.MEMORY,
        notice("doctor.container_small", name=one.name, limit=limit, model=largest.name, needed=needed),
        notice("doctor.container_small_why"),
        (Evidence(f"memory_limit={size(limit)}", one.name), Evidence(f"size={size(largest.size)}", largest.name)),
        RunCommands((command,), (undo,)) if one.runtime in ("docker", "podman") else None,
        notice("doctor.label.container_memory", gib=wanted),
    )


def _in_main_memory(facts: Facts, loaded: LoadedFacts) -> int:
    return loaded.size - loaded.size_vram if cards(facts) else loaded.size


def _swap(facts: Facts) -> Iterator[Finding]:
    machine = facts.machine
    total, free, swapped = machine.memory_total, machine.memory_available, machine.swap_used
    if not total or free is None or swapped is None or swapped < SWAPPED or free >= SWAPPING_FREE * total:
        return
    models = tuple(one.name for one in facts.loaded if one.size > one.size_vram)
    yield Finding(
        "memory.swap",
        "memory.swap",
        Area.MEMORY,
        notice("doctor.swapping", swapped=swapped, free=free),
        notice("doctor.swapping_why", models=models) if models else notice("doctor.swapping_others"),
        (Evidence(f"swap_used={size(swapped)} available={size(free)} total={size(total)}", "memory"),),
    )


def _pools(facts: Facts) -> Iterator[Finding]:
    """Tell that the pools do not fit, as far as their models are certain: those that they name and have not loaded."""
    snapshot = facts.snapshot
    budget = snapshot.sample.budget if snapshot is not None and snapshot.sample is not None else None
    if snapshot is None or budget is None:
        return
    pools = [one for one in snapshot.settings.pools if one.workers and one.models]
    needs = [(pool, forecast_of(snapshot, pool)) for pool in pools]
    known = [(pool, one.total.total) for pool, one in needs if one.models and one.total.total is not None]
    needed = sum(total for _, total in known)
    if not known or needed + of_servers(snapshot) + budget.others <= budget.total or _all_loaded(snapshot, pools):
        return
    yield Finding(
        "memory.pools",
        "memory.pools",
        Area.MEMORY,
        notice("doctor.pools_too_large", needed=needed + of_servers(snapshot) + budget.others, budget=budget.total),
        notice("doctor.pools_too_large_why"),
        tuple(Evidence(f"workers={pool.workers} needed={size(total)}", pool.name) for pool, total in known),
    )


def _all_loaded(snapshot: Snapshot, pools: list[PoolSettings]) -> bool:
    """Return whether every worker of these pools has all its models loaded whole, whatever was reckoned."""
    workers = [one for one in snapshot.instances if one.managed and one.pool in {pool.name for pool in pools}]
    whole = all(model.size_vram in (0, model.size) for one in workers for model in one.models)
    return whole and all(one.models for one in workers) and bool(workers)


def _folders(facts: Facts) -> Iterator[Finding]:
    stores = {one.store for one in facts.servers} | {one.path for one in facts.stores} - {None, ""}
    for disk in facts.disks:
        if stores and disk.path not in stores:
            continue  # the home of the user, which need not hold any model
        if disk.read_only:
            yield _of_disk(disk, "memory.read-only", notice("doctor.disk_read_only", path=disk.path))
        if disk.kind.lower() in _NETWORK:
            yield _of_disk(disk, "memory.disk-kind", notice("doctor.disk_network", path=disk.path, kind=disk.kind))
        elif disk.kind.lower() in _OF_WINDOWS:
            yield _of_disk(disk, "memory.disk-kind", notice("doctor.disk_windows", path=disk.path, kind=disk.kind))


_WHYS = {
    "doctor.disk_read_only": notice("doctor.disk_read_only_why"),
    "doctor.disk_network": notice("doctor.disk_network_why"),
    "doctor.disk_windows": notice("doctor.disk_windows_why"),
}


def _of_disk(disk: Disk, check: str, told: Notice) -> Finding:
    kind = f"kind={disk.kind}" if disk.kind else ""
    shown = " ".join(filter(None, (kind, "ro" if disk.read_only else "")))
    return Finding(
        f"{check}:{disk.path}", "memory.folders", Area.MEMORY, told, _WHYS[told.code], (Evidence(shown, disk.path),)
    )


def _clock(facts: Facts) -> Iterator[Finding]:
    ahead = facts.machine.clock_ahead_s
    if ahead is None or abs(ahead) < CLOCK_S:
        return
    code = "doctor.clock_ahead" if ahead > 0 else "doctor.clock_behind"
    yield Finding(
        "memory.clock",
        "memory.clock",
        Area.MEMORY,
        notice(code, seconds=abs(ahead)),
        notice("doctor.clock_why") if abs(ahead) < CLOCK_WRONG_S else notice("doctor.clock_wrong_why"),
        (Evidence(f"clock_ahead={'-' if ahead < 0 else ''}{seconds(abs(ahead))}", "clock"),),
        RunCommands(_SET_CLOCK[facts.machine.system]) if facts.machine.system in _SET_CLOCK else None,
        notice("doctor.label.clock"),
    )


_SET_CLOCK = {
    "Linux": ("sudo timedatectl set-ntp true",),
    "Darwin": ("sudo sntp -sS time.apple.com",),
    "Windows": ("w32tm /resync",),
}


def _no_clock(facts: Facts) -> Notice | None:
    return notice("doctor.no_clock") if facts.machine.clock_ahead_s is None else None


def _no_memory(facts: Facts) -> Notice | None:
    return notice("doctor.no_memory") if facts.machine.memory_available is None else None


CHECKS: tuple[Check, ...] = (
    alert_check("memory.loads", Area.MEMORY, notice("doctor.check.loads")),
    alert_check("memory.cache", Area.MEMORY, notice("doctor.check.cache"), applies=subjects.cache_types),
    Check("memory.slots", Area.MEMORY, notice("doctor.check.slots"), _slots, subjects.loaded),
    Check("memory.pools", Area.MEMORY, notice("doctor.check.pools"), _pools, subjects.pools),
    Check("memory.container", Area.MEMORY, notice("doctor.check.container"), _containers, subjects.containers),
    Check("memory.swap", Area.MEMORY, notice("doctor.check.swap"), _swap, blind=_no_memory),
    alert_check("memory.disk", Area.MEMORY, notice("doctor.check.disk"), applies=subjects.disks),
    Check("memory.folders", Area.MEMORY, notice("doctor.check.folders"), _folders, subjects.disks),
    Check("memory.clock", Area.MEMORY, notice("doctor.check.clock"), _clock, blind=_no_clock),
)
