"""`ollama-panel profiles [list]|show|save|apply|export|import|remove`: through the running panel, else in its files."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import msgspec

from ollama_panel import __version__
from ollama_panel.cli import output, panel_client, parsers, pools, profiles_text, settings_file
from ollama_panel.cli.panel_client import Query
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.errors import PanelError, not_read, not_written
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.panel_api import V1, Done, PoolChanged
from ollama_panel.core.profile_answers import NewProfile, ProfileAnswer, Profiles, ProfileShown
from ollama_panel.core.settings import codec, edits
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning import profile_file
from ollama_panel.core.tuning import profiles as of_profiles
from ollama_panel.core.tuning.profile import Profile
from ollama_panel.core.tuning.record import Provenance
from ollama_panel.engine import clock
from ollama_panel.engine import profiles_file as kept
from ollama_panel.engine.files import read_file
from ollama_panel.engine.paths import Paths

_PATH = f"{V1}/profiles"
_EXAMPLES = """\
ollama-panel profiles
ollama-panel profiles save night --pool chat
ollama-panel profiles apply night --dry-run
ollama-panel profiles export night --out night.profile.json
ollama-panel profiles import night.profile.json --name theirs"""


def register(commands: Commands) -> None:
    """Add the command with its actions."""
    purpose = "keep, apply and exchange complete settings of a pool"
    actions = parsers.actions_of(parsers.group(commands, "profiles", purpose, _EXAMPLES))
    parsers.add_json(parsers.add(actions, "list", "list the profiles (the default action)", _list))
    parsers.add_json(_named(actions, "show", "print a profile: its settings, where it is from, what was tried", _show))
    new = _named(actions, "save", "save a profile, in the place of one of its name", _save)
    source = new.add_mutually_exclusive_group(required=True)
    source.add_argument("--pool", metavar="POOL", help="with the settings that this pool has now")
    source.add_argument("--tuning", metavar="ID", help="with the result of this tuning; needs a running panel")
    given = _named(actions, "apply", "give a pool the settings of a profile", _apply)
    given.add_argument("--pool", metavar="POOL", help="to which pool; without it, to the one that it was made for")
    pools.add_dry_run(given)
    file = _named(actions, "export", "print a profile for another machine, without secrets", _export)
    file.add_argument("--out", metavar="FILE", type=Path, help="write a file instead of printing")
    taken = parsers.add(actions, "import", "take a profile from a file", _import)
    taken.add_argument("file", metavar="FILE", type=Path, help="what export has written")
    taken.add_argument("--name", metavar="NAME", help="under this name, and not the one in the file")
    _named(actions, "remove", "forget a profile", _remove)


def _named(actions: Commands, name: str, purpose: str, run: Callable[[PanelArguments], int]) -> argparse.ArgumentParser:
    """Add an action for one profile."""
    parser = parsers.add(actions, name, purpose, run)
    parser.add_argument("name", metavar="NAME", help="which profile")
    return parser


def _list(chosen: PanelArguments) -> int:
    found = panel_client.if_running(chosen.state_dir, lambda panel: panel.get(_PATH, Profiles))
    listed = found if found is not None else _listed(chosen.state_dir)
    if chosen.json:
        output.print_json(msgspec.json.encode(listed))
    elif listed.profiles:
        print("\n".join(profiles_text.table(listed.profiles)))
    else:
        print("There is no profile: save one with `ollama-panel profiles save NAME --pool POOL`.")
    return 0


def _listed(state_dir: Path | None) -> Profiles:
    """Return the profiles of a state folder whose panel does not run: what holds on this machine is not known."""
    here = _here(state_dir)
    return Profiles(tuple(ProfileShown.shown(one, here) for one in kept.read(_file(state_dir))))


def _show(chosen: PanelArguments) -> int:
    answer = _found(chosen)
    if chosen.json:
        output.print_json(msgspec.json.encode(answer))
    else:
        print("\n".join(profiles_text.shown(answer)))
    return 0


def _found(chosen: PanelArguments) -> ProfileAnswer:
    found = panel_client.if_running(chosen.state_dir, lambda panel: panel.get(_path(chosen.name), ProfileAnswer))
    if found is not None:
        return found
    return ProfileAnswer.of(of_profiles.find(kept.read(_file(chosen.state_dir)), chosen.name), _here(chosen.state_dir))


def _save(chosen: PanelArguments) -> int:
    wanted = NewProfile(tuning=chosen.tuning, pool=chosen.pool)
    if chosen.tuning is not None:
        return _told(panel_client.connect(chosen.state_dir).change("PUT", _path(chosen.name), ProfileAnswer, wanted))
    pool = edits.find_pool(settings_file.read(chosen.state_dir), str(chosen.pool))
    made = of_profiles.of_pool(chosen.name, pool, Provenance(clock.wall(), panel=__version__))
    return _told(_kept(chosen, wanted, made))


def _import(chosen: PanelArguments) -> int:
    try:
        profile = profile_file.read(read_file(chosen.file))
    except OSError as error:
        raise PanelError(not_read(str(chosen.file), error)) from error
    profile = of_profiles.valid(msgspec.structs.replace(profile, name=chosen.name or profile.name))
    return _told(_kept(chosen, NewProfile(profile=msgspec.to_builtins(profile)), profile))


def _kept(chosen: PanelArguments, wanted: NewProfile, profile: Profile) -> ProfileAnswer:
    """Keep a profile: the running panel as `wanted`, which knows more about this machine, else in the file."""
    path = _path(profile.name)
    found = panel_client.if_running(chosen.state_dir, lambda panel: panel.change("PUT", path, ProfileAnswer, wanted))
    if found is None:
        kept.change(_file(chosen.state_dir), lambda known: of_profiles.with_profile(known, profile))
        found = ProfileAnswer.of(profile, _here(chosen.state_dir))
    return found


def _told(answer: ProfileAnswer) -> int:
    """Print what was saved, and on stderr what of it does not hold on this machine."""
    print(profiles_text.saved(answer.profile))
    if answer.problem is not None:
        print(render(answer.problem), file=sys.stderr)
    return 0


def _apply(chosen: PanelArguments) -> int:
    query: Query = {"dry_run": "true"} if chosen.dry_run else {}
    query = {**query, "pool": chosen.pool} if chosen.pool else query
    path = f"{_path(chosen.name)}/apply"
    changed = panel_client.if_running(
        chosen.state_dir, lambda panel: panel.change("POST", path, PoolChanged, query=query)
    )
    if changed is not None:
        print("\n".join(pools.lines([changed.pool], load=False)))
        settings_file.tell_problems(changed.problems)
        settings_file.tell(changed.effects, dry_run=chosen.dry_run)
        return 0
    profile = of_profiles.find(kept.read(_file(chosen.state_dir)), chosen.name)
    return pools.in_file(chosen, _edit(profile, chosen.pool), chosen.pool or profile.settings.name)


def _edit(profile: Profile, pool: str | None) -> Edit:
    """Return the change that gives a pool the settings of a profile."""

    def edit(settings: Settings) -> Settings:
        target = edits.find_pool(settings, pool or profile.settings.name)
        changed = edits.with_changed_pool(settings, of_profiles.applied(profile, target))
        codec.require_valid(changed)
        return changed

    return edit


def _export(chosen: PanelArguments) -> int:
    written = profile_file.written(_found(chosen).profile, __version__)
    if chosen.out is None:
        output.be_for_programs()
        print(written.decode(), end="")
        return 0
    try:
        chosen.out.write_bytes(written)
    except OSError as error:
        raise PanelError(not_written(str(chosen.out), error, notice("advice.another_place"))) from error
    print(f"Written to {chosen.out}.", file=sys.stderr)
    return 0


def _remove(chosen: PanelArguments) -> int:
    path = _path(chosen.name)
    if panel_client.if_running(chosen.state_dir, lambda panel: panel.change("DELETE", path, Done)) is None:
        kept.change(_file(chosen.state_dir), lambda known: of_profiles.without_profile(known, chosen.name))
    return 0


def _path(name: str) -> str:
    return f"{_PATH}/{quote(name, safe='')}"


def _file(state_dir: Path | None) -> Path:
    return Paths.of(state_dir).profiles


def _here(state_dir: Path | None) -> Snapshot:
    """Return what is known of a panel that does not run: its settings."""
    return Snapshot(at=0.0, settings=settings_file.read(state_dir))
