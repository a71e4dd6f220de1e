"""What a draft of the settings would mean: whether it fits into memory, and what applying it restarts."""

from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QCoreApplication

from ollama_panel.core import changes
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import InstanceSpec, plan_instances
from ollama_panel.core.settings import PoolSettings, Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui.widgets.fit_bar import Part
from ollama_panel.gui.words import engine_words


@dataclass(frozen=True, slots=True)
class Fit:
    """A forecast for people: the bar's parts, the memory there is, the verdict with its tone, and its reasons."""

    parts: tuple[Part, ...] = ()
    total: int | None = None
    verdict: str = fmt.UNKNOWN
    tone: str = "muted"
    why: str = ""


def pool_of(settings: Settings, name: PoolName) -> PoolSettings | None:
    """Return a pool's settings by its name."""
    return next((pool for pool in settings.pools if pool.name == name), None)


def with_pool(settings: Settings, pool: PoolSettings) -> Settings:
    """Return the settings with one pool's replaced."""
    pools = tuple(pool if one.name == pool.name else one for one in settings.pools)
    return msgspec.structs.replace(settings, pools=pools)


def inputs(snapshot: Snapshot) -> tuple[object, ...]:
    """Return what forecast and plan depend on; the same while nothing of it changed."""
    total = snapshot.sample.memory_total if snapshot.sample is not None else None
    return snapshot.settings, snapshot.models, total, snapshot.fatal


def fit(snapshot: Snapshot, draft: PoolSettings) -> Fit:
    """Return whether a draft of one pool fits beside the others."""
    tr = QCoreApplication.translate
    total = snapshot.sample.memory_total if snapshot.sample is not None else None
    parts: tuple[Part, ...] = ()
    asked = sum(part.bytes for part in parts)
    fits = total is None or asked <= total
    verdict = f"{fmt.gibibytes(asked)} / {fmt.gibibytes(total)} GiB · " + (
        tr("fit", "fits") if fits else tr("fit", "too much")
    )
    return Fit(parts, total, verdict, "ok" if fits else "danger")


def planned(snapshot: Snapshot) -> tuple[InstanceSpec, ...]:
    """Return the managed instances of the settings in force, on the ports they have; PanelError if no port is left."""
    ports = {
        record.id: int(record.url.rpartition(":")[2]) for record in snapshot.instances if record.managed and record.url
    }
    command = (snapshot.ollama_binary or "ollama",)
    return plan_instances(snapshot.settings, command, snapshot.cores, snapshot.gpu, keep=ports)


def plan_text(snapshot: Snapshot, wanted: Settings) -> str:
    """Return what applying `wanted` would do, in sentences."""
    plan = changes.plan(snapshot.settings, wanted, cores=snapshot.cores, gpu=snapshot.gpu)
    return plan_words(plan)


def plan_words(plan: changes.Plan) -> str:
    """Return a plan in the user's language."""
    tr = QCoreApplication.translate
    if plan.problems:
        return " ".join(f"{problem.where} {problem.message}" for problem in plan.problems)
    sentences = []
    for reason in dict.fromkeys(plan.restarts.values()):
        names = ", ".join(name for name, why in plan.restarts.items() if why == reason)
        text = tr("plan", "Restarts {names} one after the other, without losing a request ({reason}).")
        sentences.append(text.format(names=names, reason=_reason(reason)))
    for those, text in (
        (plan.adds, tr("plan", "Starts {names}.")),
        (plan.removes, tr("plan", "Stops {names} when the running requests have ended.")),
        ((plan.moves,) * bool(plan.moves), tr("plan", "The proxy moves to {names}; clients must use the new address.")),
        (tuple(map(engine_words, plan.live)), tr("plan", "At once, without a restart: {names}.")),
    ):
        if those:
            sentences.append(text.format(names=", ".join(those)))
    return " ".join(sentences) or tr("plan", "Nothing changes.")


def _reason(reason: str) -> str:
    """Return a reason with its known words translated; variables and numbers stay."""
    parts = (part.split(" ") for part in reason.split(", "))
    return ", ".join(" ".join((engine_words(" ".join(part[:-3])), *part[-3:])) for part in parts)
