"""`ollama-panel instances [INSTANCE]`: what is in force for the loaded models of the running panel's instances."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from ollama_panel.cli import instances, output, panel_client, parsers
from ollama_panel.cli.parsers import Commands
from ollama_panel.core.columns import aligned
from ollama_panel.core.notices.render import ENGLISH, render
from ollama_panel.core.ollama.effective_value import EffectiveValue, Source, Unit, Value, ValueName
from ollama_panel.core.ollama.runners import LoadedModel
from ollama_panel.core.panel_api import Instances
from ollama_panel.core.snapshot import InstanceRecord

_EXAMPLES = """\
ollama-panel instances
ollama-panel instances chat-1 --json"""

_NAMES = {
    ValueName.ENGINE: "engine",
    ValueName.PARALLEL: "parallel",
    ValueName.CONTEXT: "context per slot",
    ValueName.KV_TYPE: "KV cache type",
    ValueName.KV_BYTES: "KV cache",
    ValueName.FLASH_ATTENTION: "flash attention",
    ValueName.LAYERS: "layers on GPU",
    ValueName.DEVICES: "devices",
    ValueName.WEIGHTS: "weights",
    ValueName.COMPUTE: "compute buffers",
    ValueName.THREADS: "CPU threads",
    ValueName.PROMPT_CACHE: "prompt cache, at most",
}
_SOURCES = {
    Source.LOG: "log line",
    Source.COMMAND: "runner command line",
    Source.PS: "/api/ps",
    Source.ENVIRONMENT: "environment",
    Source.OLLAMA: "forced by Ollama",
    Source.DEFAULT: "default of this version",
}


def register(commands: Commands) -> None:
    """Add the command."""
    parser = parsers.add(
        commands,
        "instances",
        "show what is in force for each loaded model, what was wanted, and where that was read",
        lambda one: show(one.state_dir, one.name, as_json=one.json),
        _EXAMPLES,
    )
    parser.add_argument("name", metavar="INSTANCE", nargs="?", default="", help="one of them, for example chat-1")
    parsers.add_json(parser)


def show(state_dir: Path | None, name: str, *, as_json: bool) -> int:
    """Print all instances with their loaded models, or one."""
    path = f"{instances.PATH}/{quote(name, safe='')}" if name else instances.PATH
    answer = panel_client.connect(state_dir).ask("GET", path)
    if as_json:
        output.print_json(answer.content)
        return 0
    if name:
        found: tuple[InstanceRecord, ...] = (panel_client.decoded(answer, InstanceRecord),)
    else:
        found = panel_client.decoded(answer, Instances).instances
    print("\n".join(_lines(found)))
    return 0


def _lines(found: Iterable[InstanceRecord]) -> Iterator[str]:
    for number, instance in enumerate(found):
        if number:
            yield ""
        state = "stalled" if instance.silent else instance.phase.value
        yield f"{instance.id}: {state}, {instance.url}, Ollama {instance.version or output.UNKNOWN}"
        if not instance.models:
            yield "  no model is loaded"
        limits = {one.model: render(one.told) for one in instance.limits}
        for model in instance.models:
            yield from (f"  {line}" for line in _of_model(model, limits.get(model.name)))


def _of_model(model: LoadedModel, limit: str | None) -> Iterator[str]:
    yield f"{model.name}, {ENGLISH.bytes(model.size)}, of that {ENGLISH.bytes(model.size_vram)} on a GPU"
    if limit is not None:
        yield f"  requests at once: {limit}"
    rows = [("", "WANTED", "EFFECTIVE", "READ FROM"), *map(_row, model.values)]
    reasons = ["", *(render(one.why_not) if one.why_not else "" for one in model.values)]
    for line, reason in zip(aligned(rows), reasons, strict=True):
        yield f"  {line}"
        if reason:
            yield f"      {reason}"


def _row(value: EffectiveValue) -> tuple[str, str, str, str]:
    effective = _text(value.effective, value.unit)
    if value.whole is not None and value.effective is not None:
        effective = f"{effective} of {value.whole}"
    parts = ", ".join(f"{device} {ENGLISH.bytes(size)}" for device, size in value.parts.items())
    source = _SOURCES[value.source] if value.source else output.UNKNOWN
    return _NAMES[value.name], _text(value.wanted, value.unit), effective, f"{source}: {parts}" if parts else source


def _text(value: Value, unit: Unit) -> str:
    if value is None:
        return output.UNKNOWN
    if isinstance(value, int):
        return ENGLISH.bytes(value) if unit is Unit.BYTES else ENGLISH.count(value)
    return ", ".join(value) if isinstance(value, tuple) else value
