"""`ollama-panel load|unload|pull MODEL`: through Ollama's own API at the address of the panel."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import msgspec

from ollama_panel.cli import gpu, instances, panel_client, parsers
from ollama_panel.cli.panel_client import Panel, RefusedError
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.cli.progress import OnTerminal, Plain, Step
from ollama_panel.core.errors import PanelError
from ollama_panel.core.gpu_yield import YieldRecord
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import ENGLISH
from ollama_panel.core.ollama.models import ModelFacts, canonical, is_embedding
from ollama_panel.core.ollama.show import facts_from_show
from ollama_panel.core.panel_api import V1, Instances, Pools
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.text import printable
from ollama_panel.engine import clock

_DONE = "success"
"""The status at the end of a stream (Ollama `server/images.go` PullModel, v0.32)."""


class _Said(msgspec.Struct):
    """What an answer holds if it began with a heartbeat and then failed."""

    error: object = None


def register(commands: Commands) -> None:
    """Add the commands."""
    for name, purpose, run in (
        ("load", "load a model, so that the next request for it need not wait", load),
        ("unload", "unload a model from all instances, from busy ones when its requests have ended", unload),
        ("pull", "fetch a model from its library; what was fetched before an interruption is kept", pull),
    ):
        parser = parsers.add(commands, name, purpose, _with_model(run), f"ollama-panel {name} llama3.2:1b")
        parser.add_argument("name", metavar="MODEL", help="for example llama3.2:1b")
        if name != "pull":
            parser.add_argument("--instance", metavar="INSTANCE", help="at this one alone, for example chat-1")


def _with_model(run: Callable[[Path | None, str], int]) -> Callable[[PanelArguments], int]:
    def carry_out(chosen: PanelArguments) -> int:
        instance = getattr(chosen, "instance", None)
        if instance is None:
            return run(chosen.state_dir, chosen.name)
        return at_instance(chosen.state_dir, chosen.name, instance, unload=run is unload)

    return carry_out


def at_instance(state_dir: Path | None, model: str, instance: str, *, unload: bool) -> int:
    """Load a model at one instance, or unload it there once its requests have ended; return when it is done."""
    _at(panel_client.connect(state_dir), model, instance, "unload" if unload else "load")
    print(f"{model} is {'unloaded from' if unload else 'loaded on'} {instance}.")
    return 0


def _at(panel: Panel, model: str, instance: str, command: str) -> None:
    """Have one instance load or unload a model; return when it is done."""
    path = f"{instances.PATH}/{quote(instance, safe='')}/models/{quote(model, safe='')}/{command}"
    panel_client.decoded(panel.ask("POST", path, patient=True), InstanceRecord)


def load(state_dir: Path | None, model: str) -> int:
    """Load a model and say where; it takes its turn like any request, but does not wait for a GPU that others have."""
    panel = panel_client.connect(state_dir)
    if panel.get(gpu.PATH, YieldRecord).told is not None:
        raise PanelError(notice("gpu_yield.no_load"))
    try:
        shown = panel.ask("POST", "/api/show", {"model": model}, patient=True)
        facts = facts_from_show(ModelFacts(canonical(model)), shown.content)
        path = "/api/embed" if is_embedding(facts) else "/api/generate"
        answer = panel.ask("POST", path, {"model": model, "stream": False}, patient=True)
        said = msgspec.json.decode(answer.content, type=_Said)
    except RefusedError as error:
        raise _failed("models.not_loaded", model, error) from error
    except msgspec.DecodeError as error:
        raise PanelError(notice("models.not_loaded", model=model, reason=str(error))) from error
    if said.error:
        raise PanelError(notice("models.not_loaded", model=model, reason=_words(said.error)))
    at = answer.headers.get("X-Panel-Instance")
    print(f"{model} is loaded on {at}." if at else f"{model} is loaded.")
    return 0


def unload(state_dir: Path | None, model: str) -> int:
    """Unload a model everywhere, and say from where."""
    panel = panel_client.connect(state_dir)
    pinned, holders = _holders(panel, canonical(model))
    for instance in pinned:  # what clients ask for leaves these in memory
        _at(panel, model, instance, "unload")
        print(f"{model} is unloaded from {instance}. It is pinned there, so it is loaded at the next start.")
    if pinned and not holders:
        return 0
    try:
        panel.ask("POST", "/api/generate", {"model": model, "keep_alive": 0, "stream": False})
    except RefusedError as error:
        raise _failed("models.not_unloaded", model, error) from error
    if holders:
        print(f"{model} is unloaded from {ENGLISH.list(holders)} as soon as no request uses it.")
    else:
        print(f"{model} is not loaded.")
    return 0


def pull(state_dir: Path | None, model: str) -> int:
    """Fetch a model, with its progress. Interrupted, it says that what is there is kept."""
    panel = panel_client.connect(state_dir)
    try:
        with panel.stream("POST", "/api/pull", {"model": model, "stream": True}) as answer:
            steps = (msgspec.json.decode(line, type=Step) for line in panel.lines(answer))
            last = _on_terminal(steps) if sys.stdout.isatty() else _plain(steps)
    except RefusedError as error:
        raise _failed("models.not_pulled", model, error) from error
    except msgspec.DecodeError as error:
        raise PanelError(notice("models.not_pulled", model=model, reason=str(error))) from error
    except KeyboardInterrupt:
        print(f"Stopped. What is there of {model} is kept: the same command goes on from there.", file=sys.stderr)
        raise
    if last.error:
        raise PanelError(notice("models.not_pulled", model=model, reason=_words(last.error)))
    if last.status != _DONE:
        raise PanelError(notice("models.broken_off", model=model))
    print(f"{model} is here.")
    return 0


def _on_terminal(steps: Iterator[Step]) -> Step:
    """Show the progress in one line for each status, and return the last step."""
    last, progress = Step(), OnTerminal(shutil.get_terminal_size().columns)
    try:
        for last in steps:
            if last.status != _DONE:
                print(progress.text(last, clock.seconds()), end="", flush=True)
    finally:
        if progress.open:
            print()
    return last


def _plain(steps: Iterator[Step]) -> Step:
    """Print few lines of the progress, and return the last step."""
    last, progress = Step(), Plain()
    for last in steps:
        if last.status != _DONE:
            for line in progress.lines(last):
                print(line, flush=True)
    return last


def _failed(code: str, model: str, error: RefusedError) -> PanelError:
    """Return what the command says: the panel's own sentence, or whose words they are if Ollama said them."""
    return error if error.code else PanelError(notice(code, model=model, reason=_words(error.words)))


def _words(said: object) -> str:
    """Return words of Ollama for the end of a sentence."""
    return printable(str(said)).strip().rstrip(".")


def _holders(panel: Panel, model: ModelName) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the instances that have the model in memory: where it is pinned, and the others."""
    found = [one for one in panel.get(instances.PATH, Instances).instances if _holds(one, model)]
    pools = panel.get(f"{V1}/pools", Pools).pools if found else ()
    pinning = {pool.name for pool in pools if model in map(canonical, pool.preload)}
    pinned = tuple(one.id for one in found if one.managed and one.pool in pinning)
    return pinned, tuple(one.id for one in found if one.id not in pinned)


def _holds(one: InstanceRecord, model: ModelName) -> bool:
    return any(canonical(held.name) == model for held in one.models)
