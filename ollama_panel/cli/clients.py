"""`ollama-panel clients [list]|set`: who sends requests to the panel, who goes past it, and the rules for a client."""

from collections.abc import Iterator
from pathlib import Path

from ollama_panel.cli import output, panel_client, parsers, settings_file
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.bypass import BypassRecord, of_program
from ollama_panel.core.client_rules import USUAL_WEIGHT, lasting_name, rule_of
from ollama_panel.core.clients import ClientRecord
from ollama_panel.core.columns import aligned
from ollama_panel.core.ids import ClientId
from ollama_panel.core.notices.render import ENGLISH, render
from ollama_panel.core.panel_api import V1, Clients, SettingsChanged
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.text import printable

_PATH = f"{V1}/clients"
_EXAMPLES = """\
ollama-panel clients
ollama-panel clients list --json
ollama-panel clients set rag_indexer.py --class batch --limit 2
ollama-panel clients set rag_indexer.py --class none --weight 0.5"""
_NONE = "none"
"""Takes a rule away."""
_WORK = ("REQUESTS", "FAILED", "NO KEY", "RUN", "WAIT", "SHARE", "WAITED, P95")
_HEAD = ("CLIENT", "PROCESS", "FROM", "CLASS", *_WORK, "SEEN")
_PAST = ("PAST THE PANEL", "USER", "SERVER", "CONNECTIONS", "REQUESTS", "SEEN")


def register(commands: Commands) -> None:
    """Add the command with its actions."""
    purpose = "list who sends requests, and who goes past the panel"
    actions = parsers.actions_of(parsers.group(commands, "clients", purpose, _EXAMPLES))
    listed = parsers.add(
        actions,
        "list",
        "list the clients of the last ten minutes (the default action)",
        lambda one: show(one.state_dir, as_json=one.json),
    )
    parsers.add_json(listed)
    rule = parsers.add(actions, "set", "lay down the class, the weight and the limit of a client, at once", set_rule)
    rule.add_argument("name", metavar="NAME", help="as the list shows it, for all processes of that name")
    classes = [*(one.value for one in RequestClass), _NONE]
    rule.add_argument("--class", dest="request_class", choices=classes, help="the class of all its requests")
    rule.add_argument("--weight", type=float, metavar="W", help="its share of the time, 1 is that of any other client")
    rule.add_argument("--limit", dest="most", type=parsers.whole, metavar="N", help="N at once at most, 0 = any number")


def show(state_dir: Path | None, *, as_json: bool) -> int:
    """Print the clients, and who goes past the panel."""
    answer = panel_client.connect(state_dir).ask("GET", _PATH, query={"refresh": "true"})
    if as_json:
        output.print_json(answer.content)
        return 0
    print("\n".join(_lines(panel_client.decoded(answer, Clients))))
    return 0


def set_rule(chosen: PanelArguments) -> int:
    """Change the rule for a client, and print it and what that does."""
    if not chosen.name.strip():
        raise parsers.UsageError("NAME is empty: it must be the name of a client, as `ollama-panel clients` shows it")
    values = _values(chosen)
    if not values:
        raise parsers.UsageError("nothing to change: name at least one option")
    changed = panel_client.if_running(
        chosen.state_dir, lambda panel: panel.change("PATCH", f"{V1}/settings", SettingsChanged, values)
    )
    if changed is not None:
        _print_rule(changed.settings, chosen.name)
        settings_file.tell(changed.effects)
        return 0
    edited = settings_file.edit(chosen.state_dir, lambda settings: codec.change(settings, values))
    _print_rule(edited.settings, chosen.name)
    settings_file.tell_change(chosen.state_dir, edited.before, edited.settings)
    return 0


def _values(chosen: PanelArguments) -> dict[str, object]:
    """Return the settings to change by their keys; None takes an entry away."""
    name, values = lasting_name(ClientId(chosen.name)), dict[str, object]()
    if chosen.request_class is not None:
        values[f"scheduling.classes.{name}"] = None if chosen.request_class == _NONE else chosen.request_class
    if chosen.weight is not None:
        values[f"scheduling.weights.{name}"] = None if chosen.weight == USUAL_WEIGHT else chosen.weight
    if chosen.most is not None:
        values[f"scheduling.limits.{name}"] = chosen.most or None
    return values


def _print_rule(settings: Settings, name: str) -> None:
    rule = rule_of(settings.scheduling, ClientId(name))
    request_class = "as each request says" if rule.request_class is None else rule.request_class.value
    limit = "any number" if rule.limit is None else f"{rule.limit} at most"
    print(f"{lasting_name(ClientId(name))}: class {request_class}, weight {rule.weight:g}, at once {limit}")


def _lines(found: Clients) -> Iterator[str]:
    if found.clients:
        yield from aligned([_HEAD, *(_client(one, found.at) for one in found.clients)])
    else:
        yield "Nobody has sent a request within the last ten minutes."
    yield ""
    if found.bypassing_unknown is not None:
        yield render(found.bypassing_unknown)
    elif found.bypassing:
        yield from aligned([_PAST, *(_bypass(one, found.at) for one in found.bypassing)])
    elif found.bypassing is not None:
        yield "Nobody was seen who goes past the panel."
    else:
        yield "It was not looked yet who goes past the panel."


def _client(one: ClientRecord, now: float) -> tuple[str, ...]:
    return (
        printable(_name(one)),
        output.UNKNOWN if one.process is None else str(one.process.pid),
        printable(one.address) or output.UNKNOWN,
        _class(one) or output.UNKNOWN,
        str(one.requests),
        str(one.failed),
        str(one.turned_away),
        str(one.running),
        str(one.waiting),
        output.UNKNOWN if one.share is None else f"{one.share:.0%}",
        output.UNKNOWN if one.wait_p95_s is None else ENGLISH.seconds(round(one.wait_p95_s, 1)),
        _ago(one.last_seen, now),
    )


def _class(one: ClientRecord) -> str:
    """Return the class that is laid down for the client, else those of its requests."""
    return one.request_class.value if one.request_class else ", ".join(known.value for known in one.classes)


def _name(one: ClientRecord) -> str:
    """Return the client's name; an address with what its newest request says of its program."""
    agent = one.agent.split(" ", maxsplit=1)[0]
    return f"{one.name} ({agent})" if one.name == one.address and agent else one.name


def _bypass(one: BypassRecord, now: float) -> tuple[str, ...]:
    return (
        printable(render(of_program(one))),
        printable(one.user) or output.UNKNOWN,
        one.url,
        str(one.connections),
        output.UNKNOWN if one.requests is None else f"at least {one.requests}",
        _ago(one.last_seen, now),
    )


def _ago(seen: float, now: float) -> str:
    return f"{ENGLISH.seconds(round(max(0.0, now - seen)))} ago"
