"""`ollama-panel environment [list]|explain|check|presets|apply`: the variables of Ollama, and presets of them."""

import argparse
import sys
import textwrap
from collections.abc import Iterator, Sequence

import msgspec

from ollama_panel.cli import output, panel_client, parsers, pools
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.columns import aligned
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama import environment_answer, environment_presets
from ollama_panel.core.ollama.environment import check, check_pool, find
from ollama_panel.core.ollama.environment_answer import EnvironmentAnswer, KnownPreset, KnownVariable
from ollama_panel.core.ollama.versions import NEWEST, numbers
from ollama_panel.core.panel_api import V1

_PATH = f"{V1}/environment"
_WIDTH = 100
_EXAMPLES = """\
ollama-panel environment
ollama-panel environment explain OLLAMA_KV_CACHE_TYPE
ollama-panel environment check OLLAMA_GPU_OVERHEAD=1024 HSA_OVERRIDE_GFX_VERSION=gfx1030
ollama-panel environment presets
ollama-panel environment apply kv-q8_0 chat --dry-run
ollama-panel environment apply gpu-nvidia chat 0,1"""


def register(commands: Commands) -> None:
    """Add the command with its actions."""
    purpose = "explain, check and set the environment variables of Ollama"
    actions = parsers.actions_of(parsers.group(commands, "environment", purpose, _EXAMPLES))
    listed = parsers.add(actions, "list", "list the variables (the default action)", show)
    parsers.add_json(listed)
    _add_version(listed)
    one = parsers.add(actions, "explain", "tell all about variables", explain)
    one.add_argument("names", metavar="NAME", nargs="+", help="for example OLLAMA_KEEP_ALIVE")
    _add_version(one)
    checked = parsers.add(actions, "check", "say what Ollama would misread", check_values)
    checked.add_argument("env", metavar="NAME=VALUE", nargs="+", type=pools.variable, help="a variable with its value")
    _add_version(checked)
    presets = parsers.add(actions, "presets", "list the presets, with what they gain and cost", show_presets)
    parsers.add_json(presets)
    _add_version(presets)
    put = parsers.add(actions, "apply", "set the variables of a preset in a pool", apply)
    put.add_argument("preset", metavar="PRESET", help="one of those that `presets` lists")
    put.add_argument("name", metavar="POOL", help="which pool")
    put.add_argument("value", metavar="VALUE", nargs="?", default="", help="for a preset that asks for one")
    pools.add_dry_run(put)


def _add_version(parser: argparse.ArgumentParser) -> None:
    told = "for this version of Ollama, not that of the running panel"
    parser.add_argument("--for", dest="version", metavar="VERSION", help=told)


def _known(chosen: PanelArguments) -> EnvironmentAnswer:
    """Return what is known for the version that was named, or that the running panel has, or for the newest."""
    if chosen.version is not None:
        if not numbers(chosen.version):
            raise PanelError(notice("environment.no_version", given=chosen.version))
        return environment_answer.answer(chosen.version)
    found = panel_client.if_running(chosen.state_dir, lambda panel: panel.get(_PATH, EnvironmentAnswer))
    return found or environment_answer.answer(None)


def show(chosen: PanelArguments) -> int:
    """Print a table of all variables."""
    known = _known(chosen)
    if chosen.json:
        output.print_json(msgspec.json.encode(known))
    else:
        print("\n".join(_lines(known.variables)))
    return 0


def _lines(variables: Sequence[KnownVariable]) -> Iterator[str]:
    rows = [("VARIABLE", "TYPE", "DEFAULT", "OLLAMA", "RESTARTS", "TAKES EFFECT")]
    for one in variables:
        effect = output.UNKNOWN if one.unread or one.instead else one.reads.value
        versions = f"{one.since or output.UNKNOWN}..{one.until}" if one.until else one.since or output.UNKNOWN
        rows.append((one.name, one.kind.value, one.default or output.UNKNOWN, versions, one.restarts.value, effect))
    return aligned(rows)


def explain(chosen: PanelArguments) -> int:
    """Print all that is known of variables; the exit status is 1 if there is one that Ollama does not read."""
    version = _known(chosen).ollama_version or ""
    wrong = 0
    for name in chosen.names:
        known = find(name)
        if known is None:
            wrong = 1
            problem = check(name, "1")
            told = render(problem.notice) if problem else render(notice("environment.unknown", name=name))
            print(told, file=sys.stderr)
        else:
            print(_explained(KnownVariable.of(known, numbers(version)), version))
    return wrong


def _explained(one: KnownVariable, version: str) -> str:
    until = f"to {one.until}" if one.until else "and later"
    versions = f" Ollama {one.since} {until}." if one.since else ""
    default = f"default {one.default}" if one.default else "no default"
    paragraphs = [f"{render(one.values)}; {default}.{versions}", one.meaning, render(one.effect)]
    if one.unread is not None:
        paragraphs.append(f"Ollama {version} does not read it: {render(one.unread)}.")
    if one.instead is not None:
        paragraphs.append(f"It has no effect here: {render(one.instead).rstrip('.')}.")
    return "\n".join((one.name, *map(_indented, paragraphs)))


def _indented(text: str) -> str:
    return textwrap.fill(text[:1].upper() + text[1:], _WIDTH, initial_indent="    ", subsequent_indent="    ")


def check_values(chosen: PanelArguments) -> int:
    """Print what is wrong with values; the exit status is 1 if something is."""
    version = numbers(_known(chosen).ollama_version or "") or NEWEST
    problems = check_pool(dict(chosen.env or ()), version)
    for problem in problems:
        print(render(problem.notice), file=sys.stderr)
    return 1 if problems else 0


def show_presets(chosen: PanelArguments) -> int:
    """Print the presets."""
    known = _known(chosen)
    if chosen.json:
        output.print_json(msgspec.json.encode(known.presets))
    else:
        print("\n\n".join(_preset(one, known.ollama_version or "") for one in known.presets))
    return 0


def _preset(one: KnownPreset, version: str) -> str:
    variables = " ".join(f"{name}={value or 'VALUE'}" for name, value in one.variables.items())
    since = f" Ollama {one.since} and later." if one.since else ""
    paragraphs = [one.meaning, f"Gain: {one.gain}", f"Cost: {one.cost}", f"Sets {variables}.{since}"]
    if one.unread is not None:
        paragraphs.append(f"Nothing for Ollama {version}: {render(one.unread)}.")
    paragraphs.append(f"Numbers: {one.source}.")
    return "\n".join((f"{one.id}: {one.title}", *map(_indented, paragraphs)))


def apply(chosen: PanelArguments) -> int:
    """Set the variables of a preset in a pool, as `pools set --env` does."""
    preset = environment_presets.find(chosen.preset)
    chosen.env = tuple(environment_presets.applied(preset, {}, chosen.value).items())
    return pools.change(chosen)
