"""`ollama-panel record [status]|on|off|save`: the recording of the run of the running panel."""

from collections.abc import Callable, Iterator
from pathlib import Path

from ollama_panel.cli import output, panel_client, parsers
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.columns import aligned
from ollama_panel.core.notices.render import ENGLISH, render
from ollama_panel.core.panel_api import V1
from ollama_panel.core.recording import RecordingRecord, SavedRecording

_PATH = f"{V1}/recording"
_EXAMPLES = """\
ollama-panel record on
ollama-panel record save          # the last ten minutes, although nothing was recorded
ollama-panel bench replay FILE"""
_PURPOSES = {
    "status": ("say whether the run is recorded (the default action)", "GET"),
    "on": ("begin a recording, now and at each start: names of clients and models, lengths, times, no content", "POST"),
    "off": ("end the recording", "DELETE"),
}


def register(commands: Commands) -> None:
    """Add the command with its actions."""
    purpose = "record what happens, to replay it: names, lengths and times, no content"
    actions = parsers.actions_of(parsers.group(commands, "record", purpose, _EXAMPLES))
    for name, (told, method) in _PURPOSES.items():
        parsers.add_json(parsers.add(actions, name, told, _asking(method)))
    saving = "save the last ten minutes, also if nothing was recorded"
    parsers.add_json(parsers.add(actions, "save", saving, lambda one: _save(one.state_dir, as_json=one.json)))


def _asking(method: str) -> Callable[[PanelArguments], int]:
    return lambda one: _show(one.state_dir, method, as_json=one.json)


def _show(state_dir: Path | None, method: str, *, as_json: bool) -> int:
    answer = panel_client.connect(state_dir).ask(method, _PATH)
    if as_json:
        output.print_json(answer.content)
        return 0
    print("\n".join(_lines(panel_client.decoded(answer, RecordingRecord))))
    return 0


def _lines(record: RecordingRecord) -> Iterator[str]:
    size = f"{ENGLISH.bytes(record.size)} of {ENGLISH.bytes(record.most)}"
    taken = output.UNKNOWN if record.taken is None else ENGLISH.bytes(record.taken)
    yield from aligned(
        [
            ("Recording:", f"on, {size}" if record.on else "off"),
            ("File:", record.path or output.UNKNOWN),
            ("Could be saved:", f"the last {ENGLISH.count(record.recent_s)} s"),
            ("All recordings:", taken),
        ]
    )
    if record.problem is not None:
        yield render(record.problem)


def _save(state_dir: Path | None, *, as_json: bool) -> int:
    answer = panel_client.connect(state_dir).ask("POST", f"{_PATH}/save", patient=True)
    if as_json:
        output.print_json(answer.content)
        return 0
    saved = panel_client.decoded(answer, SavedRecording)
    seconds, size = ENGLISH.count(saved.seconds), ENGLISH.bytes(saved.size)
    print(f"{saved.path} has the last {seconds} s: {output.counted(saved.events, 'event')}, {size}.")
    print(f"ollama-panel bench replay {saved.path} shows them. It names clients and models, and has no content.")
    return 0
