"""`ollama-panel settings get|set`: reads and writes the settings file. A running panel notices the change."""

import sys
from pathlib import Path

from ollama_panel.core import changes
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine import configfile
from ollama_panel.engine.host.cores import physical_cores
from ollama_panel.engine.host.gpu import Cards
from ollama_panel.engine.paths import Paths


def read(state_dir: Path | None) -> Settings:
    """Return the settings of a state folder, and print their problems on stderr."""
    loaded = configfile.read(Paths.of(state_dir).settings)
    for problem in loaded.problems:
        print(f"{problem.where}: {problem.message}", file=sys.stderr)
    return loaded.settings


def show(state_dir: Path | None, key: str | None) -> int:
    """Print the value of a key, or every key with its value."""
    settings = read(state_dir)
    if key is not None:
        print(codec.get(settings, key))
        return 0
    for name in codec.keys(settings):
        print(f"{name} = {codec.get(settings, name)}")
    return 0


def change(state_dir: Path | None, key: str, value: str) -> int:
    """Change a setting in the file, and print the effect on a running panel."""
    paths, old = Paths.of(state_dir), read(state_dir)
    new = codec.set(old, key, value)
    configfile.write(paths.settings, new)
    print(f"{key} = {codec.get(new, key)}")
    if paths.panel.exists():
        _tell_effect(old, new)
    return 0


def _tell_effect(old: Settings, new: Settings) -> None:
    plan = changes.plan(old, new, cores=physical_cores(), gpu=Cards.find().gpu is not None)
    print("The running panel follows:")
    for sentence in plan.text():
        print(f"  {sentence}")
