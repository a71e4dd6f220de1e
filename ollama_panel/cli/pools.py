"""`ollama-panel pools [list]|add|set|remove`: through the running panel, else in the settings file."""

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import msgspec

from ollama_panel.cli import output, panel_client, parsers, settings_file
from ollama_panel.cli.panel_client import Panel, Query
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.columns import aligned
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import ENGLISH
from ollama_panel.core.panel_api import V1, Effects, Pool, PoolChanged, Pools
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.slo import Slo
from ollama_panel.core.settings import codec, edits, forms
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.tree import PoolSettings, Settings

_PATH = f"{V1}/pools"
_NAME = next(field.type for field in msgspec.structs.fields(PoolSettings) if field.name == "name")
_EXAMPLES = """\
ollama-panel pools
ollama-panel pools add code --role code --parallel 2 --context 16384 --models qwen2.5-coder:7b
ollama-panel pools set code --workers 2 --env OLLAMA_KEEP_ALIVE=1h --dry-run
ollama-panel pools remove code"""


def register(commands: Commands) -> None:
    """Add the command with its actions."""
    actions = parsers.actions_of(parsers.group(commands, "pools", "list, make, change and remove pools", _EXAMPLES))
    listed = parsers.add(
        actions, "list", "list the pools (the default action)", lambda one: show(one.state_dir, as_json=one.json)
    )
    parsers.add_json(listed)
    new = parsers.add(actions, "add", "make a pool", add)
    new.add_argument("name", metavar="NAME", help="lower-case letters, digits, - and _")
    _add_options(new, required=True)
    other = parsers.add(actions, "set", "change settings of a pool", change)
    other.add_argument("name", metavar="NAME", help="which pool")
    _add_options(other, required=False)
    old = parsers.add(actions, "remove", "remove a pool when its running requests have ended", remove)
    old.add_argument("name", metavar="NAME", help="which pool")
    add_dry_run(old)


def _add_options(parser: argparse.ArgumentParser, *, required: bool) -> None:
    roles = [role.value for role in Role]
    parser.add_argument("--role", choices=roles, required=required, help="which requests go to the pool")
    parser.add_argument("--workers", type=parsers.whole, metavar="N", help="how many Ollama servers it runs")
    parser.add_argument("--parallel", type=parsers.whole, metavar="N", help="how many requests a server runs at once")
    parser.add_argument("--context", type=parsers.whole, metavar="N", help="how many tokens each of these may have")
    parser.add_argument("--slo-first-token", type=float, metavar="S", help="first token within S seconds; 0 is any")
    parser.add_argument("--slo-tokens", type=float, metavar="N", help="tokens per second of an answer; 0 is any")
    parser.add_argument("--models", type=_names, metavar="A,B", help='the models meant for it; "" is any model')
    parser.add_argument(
        "--env",
        type=variable,
        metavar="NAME=VALUE",
        action="append",
        help="an environment variable of its servers, or NAME= to remove it; may be given several times",
    )
    add_dry_run(parser)


def add_dry_run(parser: argparse.ArgumentParser) -> None:
    """Add the option that only shows what a change would do."""
    parser.add_argument("--dry-run", action="store_true", help="change nothing, show what would happen")


