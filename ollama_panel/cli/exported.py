"""An export of the settings of a state folder for a target: what the commands that export, apply and verify have.

What asks the machine for its cores, cards and services is imported when an export is made: it takes longer than all
else.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import reduce
from pathlib import Path
from typing import NamedTuple

from ollama_panel import __version__
from ollama_panel.cli import parsers, settings_file
from ollama_panel.cli.parsers import PanelArguments
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import Export, render
from ollama_panel.core.export.chosen import chosen
from ollama_panel.core.export.deployment import INSTALLED, Accelerator, Site
from ollama_panel.core.export.hardware import accelerator_of, hardware_of
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import Inherited, InstanceSpec, plan_instances
from ollama_panel.core.settings.edits import with_changed_pool
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.stores import Service
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import Profile, ProfileRecord
from ollama_panel.engine import clock, profiles_file
from ollama_panel.engine.host.discovery import candidates, expanded, find_binary, home
from ollama_panel.engine.paths import Paths

_DEFAULT_PROGRAM = "/usr/local/bin/ollama"
"""Where Ollama's installer for Linux puts the program, for an export made on a machine without Ollama."""


class Options(NamedTuple):
    """What is exported, and for which machine. None and () = as this machine and its settings have it.

    `ollama` is the program, `pools` are exported, each of `profiles` is put on its pool, `accelerator` computes there,
    and `of_user`: services are those of the user's own manager.
    """

    ollama: str | None = None
    pools: Sequence[str] = ()
    profiles: Sequence[str] = ()
    accelerator: Accelerator | None = None
    of_user: bool = False

    @classmethod
    def of(cls, chosen: PanelArguments) -> "Options":
        """Return what the arguments of a command choose, which `add_options` has added."""
        accelerator = Accelerator(chosen.accelerator) if chosen.accelerator else None
        return cls(chosen.ollama, chosen.names or (), chosen.profiles or (), accelerator, chosen.of_user)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that choose what is exported."""
    kinds = [one.value for one in Accelerator]
    parser.add_argument("--pool", dest="names", action="append", metavar="POOL", help="only this pool; repeatable")
    told = "as if a pool had the settings of this profile; repeatable"
    parser.add_argument("--profile", dest="profiles", action="append", metavar="NAME", help=told)
    told = f"what computes there: {', '.join(kinds)}; without it, as on this machine"
    parser.add_argument("--gpu", dest="accelerator", choices=kinds, metavar="KIND", help=told)
    parser.add_argument("--user", dest="of_user", action="store_true", help="services of yours, not of the system")
    parsers.add_ollama(parser)


class Exporter:
    """Makes exports of the settings of a state folder; the machine is asked once. Blocks for up to some seconds.

    Problems of the settings, and of the file of the profiles, are printed on stderr. Raises PanelError if a pool or a
    profile is unknown.
    """

    def __init__(self, state_dir: Path | None, options: Options = Options()) -> None:  # noqa: B008 - immutable
        settings = settings_file.read(state_dir)
        known = _profiles(state_dir)
        self._settings = _wanted(settings, known, options)
        self._profiles = tuple(map(ProfileRecord.of, known))
        self._instances, self._site, self._hardware = _machine(settings, self._settings, options)

    def export(self, target: str) -> Export:
        """Return the export for a target. Raises PanelError if it cannot be made."""
        return render(
            target,
            self._settings,
            self._instances,
            version=__version__,
            date=date.fromtimestamp(clock.wall()).isoformat(),
            site=self._site,
            hardware=self._hardware,
            profiles=self._profiles,
        )


def exported(state_dir: Path | None, target: str, options: Options = Options()) -> Export:  # noqa: B008 - immutable
    """Return the export of the settings of a state folder for a target; see `Exporter`."""
    return Exporter(state_dir, options).export(target)


def maker(chosen: PanelArguments) -> Callable[[str | None], Export]:
    """Return what makes the export that the arguments of a command choose, with a program in place of this machine's.

    `--ollama` counts more than that program; None = this machine's.
    """
    options = Options.of(chosen)

    def make(program: str | None) -> Export:
        assert chosen.target is not None
        return exported(chosen.state_dir, chosen.target, options._replace(ollama=options.ollama or program))

    return make


def _profiles(state_dir: Path | None) -> tuple[Profile, ...]:
    """Return the profiles; what is wrong with their file is printed on stderr, and no reason to export nothing."""
    try:
        return profiles_file.read(Paths.of(state_dir).profiles)
    except PanelError as error:
        print(error, file=sys.stderr)
        return ()


def _wanted(settings: Settings, known: Sequence[Profile], options: Options) -> Settings:
    """Return the chosen pools, with the chosen profiles."""
    pools = tuple(map(PoolName, options.pools))
    found = chosen(settings, pools=pools)
    for name in options.profiles:
        found = chosen(found, profile=profiles.find(known, name))
    return found


def _machine(
    all_settings: Settings, wanted: Settings, options: Options
) -> tuple[tuple[InstanceSpec, ...], Site, tuple[str, ...]]:
    """Return the workers of the wanted pools, the machine that they are for, and the hardware of this one.

    A worker has the port that it has among those of all pools: exports of single pools fit together.
    """
    from ollama_panel.engine.host.cores import physical_cores
    from ollama_panel.engine.host.gpu import Cards
    from ollama_panel.engine.host.programs import version_of

    named = options.ollama or all_settings.ollama.binary
    program = expanded(named) if named else find_binary()
    told = version_of(str(program), os.environ) if program else ""
    version = told if isinstance(told, str) else ""
    cards = Cards.find()
    gpus = cards.sensors.read()
    accelerator = options.accelerator or accelerator_of(gpus, gpu=cards.gpu is not None)
    service, models = _service(of_user=options.of_user)
    inherited = Inherited.of(os.environ, home())
    whole = reduce(with_changed_pool, wanted.pools, all_settings)
    planned = plan_instances(
        whole,
        (str(program or _DEFAULT_PROGRAM),),
        physical_cores(),
        accelerator is not Accelerator.CPU,
        inherited=inherited,
    )
    pools = {pool.name for pool in wanted.pools}
    instances = tuple(inherited.whole(spec) for spec in planned if spec.pool in pools)
    return instances, Site(service, models, accelerator, options.of_user, version), hardware_of(gpus, version)


def _service(*, of_user: bool) -> tuple[Service, str]:
    """Return the service that runs Ollama on this machine, and its store; what the installer makes if there is none."""
    from ollama_panel.engine.host import model_stores, services

    for server in services.of_ports(candidates(os.environ)):
        service = server.service
        if service.user_unit and service.ours if of_user else service.of_system:
            return service, model_stores.of_server(server)[0]
    return INSTALLED, ""
