"""`ollama-panel status`: the state of the panel that runs on a state folder."""

from collections.abc import Iterator
from pathlib import Path

from ollama_panel.cli import output, panel_client, parsers
from ollama_panel.core.columns import aligned
from ollama_panel.core.notices import Notice, Value, notice
from ollama_panel.core.notices.render import render, ways
from ollama_panel.core.panel_api import AlertRecord, Status
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.snapshot import InstanceRecord, Snapshot
from ollama_panel.core.stores import StoreRecord

_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"))


def register(commands: parsers.Commands) -> None:
    """Add the command."""
    parser = parsers.add(
        commands, "status", "show what the running panel does", lambda one: show(one.state_dir, as_json=one.json)
    )
    parsers.add_json(parser)


def show(state_dir: Path | None, *, as_json: bool) -> int:
    """Print the state of the running panel, as tables or as the whole snapshot in JSON."""
    panel = panel_client.connect(state_dir)
    url = panel.url
    answer = panel.ask("GET", "/panel/status")
    if as_json:
        output.print_json(answer.content)
        return 0
    print("\n".join(lines(panel_client.decoded(answer, Status), url)))
    return 0


def lines(snapshot: Status, url: str) -> Iterator[str]:
    """Yield the lines of a snapshot as text."""
    ollama = "simulated Ollama" if snapshot.demo else f"Ollama {snapshot.ollama_version or output.UNKNOWN}"
    yield f"Ollama Panel at {url}, {ollama}"
    if snapshot.proxy.others:
        yield render(notice("proxy.others", urls=snapshot.proxy.others))
    yield f"Since it started: {snapshot.served} served, {snapshot.failed} failed, {snapshot.refused} refused"
    yield ""
    yield from aligned(
        [
            ("POOL", "ROLE", "WAITING", "RUNNING", "SLOTS"),
            *(
                (pool.name, pool.role.value, str(pool.queued), str(pool.in_flight), str(pool.slots))
                for pool in snapshot.pools
            ),
        ]
    )
    yield ""
    yield from aligned(
        [("INSTANCE", "STATE", "ADDRESS", "SLOTS", "RUNNING", "SERVED", "MODELS"), *map(_row, snapshot.instances)]
    )
    yield from _stores(snapshot)
    if told := [*_told(snapshot)]:
        yield from ("", *told)
    if snapshot.alerts:
        yield ""
        yield from _alerts(snapshot)


def _told(snapshot: Status) -> Iterator[str]:
    """Yield what is told of the instances and the pools, unless it is among the alerts."""
    alerted = {name for alert in snapshot.alerts for name in _places(alert.told)}
    for one in snapshot.instances:
        if one.detail and one.id not in alerted:
            yield render(Problem(one.id, one.detail).told)
    yield from (f"{pool.name}: {render(pool.progress)}" for pool in snapshot.pools if pool.progress)


def _places(told: Notice) -> tuple[Value, ...]:
    """Return what a notice about a place, or several, names as such."""
    where = told.values.get("where", ())
    return where if isinstance(where, tuple) else (where,)


def _alerts(snapshot: Status) -> Iterator[str]:
    """Yield the alerts, the most serious first, each with what can be done about it below it."""
    rows = aligned([("ALERT", "FOR", ""), *(_alert(one, snapshot.at) for one in snapshot.alerts)])
    yield next(rows).rstrip()
    for row, one in zip(rows, snapshot.alerts, strict=True):
        yield row
        yield from ways(one.told)


def _alert(alert: AlertRecord, at: float) -> tuple[str, str, str]:
    return alert.level.value, _duration(at - alert.since), render(alert.told)


def _duration(seconds: float) -> str:
    """Return a duration in its largest unit, as people say it."""
    return next((f"{seconds // size:.0f} {unit}" for size, unit in _UNITS if seconds >= size), f"{seconds:.0f} s")


def _row(instance: InstanceRecord) -> tuple[str, ...]:
    return (
        instance.id,
        "draining" if instance.draining else "stalled" if instance.silent else instance.phase.name.lower(),
        instance.url,
        str(instance.slots),
        str(instance.in_flight),
        str(instance.served),
        ", ".join(model.name for model in instance.models) or output.UNKNOWN,
    )


def _stores(snapshot: Snapshot) -> Iterator[str]:
    """Yield where the models are, if a server of somebody else has a store, too."""
    if not any(one.adopted for one in snapshot.stores):
        return
    yield ""
    rows = [("MODELS IN", "FOUND BY", "USED BY", "WORKERS CAN READ IT", "MODELS"), *map(_store, snapshot.stores)]
    yield from aligned(rows)


def _store(store: StoreRecord) -> tuple[str, ...]:
    denial = store.access.denials[0] if store.access is not None and store.access.denials else None
    may = {None: output.UNKNOWN, True: "yes", False: "no"}[store.readable]
    if denial is not None:
        may += f": {denial.path} is {denial.owner}:{denial.group} {denial.mode:04o}"
    models = None if store.models is None else ", ".join(store.models) or "none"
    return (
        store.path or output.UNKNOWN,
        store.found.value,
        ", ".join(store.instances),
        may,
        models or output.UNKNOWN,
    )
