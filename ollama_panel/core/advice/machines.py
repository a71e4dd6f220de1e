"""The machine that advice is for: the one at hand, or one that is described by what is printed on its box."""

import re
from collections.abc import Sequence

import msgspec

from ollama_panel.core.advice.hardware import has_flash, kind_of
from ollama_panel.core.errors import PanelError
from ollama_panel.core.launch import Inherited
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.hardware import CPU, Hardware, HardwareKind, known
from ollama_panel.core.ollama.metal import lent_by_macos
from ollama_panel.core.ollama.sizes import GIB, parse_size
from ollama_panel.core.snapshot import MemoryKind, Snapshot

_CARD = re.compile(r"\s*(?:(\d+)\s*[x*]\s*)?(.*?)\s*(?:\b(\d+(?:\.\d+)?)\s*Gi?B)?\s*", re.IGNORECASE)
_CHIP = re.compile(r"(?i)\s*(apple\s+)?m\d+(\s*(pro|max|ultra))?\s*")
_LEFT = 0.98, GIB // 2
"""What is left of a card beside driver and desktop: a share less a constant.

A card of 24 GB has 23.5 GiB and 22.1 to 23.0 available in logs of Ollama 0.9 and 0.32.
"""


class MachineFacts(msgspec.Struct, frozen=True):
    """A machine; sizes are in bytes.

    `budget` is what models may use of the memory that they are loaded into, None = unknown; `main` is the main memory,
    in which runners keep earlier prompts, None = unknown. `name` is that of the card or chip, "" = unknown. `cards`
    are the GPUs that share a model. `version` is that of Ollama, "" = unknown, which counts as the newest. `inherited`
    are the variables that its workers have of the panel's own surroundings.
    """

    kind: MemoryKind
    budget: int | None
    total: int
    main: int | None = None
    name: str = ""
    cards: int = 1
    cores: int | None = None
    version: str = ""
    inherited: Inherited = Inherited()

    @property
    def gpu(self) -> bool:
        """Whether models run on a GPU."""
        return self.kind is not MemoryKind.SYSTEM

    @property
    def hardware(self) -> Hardware | None:
        """What is known of its speed; of several cards that of one, because each waits for the others."""
        return known(self.name) if self.gpu else CPU

    @property
    def flash(self) -> bool:
        """Whether Ollama switches flash attention on there, which a smaller cache needs."""
        return not self.gpu or has_flash(self.name)

    @property
    def speed_kind(self) -> HardwareKind:
        """What decides the gain of several answers at once."""
        return kind_of(self.name, gpu=self.gpu, unified=self.kind is MemoryKind.UNIFIED)


def of_snapshot(snapshot: Snapshot) -> MachineFacts:
    """Return this machine: models may use what other programs leave them."""
    sample, version = snapshot.sample, snapshot.ollama_version or ""
    if sample is None or sample.budget is None or sample.memory_kind is None:
        kind = MemoryKind.GPU if snapshot.gpu else MemoryKind.SYSTEM
        return MachineFacts(kind, None, 0, cores=snapshot.cores, version=version, inherited=snapshot.inherited)
    budget, total = sample.budget, sample.memory_total or sample.budget.total
    found = MachineFacts(
        sample.memory_kind,
        max(0, budget.total - budget.others),
        total,
        name=sample.memory_name,
        cards=_cards_at_hand(snapshot) if sample.memory_kind is MemoryKind.GPU else 1,
        version=version,
        inherited=snapshot.inherited,
    )
    main: int | None = total
    if sample.memory_kind is MemoryKind.GPU:
        main = snapshot.telemetry.system.memory_total if snapshot.telemetry else None
    return at_hand(found, main, cores=snapshot.cores)


def _cards_at_hand(snapshot: Snapshot) -> int:
    """Return how many cards have memory of their own; one that Ollama does not use only keeps a margin too many."""
    gpus = snapshot.telemetry.gpus if snapshot.telemetry else ()
    return max(1, sum(not (gpu.unified or gpu.lost) for gpu in gpus))


def at_hand(found: MachineFacts, main: int | None, *, cores: int) -> MachineFacts:
    """Return a machine that was read, with its main memory and cores: where models are in that, the system needs some.

    What other programs use of it at the moment may be less than they will.
    """
    budget = found.budget
    if budget is not None and main is not None and found.kind is MemoryKind.SYSTEM:
        budget = min(budget, max(0, main - reserved(main)))
    return msgspec.structs.replace(found, budget=budget, main=main, cores=cores)


def described(memory: str, cards: Sequence[str], cores: int | None = None) -> MachineFacts:
    """Return a machine from its main memory ("16GiB", "" = unknown) and its cards ("RTX 4070 12GiB", "M2 Pro").

    "2x RTX 4090" are two. Without a card models run on the CPU. Raises PanelError if something is not understood.
    """
    main = _size(memory) if memory.strip() else None
    if not cards:
        if main is None:
            raise PanelError(notice("advise.no_memory"))
        return MachineFacts(MemoryKind.SYSTEM, max(0, main - reserved(main)), main, main, cores=cores)
    if len(cards) == 1 and _CHIP.fullmatch(re.sub(r"(?i)\d+\s*gi?b", "", cards[0])):
        return _mac(cards[0], main, cores)
    found = [one for text in cards for one in _cards(text)]
    sizes = [size for _, size in found]
    budget = sum(int(size * _LEFT[0]) - _LEFT[1] for size in sizes)
    name = found[0][0]
    return MachineFacts(MemoryKind.GPU, max(0, budget), sum(sizes), main, name, len(found), cores)


def reserved(main: int) -> int:
    """Return the bytes of the main memory that the system and other programs need: 2 GiB and a sixteenth.

    An allowance, not a measurement.
    """
    return 2 * GIB + main // 16


def _mac(text: str, main: int | None, cores: int | None) -> MachineFacts:
    own = re.search(r"(?i)\d+\s*gi?b", text)
    total = _size(own[0]) if own else main
    if total is None:
        raise PanelError(notice("advise.no_memory"))
    name = re.sub(r"(?i)\d+\s*gi?b", "", text).strip()
    return MachineFacts(MemoryKind.UNIFIED, lent_by_macos(total, ""), total, total, name, cores=cores)


def _cards(text: str) -> list[tuple[str, int]]:
    """Return the cards of one description: name and bytes of each."""
    parts = _CARD.fullmatch(text)
    count, name, size = parts.groups() if parts else (None, "", None)
    if known(name) is None and known(f"RTX {name}") is not None:
        name = f"RTX {name}"
    entry = known(name)
    gib = float(size) if size else entry.gib if entry else None
    if not name or not gib or not 1 <= int(count or 1) <= 16 or gib > 1024:
        raise PanelError(notice("advise.no_card", given=text.strip()))
    return [(name, int(gib * GIB))] * int(count or 1)


def _size(text: str) -> int:
    """Return the bytes of "16GiB"; "16GB" and "16" are as many GiB: memory is sold by these."""
    plain = text.strip()
    whole = re.fullmatch(r"(?i)(\d+(?:\.\d+)?)\s*(g|gb|gib)?", plain)
    size = int(float(whole[1]) * GIB) if whole else parse_size(plain)
    if not size or not GIB <= size <= 8192 * GIB:
        raise PanelError(notice("advise.not_a_size", given=plain))
    return size
