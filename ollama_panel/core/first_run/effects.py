"""What happens when the user starts what is ticked: every file that is written, and every command."""

import shlex
from collections.abc import Collection, Iterator, Sequence

import msgspec

from ollama_panel.core import changes
from ollama_panel.core.errors import PanelError
from ollama_panel.core.first_run.advised import Item, Kind, wanted
from ollama_panel.core.first_run.found import servers_of_others
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.launch import InstanceSpec, plan_instances
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.server_notices import of_owner
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.takeover import StepBy, Takeover


class Effect(msgspec.Struct, frozen=True):
    """One thing that happens: what it is, more `lines` about it, the paths that are written, the exact commands.

    `steps` are commands, too, each with a remark. `by_user`: the user is to type them; the panel only looks whether
    that was done.
    """

    title: Notice
    lines: tuple[Notice, ...] = ()
    files: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    steps: tuple[Notice, ...] = ()
    by_user: bool = False


def effects(
    snapshot: Snapshot,
    items: Sequence[Item],
    ticked: Collection[str],
    settings_file: str,
    takeover: Takeover | None = None,
) -> tuple[Effect, ...]:
    """Return what happens, in its order, if the ticked items are started.

    `settings_file` is the path of that file, `takeover` the plan of the one that is ticked, None = none is.
    """
    after = wanted(snapshot.settings, items, ticked)
    return (
        *_settings(snapshot, after, settings_file),
        *_workers(snapshot, after),
        *_typed(items),
        *_queue(snapshot, after),
        *_moved(takeover),
        *_untouched(snapshot, takeover),
    )


def _settings(snapshot: Snapshot, after: Settings, settings_file: str) -> Iterator[Effect]:
    plan = _plan(snapshot, after)
    if not plan.saved and not plan.problems:
        yield Effect(notice("first_run.settings_same"))
    else:
        yield Effect(notice("first_run.settings"), plan.notices(), (settings_file,))


def _workers(snapshot: Snapshot, after: Settings) -> Iterator[Effect]:
    """Yield the commands of the workers that start or restart."""
    plan = _plan(snapshot, after)
    new = {*plan.adds, *plan.restarts}
    commands = tuple(_command(one) for one in _specs(snapshot, after) if one.id in new)
    if commands:
        yield Effect(notice("first_run.workers"), (notice("first_run.workers_why"),), commands=commands)


def _typed(items: Sequence[Item]) -> Iterator[Effect]:
    for one in items:
        if one.kind is Kind.STORE and not one.possible:
            lines = () if one.steps else (one.why,)
            yield Effect(notice("first_run.typed", path=one.name), lines, steps=one.steps, by_user=True)


def _queue(snapshot: Snapshot, after: Settings) -> Iterator[Effect]:
    proxy = after.proxy
    address = snapshot.proxy.url.removeprefix("http://") or f"{proxy.host}:{proxy.port}"
    if not proxy.enabled:
        yield Effect(notice("first_run.not_listening", address=address))
    elif snapshot.proxy.problem is not None:
        yield Effect(notice("first_run.cannot_listen"), (snapshot.proxy.problem,))
    else:
        yield Effect(notice("first_run.listening", address=address))


def _moved(takeover: Takeover | None) -> Iterator[Effect]:
    """Yield the steps of a take-over, and what it means."""
    if takeover is None:
        return
    for step in takeover.steps:
        by_user = step.by is StepBy.USER or (step.by is StepBy.ROOT and not takeover.asks_password)
        files = (step.file,) if step.file else ()
        yield Effect(step.told, (notice("first_run.proof", how=step.verified),), files, step.commands, by_user=by_user)
    for told in takeover.told:
        yield Effect(told)


def _untouched(snapshot: Snapshot, takeover: Takeover | None) -> Iterator[Effect]:
    moved = takeover.server.id if takeover is not None and takeover.server is not None else ""
    for one in servers_of_others(snapshot):
        if one.id == moved:
            continue
        yield Effect(notice("first_run.untouched", address=one.address or "—", owner=of_owner(one.owner)))


def _plan(snapshot: Snapshot, after: Settings) -> changes.Plan:
    return changes.plan(snapshot.settings, after, cores=snapshot.cores, gpu=snapshot.gpu, inherited=snapshot.inherited)


def _specs(snapshot: Snapshot, after: Settings) -> tuple[InstanceSpec, ...]:
    """Return the workers after a change, on the ports that they have; none if there are not enough ports."""
    ports: dict[InstanceId, int] = {one.id: one.port for one in snapshot.instances if one.managed and one.port}
    command = (snapshot.ollama_binary or "ollama",)
    try:
        return plan_instances(after, command, snapshot.cores, snapshot.gpu, keep=ports, inherited=snapshot.inherited)
    except PanelError:
        return ()  # the plan of the change tells it


def _command(spec: InstanceSpec) -> str:
    """Return the command of a worker as a shell takes it, with the variables that the panel sets."""
    variables = (f"{name}={shlex.quote(value)}" for name, value in sorted(spec.environment.items()))
    return " ".join((*variables, shlex.join(spec.argv)))
