"""The checks of models: whether their folders can be read, and whether they are loaded again and again, and by whom."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from ollama_panel.core.context_notices import NAMES_SHOWN
from ollama_panel.core.doctor import subjects
from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.facts import Facts, LogFacts
from ollama_panel.core.doctor.fixes import setting_fix
from ollama_panel.core.doctor.panel_alerts import alert_check, known_alerts
from ollama_panel.core.doctor.quantities import seconds
from ollama_panel.core.doctor.unwatched import unwatched
from ollama_panel.core.findings import Area, Evidence, Finding
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.incident import THRASH_EVICTIONS, THRASH_WINDOW_S
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import RunnerConfigured, RunnerStarting
from ollama_panel.core.ollama.sizes import power_of_two
from ollama_panel.core.ollama.slog import seconds_of
from ollama_panel.core.records import LoadOptions, Offender
from ollama_panel.core.servers import CONTAINERS, FoundServer
from ollama_panel.core.stores import StoreRecord

FEWEST_ASKED = 5
"""A client that has asked so often for other options does so by itself, not because somebody tries something."""
_CONTEXT = "OLLAMA_CONTEXT_LENGTH"


def _stores(facts: Facts) -> Iterator[Finding]:
    """Tell of stores that no server reads, and of several, where no panel tells of them."""
    told = any(one.code == "stores" for one in known_alerts(facts))
    for store in facts.stores:
        missing = store.access is not None and store.access.missing
        if missing and store.path and not store.managed and any(one.store == store.path for one in facts.servers):
            yield Finding(
                f"models.store:{store.path}",
                "models.store",
                Area.MODELS,
                notice("doctor.store_missing", path=store.path),
                notice("doctor.store_missing_why"),
                (Evidence(f"missing=true found={store.found.value}", store.path),),
            )
        elif not told and _is_shut(facts, store):
            yield _shut(store)
    if not told:
        yield from _several(facts)


def _is_shut(facts: Facts, store: StoreRecord) -> bool:
    """Return whether a store is closed to a server that runs as the user who looks."""
    own = any(one.ours and one.store == store.path for one in facts.servers)
    return own and store.access is not None and store.access.readable is False


def _shut(store: StoreRecord) -> Finding:
    denials = store.access.denials if store.access is not None else ()
    shown = (Evidence(f"{one.owner}:{one.group} {one.mode:04o}", one.path) for one in denials)
    first = denials[0] if denials else None
    return Finding(
        f"models.store:{store.path}",
        "models.store",
        Area.MODELS,
        notice("doctor.store_shut", path=store.path),
        notice("doctor.store_shut_why", path=first.path, owner=first.owner) if first is not None else None,
        tuple(shown) or (Evidence("readable=false", store.path),),
    )


def _several(facts: Facts) -> Iterator[Finding]:
    """Tell of servers whose models are in different folders: what was pulled by one the other does not have."""
    folders = {one.store: one for one in facts.servers if one.store and one.owner.kind not in CONTAINERS}
    if len(folders) < 2 or (facts.snapshot is not None and len({one.path for one in facts.snapshot.stores}) > 1):
        return
    yield Finding(
        "models.stores",
        "models.store",
        Area.MODELS,
        notice("doctor.several_stores", count=len(folders)),
        notice("doctor.several_stores_why"),
        tuple(Evidence(f"OLLAMA_MODELS={path}", server.id) for path, server in sorted(folders.items())),
    )


def _reloads(facts: Facts) -> Iterator[Finding]:
    """Tell of models that are loaded again and again with other contexts, by the logs, and who asks for them."""
    for server in unwatched(facts):
        for log in facts.logs:
            if log.server == server.pid:
                yield from _of_log(facts, server, log)


def _of_log(facts: Facts, server: FoundServer, log: LogFacts) -> Iterator[Finding]:
    loads = _loads(log, facts.at - THRASH_WINDOW_S)
    names = [one.name for one in facts.loaded if one.server == server.pid]
    for blob, found in loads.items():
        contexts = [tokens for _, tokens in found]
        changes = sum(one != other for one, other in pairwise(contexts))
        if changes < THRASH_EVICTIONS:
            continue
        wanted = power_of_two(max(contexts))
        model = names[0] if len(names) == 1 and len(loads) == 1 else blob.replace("\\", "/").rpartition("/")[2]
        yield Finding(
            f"models.reloads:{server.id}:{model}",
            "models.reloads",
            Area.MODELS,
            notice("doctor.reloads", model=model, times=len(found)),
            notice("doctor.reloads_contexts", contexts=tuple(sorted(set(contexts))), tokens=wanted),
            (
                Evidence(f"loads={len(found)} within={seconds(found[-1][0] - found[0][0])}", server.id),
                *(Evidence(f"context={tokens} loads={times}") for tokens, times in sorted(Counter(contexts).items())),
            ),
            setting_fix(facts, server.id, {_CONTEXT: str(wanted)}),
            notice("doctor.label.variables", variables=(f"{_CONTEXT}={wanted}",)),
        )


def _loads(log: LogFacts, since: float) -> dict[str, list[tuple[float, int]]]:
    """Return when each model was loaded, and with how many tokens for a slot.

    From 0.11.5 to 0.24 a line of its own says the context, after the start of the runner.
    """
    loads, newest = dict[str, list[tuple[float, int]]](), ""
    for line in log.lines:
        fact, at = parse(line), seconds_of(line)
        if isinstance(fact, RunnerStarting):
            newest = fact.model if at is not None and at >= since else ""
            if newest and at is not None:
                loads.setdefault(newest, []).append((at, (fact.context or 0) // (fact.parallel or 1)))
        elif isinstance(fact, RunnerConfigured) and newest:
            loads[newest][-1] = loads[newest][-1][0], fact.context // max(1, fact.parallel)
    known = {blob: [one for one in found if one[1]] for blob, found in loads.items()}
    return {blob: found for blob, found in known.items() if found}


def _offenders(facts: Facts) -> Iterator[Finding]:
    """Tell who asks for other options than a model was loaded with: without the panel each would reload it."""
    if facts.snapshot is None:
        return
    conflicts = {one.model for one in known_alerts(facts) if one.code == "context_conflict"}
    by_model = dict[str, list[Offender]]()
    for one in facts.snapshot.offenders:
        if one.times >= FEWEST_ASKED:
            by_model.setdefault(one.model, []).append(one)
    for model, found in by_model.items():
        if model in conflicts:
            continue  # it tells them, and what helps
        found.sort(key=lambda one: -one.times)
        clients = tuple(one.client for one in found[:NAMES_SHOWN])
        yield Finding(
            f"models.offenders:{model}",
            "models.offenders",
            Area.MODELS,
            notice("doctor.offenders", model=model, clients=clients, times=sum(one.times for one in found)),
            notice("doctor.offenders_why"),
            tuple(Evidence(f"{' '.join(_asked(one.asked))} times={one.times}", one.client) for one in found),
        )


def _asked(options: LoadOptions) -> Iterable[str]:
    for name in LoadOptions.__struct_fields__:
        value = getattr(options, name)
        if value is not None:
            yield f"{name}={value}"


CHECKS: tuple[Check, ...] = (
    alert_check("models.store", Area.MODELS, notice("doctor.check.store"), _stores, applies=subjects.stores),
    alert_check("models.context", Area.MODELS, notice("doctor.check.context")),
    alert_check("models.reloads", Area.MODELS, notice("doctor.check.reloads"), _reloads),
    Check("models.offenders", Area.MODELS, notice("doctor.check.offenders"), _offenders, subjects.requests),
)
