"""`ollama-panel start|stop|restart`: the Ollama servers of the running panel."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

import msgspec

from ollama_panel.cli import panel_client, parsers
from ollama_panel.cli.panel_client import AbsentError, Panel
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.errors import PanelError
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.panel_api import V1, Instances, Pools
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.snapshot import InstanceRecord

PATH = f"{V1}/instances"


class _Action(msgspec.Struct, frozen=True):
    """What instances are told: the name of the command, what it does, how it looks while and after, and its end."""

    name: str
    purpose: str
    begun: str
    done: str
    phase: Phase


_ACTIONS = (
    _Action("start", "start instances that are stopped", "starts", "is ready", Phase.READY),
    _Action("stop", "stop instances when their running requests have ended", "stops", "is stopped", Phase.STOPPED),
    _Action(
        "restart",
        "restart instances one after the other, without losing a request",
        "restarts",
        "is restarted",
        Phase.READY,
    ),
)


def register(commands: Commands) -> None:
    """Add the commands."""
    for action in _ACTIONS:
        examples = "\n".join(f"ollama-panel {action.name} {which}" for which in ("chat-1", "chat code", "--all"))
        parser = parsers.add(commands, action.name, action.purpose, _telling(action), examples)
        parser.add_argument("names", metavar="INSTANCE|POOL", nargs="*", help="an instance, or all of a pool")
        parser.add_argument("--all", action="store_true", help="all instances that the panel has started itself")
        parser.add_argument("--no-wait", action="store_true", help="return at once, not when it is done")


def _telling(action: _Action) -> Callable[[PanelArguments], int]:
    return lambda chosen: tell(chosen.state_dir, action, chosen.names, every=chosen.all, wait=not chosen.no_wait)


def tell(state_dir: Path | None, action: _Action, names: Sequence[str], *, every: bool, wait: bool) -> int:
    """Tell instances something, and print a line for each; return 1 if one is not as it should be then.

    Those that start or stop do so at once; restarts are one after the other, so that the others serve meanwhile.
    """
    if every == bool(names):
        raise parsers.UsageError("name instances or pools, or give --all")
    panel = panel_client.connect(state_dir)
    targets = _targets(panel, names)
    at_once = not wait or action.name != "restart"
    good = True
    for told in (False, True) if wait and at_once else (wait,):
        outcomes = [_tell_one(panel, action, target, wait=told, quiet=wait and not told) for target in targets]
        targets = [target for target, outcome in zip(targets, outcomes, strict=True) if outcome]
        good = good and all(outcomes)
    return 0 if good else 1


def _tell_one(panel: Panel, action: _Action, name: str, *, wait: bool, quiet: bool) -> bool:
    """Tell one instance something, print what became of it unless `quiet`, and return whether that is as it should."""
    path = f"{PATH}/{quote(name, safe='')}/{action.name}"
    try:
        record = panel.change("POST", path, InstanceRecord, query={"wait": "true"} if wait else {})
    except AbsentError:
        raise
    except PanelError as error:
        print(error, file=sys.stderr)
        return False
    if quiet:
        return True
    done = record.phase is action.phase
    if done or not wait:
        print(f"{name} {action.done if wait else action.begun}.", flush=True)
    else:
        detail = () if record.detail is None else (render(Problem(name, record.detail).told),)
        print(*(detail or (f"{name} is {record.phase.value}.",)), file=sys.stderr)
    return done or not wait


def _targets(panel: Panel, names: Sequence[str]) -> list[str]:
    """Return the instances that are meant: without names all that the panel has started itself.

    Raises PanelError if there is no such instance or pool, or nothing in it.
    """
    instances = panel.get(PATH, Instances).instances
    if not names:
        return [one.id for one in instances if one.managed]
    pools = [pool.name for pool in panel.get(f"{V1}/pools", Pools).pools]
    found = list[str]()
    for name in names:
        members = [one.id for one in instances if one.pool == name and one.managed]
        if any(one.id == name for one in instances):
            found.append(name)
        elif members:
            found += members
        elif name in pools:
            raise PanelError(notice("pool.no_workers", pool=name))
        else:
            known = (*pools, *(one.id for one in instances))
            raise PanelError(notice("instance.or_pool", name=name, known=known))
    return list(dict.fromkeys(found))
