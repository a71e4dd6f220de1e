"""`ollama-panel doctor`: what is wrong on a machine that runs Ollama, why, and how it is mended.

The running panel is asked; without one, or for another machine, the command looks itself.
"""

from argparse import ArgumentTypeError
from pathlib import Path

from ollama_panel.cli import apply_arguments, parsers
from ollama_panel.cli.parsers import Commands, PanelArguments, UsageError

NEWEST = "newest"
"""`--undo` without the id of a fix."""
_EXAMPLES = """\
ollama-panel doctor                                 # exit status: 0 fine, 1 warnings, 2 errors, 3 could not look
ollama-panel doctor --json
ollama-panel doctor --host ann@box                  # another machine, by ssh
ollama-panel doctor --fix network.panel-port        # shows what it does, asks, mends it and looks again
ollama-panel doctor --undo                          # takes the newest fix back
ollama-panel doctor --ignore network.open           # sets it aside; --show-again takes that back
ollama-panel doctor --bundle                        # a ZIP for whoever helps, without secrets; --preview prints it
ollama-panel doctor --facts facts.json              # judges a file of facts, as a bundle has it"""


def register(commands: Commands) -> None:
    """Add the command."""
    purpose = "look for what is wrong on this machine, or another one, and mend it"
    parser = parsers.add(commands, "doctor", purpose, _run, _EXAMPLES)
    parsers.add_json(parser)
    apply_arguments.add_host(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--fix", metavar="ID", type=_named, help="mend a finding, by its id in brackets")
    what.add_argument(
        "--undo", dest="back_to", metavar="ID", type=_named, nargs="?", const=NEWEST, help="take a fix back"
    )
    what.add_argument("--ignore", metavar="ID", type=_named, help="set a finding aside")
    what.add_argument("--show-again", metavar="ID", type=_named, help="show it again")
    what.add_argument("--bundle", metavar="FILE", nargs="?", const="", help="write a support bundle, without secrets")
    what.add_argument("--facts", metavar="FILE", type=Path, help="judge a file of facts, and no machine")
    parser.add_argument("--preview", action="store_true", help="with --fix, --undo or --bundle: only show it")
    parser.add_argument("--now", action="store_true", help="restart without waiting until no client is at work")
    parser.add_argument("--yes", action="store_true", help="do not ask, for scripts")


def _named(name: str) -> str:
    """Return the id of a finding or of a fix."""
    if not name.strip():
        raise ArgumentTypeError("an id is needed; `ollama-panel doctor` shows them in brackets")
    return name


def _run(chosen: PanelArguments) -> int:
    _require(chosen)
    from ollama_panel.cli.doctor_command import run  # with all checks, which other commands need not wait for

    return run(chosen)


def _require(chosen: PanelArguments) -> None:
    apply_arguments.require_host(chosen)
    acts = bool(chosen.fix or chosen.back_to)
    if (chosen.now or chosen.yes) and not acts:
        raise UsageError("--now and --yes belong to --fix or --undo")
    if chosen.preview and not (acts or chosen.bundle is not None):
        raise UsageError("--preview belongs to --fix, --undo or --bundle")
    if chosen.facts is not None and chosen.host:
        raise UsageError("--facts judges a file: --host excludes it")
    if chosen.json and (acts or chosen.bundle is not None):
        raise UsageError("--json belongs to what is found")
