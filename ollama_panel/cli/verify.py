"""`ollama-panel verify TARGET`: whether an export is in force, here or on another machine; it only reads."""

from ollama_panel.cli import apply_arguments, exported, parsers
from ollama_panel.cli.parsers import PanelArguments

_EXAMPLES = """\
ollama-panel verify systemd                        # this machine
ollama-panel verify systemd-units --host ann@box   # another one, by the system's ssh"""


def register(commands: parsers.Commands) -> None:
    """Add the command."""
    purpose = "say whether an export is in force where Ollama runs: each value, with the line that proves it"
    parser = parsers.add(commands, "verify", purpose, _run, _EXAMPLES)
    parser.add_argument("target", metavar="TARGET", help="one of `ollama-panel export`")
    apply_arguments.add_host(parser)
    exported.add_options(parser)


def _run(chosen: PanelArguments) -> int:
    from ollama_panel.cli import export_apply

    apply_arguments.require_host(chosen)
    return export_apply.verify(chosen, exported.maker(chosen))
