"""The plan of a change of settings: what restarts and why, what starts and stops, what takes effect at once. Pure.

The window and the command line show the plan before the engine applies it; the engine uses `restart_reason`, too.
"""

from collections.abc import Iterable, Iterator

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.launch import InstanceSpec, plan_instances
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.catalog import NAME, SETTINGS, find
from ollama_panel.core.settings.tree import Problem, Settings

_VARIABLES = {
    "OLLAMA_NUM_PARALLEL": find(f"pools.{NAME}.parallel").title,
    "OLLAMA_CONTEXT_LENGTH": find(f"pools.{NAME}.context_length").title,
    "OLLAMA_MODELS": find("ollama.models_dir").title,
    "LLAMA_ARG_THREADS": "share of the cores",
}
_NO_REASON = frozenset({"OLLAMA_HOST", "OLLAMA_NOPRUNE"})
"""The address is compared as a port; which instance prunes the store at its start is no reason for a restart."""

_LATER = ("scheduling.record_events",)
"""The engine reads this when it starts."""

_NOT_LIVE = frozenset(
    ("version", "proxy.host", "proxy.port", "ollama.binary", "ollama.models_dir", "ollama.first_port", *_LATER)
)
"""The others move the proxy or restart instances; what they do to a running panel is told by that."""

_LIVE = tuple(
    key
    for key, one in SETTINGS.items()
    if not one.group and not key.startswith("pools.") and "[]" not in key and key not in _NOT_LIVE
)


class Plan(msgspec.Struct, frozen=True):
    """The effects of an Apply. `restarts` has the reason for each instance; `moves` is the proxy's new address, or "".

    `live` are the keys of the settings that take effect at once, `later` those that do at the next start. If there are
    `problems`, nothing is changed.
    """

    restarts: dict[InstanceId, str] = {}
    adds: tuple[InstanceId, ...] = ()
    removes: tuple[InstanceId, ...] = ()
    moves: str = ""
    live: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return self == Plan()

    def text(self) -> tuple[str, ...]:
        """Return the plan as sentences for users."""
        if self.problems:
            return tuple(f"{problem.where} {problem.message}" for problem in self.problems)
        return tuple(self._sentences()) or ("Nothing changes.",)

    def _sentences(self) -> Iterator[str]:
        for reason in dict.fromkeys(self.restarts.values()):
            names = _list(name for name, why in self.restarts.items() if why == reason)
            yield f"{names}: restarted one after the other, without losing a request ({reason})."
        if self.adds:
            yield f"{_list(self.adds)}: started."
        if self.removes:
            yield f"{_list(self.removes)}: stopped when the running requests have ended."
        if self.moves:
            yield f"The proxy moves to {self.moves}; clients must use the new address."
        if self.live:
            yield f"At once, without a restart: {_list(map(_name, self.live))}."
        if self.later:
            yield f"From the next start on: {_list(map(_name, self.later))}."


def plan(old: Settings, new: Settings, *, cores: int = 1, gpu: bool = True) -> Plan:
    """Return the plan of a change from `old` to `new` on a machine with `cores` cores, with a GPU or without."""
    if problems := codec.check(new):
        return Plan(problems=problems)
    try:
        before = {spec.id: spec for spec in plan_instances(old, (old.ollama.binary,), cores, gpu)}
        ports = {name: spec.port for name, spec in before.items()}
        after = {spec.id: spec for spec in plan_instances(new, (new.ollama.binary,), cores, gpu, keep=ports)}
    except PanelError as error:
        return Plan(problems=(Problem("ollama.first_port", str(error)),))
    reasons = {name: restart_reason(before[name], after[name]) for name in after if name in before}
    return Plan(
        restarts={name: reason for name, reason in reasons.items() if reason},
        adds=tuple(name for name in after if name not in before),
        removes=tuple(name for name in before if name not in after),
        moves=_moves(old, new),
        live=tuple(_live(old, new)),
        later=tuple(key for key in _LATER if codec.get(old, key) != codec.get(new, key)),
    )


def restart_reason(old: InstanceSpec, new: InstanceSpec) -> str:
    """Return why an instance that runs as `old` must restart to become `new`, or "" if it need not."""
    reasons = list[str]()
    if old.command != new.command:
        reasons.append("another Ollama")
    if (old.host, old.port) != (new.host, new.port):
        reasons.append(f"port {old.port} → {new.port}")
    for name in sorted((old.environment.keys() | new.environment.keys()) - _NO_REASON, key=_rank):
        before, after = old.environment.get(name), new.environment.get(name)
        if before != after:
            reasons.append(f"{_VARIABLES.get(name, name)} {before or '—'} → {after or '—'}")
    return ", ".join(reasons)


def _rank(name: str) -> tuple[int, str]:
    known = list(_VARIABLES)
    return (known.index(name) if name in known else len(known), name)


def _moves(old: Settings, new: Settings) -> str:
    before, after = (f"{one.proxy.host}:{one.proxy.port}" for one in (old, new))
    return after if before != after else ""


def _live(old: Settings, new: Settings) -> Iterator[str]:
    yield from (key for key in _LIVE if codec.get(old, key) != codec.get(new, key))
    before = {pool.name: pool for pool in old.pools}
    for pool in new.pools:
        was = before.get(pool.name)
        if was is not None and was.role is not pool.role:
            yield f"pools.{pool.name}.role"
        if was is not None and was.models != pool.models:
            yield f"pools.{pool.name}.models"


def _name(key: str) -> str:
    """Return the name of a setting for a sentence; of a pool's with that of the pool."""
    title = find(key).title
    return f"{title} of {key.split('.')[1]}" if key.startswith("pools.") else title


def _list(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
