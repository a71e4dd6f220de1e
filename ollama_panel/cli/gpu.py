"""`ollama-panel gpu`: the GPU for a game or another program, and back."""

from collections.abc import Iterator

from ollama_panel.cli import output, panel_client, parsers
from ollama_panel.cli.panel_client import Query
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.gpu_yield import YieldRecord, YieldState
from ollama_panel.core.gpu_yield_told import refused
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.panel_api import V1
from ollama_panel.core.text import printable

PATH = f"{V1}/gpu"
_RELEASE = """\
ollama-panel gpu release --wait && steam    # starts a game once the memory is free
ollama-panel gpu release --cut              # does not wait for answers that are being written"""


def register(commands: Commands) -> None:
    """Add the command with its actions."""
    parser = parsers.group(commands, "gpu", "give the GPU to other programs, and take it back")
    actions = parsers.actions_of(parser)
    parsers.add_json(parsers.add(actions, "status", "show who has the GPU", lambda one: _tell(one, "GET", "")))
    purpose = "unload all models and let requests wait, so that other programs have the GPU"
    release = parsers.add(actions, "release", purpose, _release, _RELEASE)
    release.add_argument("--cut", action="store_true", help="end the answers that run; those without a word wait again")
    release.add_argument("--wait", action="store_true", help="return when the memory is free")
    parsers.add_json(release)
    purpose = "take the GPU back: requests that wait are answered in their order"
    parsers.add_json(parsers.add(actions, "resume", purpose, lambda one: _tell(one, "POST", "/resume")))


def _release(chosen: PanelArguments) -> int:
    query: Query = {name: "true" for name in ("cut", "wait") if getattr(chosen, name)}
    return _tell(chosen, "POST", "/release", query)


def _tell(chosen: PanelArguments, method: str, path: str, query: Query | None = None) -> int:
    panel = panel_client.connect(chosen.state_dir)
    answer = panel.ask(method, PATH + path, query=query or {}, patient=bool(query and "wait" in query))
    if chosen.json:
        output.print_json(answer.content)
        return 0
    print("\n".join(map(printable, lines(panel_client.decoded(answer, YieldRecord)))))
    return 0


def lines(record: YieldRecord) -> Iterator[str]:
    """Yield what a record says."""
    if record.told is None:
        yield render(refused(record.program) if record.refused else notice("gpu_yield.serving"))
        return
    yield render(record.told)
    if record.state is YieldState.YIELDED:
        yield render(notice("gpu_yield.freed", size=record.freed, waiting=record.waiting))
    else:
        yield render(notice("gpu_yield.to_end", running=record.running, waiting=record.waiting))
    yield from map(render, record.notes)
