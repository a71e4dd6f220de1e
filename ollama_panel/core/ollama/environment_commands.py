"""The variables that no server reads, but Ollama's commands and its desktop app: they change nothing in a pool."""

from ollama_panel.core.ollama.environment_kinds import Kind, Restarts, Variable


def _read(name: str, meaning: str, since: str, until: str = "", kind: Kind = Kind.TEXT, default: str = "") -> Variable:
    return Variable(f"OLLAMA_{name}", kind, default, meaning, since, until, restarts=Restarts.NOTHING)


COMMANDS = (
    _read("API_KEY", "The key of ollama.com, for Ollama's commands.", "0.23.0"),
    _read("EDITOR", "The editor of the command line.", "0.16.0"),
    _read("NOHISTORY", "The command line keeps no history.", "0.1.39", kind=Kind.SWITCH, default="0"),
    _read("SKILLS", "The folder with instructions for Ollama's agent.", "0.32.2"),
    _read("AGENT_DISABLE_SHELL", "Ollama's agent runs no commands.", "0.32.0"),
    _read("AGENT_DISABLE_WEBSEARCH", "Ollama's agent does not search the web.", "0.14.0"),
    _read("AGENT_DISABLE_BASH", "Ollama's agent runs no commands.", "0.14.0", "0.31.1"),
    _read("LAUNCH_DSH_API_KEY", "The key that a program started by Ollama gets.", "0.32.11"),
    _read("APP_DB_PATH", "Where the desktop app keeps its data.", "0.32.15"),
    _read("CORS", "Lets web pages call the desktop app, for its developers.", "0.12.10", kind=Kind.SWITCH, default="0"),
    _read("DOT_COM_URL", "The address of ollama.com, for the desktop app's developers.", "0.12.10"),
    _read("UPDATE_URL", "Where the desktop app looked for updates.", "0.12.10", "0.22.1"),
)