def _names(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def variable(text: str) -> tuple[str, str]:
    """Return a variable and its value, the type of an argument."""
    name, between, value = text.partition("=")
    if not between or not name:
        raise argparse.ArgumentTypeError(f"it must be NAME=VALUE, not {text!r}")
    return name, value


def _values(chosen: PanelArguments) -> dict[str, object]:
    """Return the fields that the arguments give, as JSON; `environment.NAME` is a variable, None removes it."""
    given: dict[str, object] = {
        "role": chosen.role,
        "workers": chosen.workers,
        "parallel": chosen.parallel,
        "context_length": chosen.context,
        "slo_first_token_s": chosen.slo_first_token,
        "slo_token_rate": chosen.slo_tokens,
        "models": chosen.models,
    }
    values = {name: value for name, value in given.items() if value is not None}
    values.update((f"environment.{name}", value or None) for name, value in chosen.env or ())
    return values


def show(state_dir: Path | None, *, as_json: bool) -> int:
    """Print the pools, with what they do if a panel runs; of the file alone if none does."""
    pools = panel_client.if_running(state_dir, lambda panel: panel.get(_PATH, Pools).pools)
    found: Iterable[PoolSettings] = settings_file.read(state_dir).pools if pools is None else pools
    if as_json:
        output.print_json(msgspec.json.encode({"pools": list(found)}))
    else:
        print("\n".join(lines(found, load=True)))
    return 0


def lines(pools: Iterable[PoolSettings], *, load: bool) -> Iterator[str]:
    """Yield a table of pools, with their `load` or without; of variables only the names, the values may be secret.

    What they need of the memory only a running panel knows.
    """
    pools = tuple(pools)
    loads = ("WAITING", "RUNNING", "SLOTS") if load else ()
    needs = ("MEMORY",) if any(isinstance(pool, Pool) for pool in pools) else ()
    slo = ("SLO",) if any(Slo.of(pool) for pool in pools) else ()
    rows = [("POOL", "ROLE", "WORKERS", "PARALLEL", "CONTEXT", *needs, *loads, *slo, "MODELS", "ENVIRONMENT")]
    for pool in pools:
        known = (pool.queued, pool.in_flight, pool.slots) if isinstance(pool, Pool) else (output.UNKNOWN,) * 3
        memory = (_memory(pool),) if needs else ()
        numbers = (pool.workers, pool.parallel, pool.context_length, *memory, *(known if load else ()))
        promised = (_slo(pool),) if slo else ()
        names = (*promised, ",".join(pool.models) or output.UNKNOWN, ",".join(pool.environment) or output.UNKNOWN)
        rows.append((pool.name, pool.role.value, *map(str, numbers), *names))
    return aligned(rows)


def _slo(pool: PoolSettings) -> str:
    """Return what a pool promises, and if a panel runs how that is kept."""
    targets = [f"first token {ENGLISH.seconds(pool.slo_first_token_s)}"] if pool.slo_first_token_s else []
    targets += [f"{ENGLISH.number(pool.slo_token_rate)} tokens/s"] if pool.slo_token_rate else []
    record = pool.slo if isinstance(pool, Pool) else None
    if record is not None and record.kept is not None:
        targets.append(f"kept by {100 * record.kept:.0f} %")
    return ", ".join(targets) or output.UNKNOWN


def _memory(pool: PoolSettings) -> str:
    """Return how much memory a pool needs, and whether that is measured."""
    needs = pool.memory if isinstance(pool, Pool) else None
    if needs is None or needs.needed is None:
        return output.UNKNOWN
    return f"{ENGLISH.bytes(needs.needed)} ({needs.source.value})"


def add(chosen: PanelArguments) -> int:
    """Make a pool, and show it and what that does."""
    if wrong := forms.problem(_NAME, chosen.name):
        told = notice("setting.not_that", expected=wrong, given=forms.quoted(chosen.name))
        raise PanelError(notice("setting.refused", where="NAME", wrong=told))
    values = _values(chosen)
    environment = {name: value for name, value in chosen.env or () if value}
    plain = {name: value for name, value in values.items() if "." not in name}
    body = {"name": chosen.name, **plain, "environment": environment}

    def edit(settings: Settings) -> Settings:
        return edits.with_pool(settings, codec.pool(body))

    return _apply(chosen, edit, lambda panel, query: panel.change("POST", _PATH, PoolChanged, body, query))


def change(chosen: PanelArguments) -> int:
    """Change settings of a pool, and show it and what that does."""
    values = _values(chosen)
    if not values:
        raise parsers.UsageError("nothing to change: name at least one option")
    path = f"{_PATH}/{quote(chosen.name, safe='')}"

    def edit(settings: Settings) -> Settings:
        edits.find_pool(settings, chosen.name)
        return codec.change(settings, {f"pools.{chosen.name}.{name}": value for name, value in values.items()})

    return _apply(chosen, edit, lambda panel, query: panel.change("PATCH", path, PoolChanged, values, query))


def remove(chosen: PanelArguments) -> int:
    """Remove a pool, and show what that does: running requests end first, waiting ones go elsewhere or wait on."""
    path = f"{_PATH}/{quote(chosen.name, safe='')}"

    def by_panel(panel: Panel, query: Query) -> Effects:
        running = panel.get(path, Pool).in_flight
        effects = panel.change("DELETE", path, Effects, query=query)
        if running:
            print(f"{running} running {'request ends' if running == 1 else 'requests end'} first.")
        return effects

    def edit(settings: Settings) -> Settings:
        return edits.without_pool(settings, chosen.name)

    return _apply(chosen, edit, by_panel)


def _apply(
    chosen: PanelArguments,
    edit: Edit,
    by_panel: Callable[[Panel, Query], PoolChanged | Effects],
) -> int:
    """Carry out a change, by the running panel or else in the file, and print what it does."""
    query: Query = {"dry_run": "true"} if chosen.dry_run else {}
    changed = panel_client.if_running(chosen.state_dir, lambda panel: by_panel(panel, query))
    if changed is not None:
        _show_result(chosen, [changed.pool] if isinstance(changed, PoolChanged) else [])
        settings_file.tell_problems(changed.problems)
        settings_file.tell(changed.effects, dry_run=chosen.dry_run)
        return 0
    return in_file(chosen, lambda settings: _valid(edit(settings)), chosen.name)


def in_file(chosen: PanelArguments, edit: Edit, name: str) -> int:
    """Carry out a change of a pool in the settings file, and print what it does."""
    if chosen.dry_run:
        old, new = settings_file.plan(chosen.state_dir, edit)
    else:
        changed = settings_file.edit(chosen.state_dir, edit)
        old, new = changed.before, changed.settings
    _show_result(chosen, [pool for pool in new.pools if pool.name == name])
    settings_file.tell_change(chosen.state_dir, old, new, dry_run=chosen.dry_run)
    return 0


def _show_result(chosen: PanelArguments, pools: Sequence[PoolSettings]) -> None:
    """Print the pool as it is afterwards, if there is one."""
    if pools:
        print("\n".join(lines(pools, load=False)))
    elif not chosen.dry_run:
        print(f"{chosen.name} is removed.")


def _valid(settings: Settings) -> Settings:
    codec.require_valid(settings)
    return settings
