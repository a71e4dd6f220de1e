"""`ollama-panel requests [list]|cancel|first`: the requests of the running panel, the end of one, and who is next."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from ollama_panel.cli import output, panel_client, parsers
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.columns import aligned
from ollama_panel.core.notices.render import ENGLISH
from ollama_panel.core.panel_api import V1, Requests
from ollama_panel.core.snapshot import RequestRecord, RequestState
from ollama_panel.core.text import printable

_PATH = f"{V1}/requests"
_MOST = 50
_EXAMPLES = """\
ollama-panel requests
ollama-panel requests list --state waiting,running --limit 200
ollama-panel requests cancel 0f8a5c1e
ollama-panel requests first 0f8a5c1e"""


def register(commands: Commands) -> None:
    """Add the command with its actions."""
    purpose = "list requests, cancel one, or let one be the next"
    actions = parsers.actions_of(parsers.group(commands, "requests", purpose, _EXAMPLES))
    listed = parsers.add(
        actions,
        "list",
        "list the open requests and the last finished ones (the default action)",
        lambda one: show(one.state_dir, tuple(one.state), one.limit, as_json=one.json),
    )
    states = ", ".join(state.value for state in RequestState)
    listed.add_argument(
        "--state", type=parsers.choices(RequestState), default=(), metavar="A,B", help=f"only: {states}"
    )
    listed.add_argument("--limit", type=parsers.whole, default=_MOST, metavar="N", help=f"N at most ({_MOST})")
    parsers.add_json(listed)
    cancel_one = parsers.add(
        actions, "cancel", "cancel a request, waiting or running", lambda one: cancel(one.state_dir, one.name)
    )
    cancel_one.add_argument("name", metavar="ID", help="as the list shows it")
    first = parsers.add(actions, "first", "let a waiting request be the next", move)
    first.add_argument("name", metavar="ID", help="as the list shows it")
    first.add_argument("--back", action="store_true", help="put it back at its former place instead")


def show(state_dir: Path | None, states: tuple[RequestState, ...], limit: int, *, as_json: bool) -> int:
    """Print requests: those that run, those that wait, then the last finished ones."""
    query: panel_client.Query = {"limit": min(limit, 1000)}
    if states:
        query = {**query, "state": ",".join(state.value for state in states)}
    answer = panel_client.connect(state_dir).ask("GET", _PATH, query=query)
    found = panel_client.decoded(answer, Requests)
    if as_json:
        output.print_json(answer.content)
        return 0
    print("\n".join(_lines(found)))
    if found.requests and len(found.requests) == limit:
        print(f"There may be more than these {limit}: --limit shows more.")
    return 0


def cancel(state_dir: Path | None, request: str) -> int:
    """Cancel a request."""
    panel_client.connect(state_dir).ask("DELETE", f"{_PATH}/{quote(request, safe='')}")
    print(f"{request} is cancelled.")
    return 0


def move(chosen: PanelArguments) -> int:
    """Move a waiting request to the front of the queue, or back."""
    path = f"{_PATH}/{quote(chosen.name, safe='')}/front"
    panel_client.connect(chosen.state_dir).ask("DELETE" if chosen.back else "POST", path)
    print(f"{chosen.name} {'is back at its former place' if chosen.back else 'is the next'}.")
    return 0


def _lines(found: Requests) -> Iterator[str]:
    head = ("ID", "STATE", "CLASS", "CLIENT", "MODEL", "INSTANCE", "WAITED", "RAN", "TOKENS")
    return aligned([head, *(_row(one, found.at) for one in found.requests)])


def _row(one: RequestRecord, now: float) -> tuple[str, ...]:
    end = now if one.finished is None else one.finished
    waited = (end if one.dispatched is None else one.dispatched) - one.arrived
    return (
        printable(one.id),
        one.state.value,
        one.request_class.value,
        printable(one.client),
        printable(one.model) or output.UNKNOWN,
        one.instance or output.UNKNOWN,
        ENGLISH.seconds(round(waited, 1)),
        output.UNKNOWN if one.dispatched is None else ENGLISH.seconds(round(end - one.dispatched, 1)),
        output.UNKNOWN if one.output_tokens is None else str(one.output_tokens),
    )
