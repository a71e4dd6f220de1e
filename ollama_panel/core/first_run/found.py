"""What the first run shows of a machine: its Ollama servers, their models, its cards, its memory, the panel's address.

The panel's own workers are left out: they are not what was found.
"""

from collections.abc import Iterator
from enum import Enum

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.server_notices import of_owner
from ollama_panel.core.servers import FoundServer, OwnerKind
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.stores import Found, StoreRecord

_LITTLE_MEMORY = 8 * GIB
"""Bytes of main memory below which a model of 8 B parameters (4.9 GB as Q4_K_M) leaves too little for all else."""


class Kind(Enum):
    """What was found."""

    SERVER = "server"
    STORE = "store"
    CARD = "card"
    MEMORY = "memory"
    ADDRESS = "address"


class State(Enum):
    """How useful it is. GOOD: as it is. LOOK: something is to be done. BAD: not at all. OPEN: not known yet."""

    GOOD = "good"
    LOOK = "look"
    BAD = "bad"
    OPEN = "open"


class Part(msgspec.Struct, frozen=True):
    """One thing that was found: what it is, more about it, and in a word or two how useful it is."""

    kind: Kind
    title: Notice | str
    detail: Notice | str
    state: State
    verdict: Notice


def found(snapshot: Snapshot) -> tuple[Part, ...]:
    """Return all that was found, the servers first."""
    if is_looking(snapshot):
        wait = notice("first_run.looking_for")
        return (Part(Kind.SERVER, notice("first_run.looking"), wait, State.OPEN, notice("first_run.is_open")),)
    if without_ollama(snapshot):
        return (_no_ollama(), *_address(snapshot))
    return (*_servers(snapshot), *_stores(snapshot), *_cards(snapshot), *_memory(snapshot), *_address(snapshot))


def is_looking(snapshot: Snapshot) -> bool:
    """Return whether the machine has not been looked at yet."""
    return snapshot.starting or (snapshot.found_servers is None and not snapshot.demo)


def without_ollama(snapshot: Snapshot) -> bool:
    """Return whether there is no Ollama, so that the panel runs a simulated one."""
    return snapshot.demo and not snapshot.demo_asked and not snapshot.starting


def servers_of_others(snapshot: Snapshot) -> tuple[FoundServer, ...]:
    """Return the servers that no panel has started."""
    of_panels = (OwnerKind.PANEL, OwnerKind.OTHER_PANEL)
    return tuple(one for one in snapshot.found_servers or () if one.owner.kind not in of_panels)


def _no_ollama() -> Part:
    verdict = notice("first_run.is_missing")
    return Part(Kind.SERVER, notice("first_run.no_ollama"), notice("first_run.no_ollama_detail"), State.BAD, verdict)


def _servers(snapshot: Snapshot) -> Iterator[Part]:
    servers = servers_of_others(snapshot)
    for one in servers:
        detail = notice("first_run.server_detail", owner=of_owner(one.owner), address=one.address or "—")
        title = f"Ollama {one.version}" if one.version else notice("first_run.server_unknown")
        yield Part(Kind.SERVER, title, detail, State.GOOD, notice("first_run.is_running"))
    if not servers:
        title = notice("first_run.program_unknown")
        if snapshot.ollama_version:
            title = notice("first_run.program", version=snapshot.ollama_version)
        detail = notice("first_run.program_detail", path=snapshot.ollama_binary or "—")
        yield Part(Kind.SERVER, title, detail, State.GOOD, notice("first_run.is_installed"))


def _stores(snapshot: Snapshot) -> Iterator[Part]:
    sizes = {one.name: one.size for one in snapshot.models}
    shown = False
    for store in snapshot.stores:
        names = store.models or ()
        if not names and not (store.access is not None and store.access.closed):
            continue
        shown = True
        size = sum(sizes.get(name, 0) for name in names)
        title = notice("first_run.models", number=len(names), size=size)
        if not names:
            title = notice("first_run.models_unread")
        yield Part(Kind.STORE, title, _folder(store), *_of_store(store))
    if not shown:
        hint = notice("first_run.no_models_detail", command="ollama-panel pull llama3.2:1b")
        verdict = notice("first_run.is_missing")
        yield Part(Kind.STORE, notice("first_run.no_models"), hint, State.LOOK, verdict)


def _folder(store: StoreRecord) -> Notice | str:
    if store.path:
        return store.path
    return notice("stores.in_container" if store.found is Found.CONTAINER else "stores.folder_unknown")


def _of_store(store: StoreRecord) -> tuple[State, Notice]:
    if store.managed and not (store.access is not None and store.access.closed):
        return State.GOOD, notice("first_run.is_usable")
    if store.readable:
        return State.GOOD, notice("first_run.is_readable")
    if store.readable is None:
        return State.LOOK, notice("first_run.is_of_server")
    return State.LOOK, notice("first_run.is_closed")


def _cards(snapshot: Snapshot) -> Iterator[Part]:
    cards = [gpu for gpu in (snapshot.telemetry.gpus if snapshot.telemetry else ()) if not gpu.lost]
    if not snapshot.gpu:
        none = notice("first_run.no_card")
        yield Part(Kind.CARD, none, notice("first_run.no_card_detail"), State.LOOK, notice("first_run.is_slow"))
        return
    for gpu in cards:
        title: Notice | str = gpu.name or "—"
        if gpu.memory_total is not None:
            title = notice("first_run.card", name=gpu.name or "—", total=gpu.memory_total)
        detail = notice("first_run.card_used_unknown")
        if gpu.memory_total is not None and gpu.memory_used is not None:
            detail = notice("first_run.card_free", free=max(0, gpu.memory_total - gpu.memory_used))
        yield Part(Kind.CARD, title, detail, State.GOOD, notice("first_run.is_usable"))


def _memory(snapshot: Snapshot) -> Iterator[Part]:
    total = snapshot.telemetry.system.memory_total if snapshot.telemetry else None
    if total is None:
        return
    used = snapshot.telemetry.system.memory_used if snapshot.telemetry else None
    detail = notice("first_run.cores", cores=snapshot.cores)
    if used is not None:
        detail = notice("first_run.cores_free", cores=snapshot.cores, free=max(0, total - used))
    enough = total >= _LITTLE_MEMORY
    verdict = notice("first_run.is_enough") if enough else notice("first_run.is_little")
    yield Part(
        Kind.MEMORY, notice("first_run.memory", total=total), detail, State.GOOD if enough else State.LOOK, verdict
    )


def _address(snapshot: Snapshot) -> Iterator[Part]:
    """Yield the address of the panel if it cannot listen there."""
    if (problem := snapshot.proxy.problem) is None:
        return
    configured = snapshot.settings.proxy
    title = notice("first_run.address", address=f"{configured.host}:{configured.port}")
    yield Part(Kind.ADDRESS, title, problem, State.BAD, notice("first_run.is_taken"))
