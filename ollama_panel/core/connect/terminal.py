"""Programs of a terminal: the `ollama` command and curl."""

from ollama_panel.core.connect import texts
from ollama_panel.core.connect.records import ClientSystem, Endpoint, Guide, Marks, Way
from ollama_panel.core.notices import notice


def ollama(endpoint: Endpoint) -> Guide:
    """Return the guide for Ollama's own command: it reads `OLLAMA_HOST`, and sends a key to ollama.com alone."""
    system = endpoint.system
    text = texts.variables({"OLLAMA_HOST": endpoint.url}, system) + texts.lines(
        [texts.words(system, "ollama", "run", endpoint.model, "Hello")]
    )
    return Guide(
        id="ollama",
        name="ollama",
        ways=(Way("terminal", notice("connect.way.terminal"), text, texts.shell(system)),),
        version="0.32.15",
        source="https://github.com/ollama/ollama/blob/v0.32.15/api/client.go",
        running=notice("connect.running.terminal"),
        key=notice("connect.key.ollama"),
        timeout=notice("connect.timeout.none"),
        marks=Marks(processes=("ollama",), agents=("ollama/",)),
        sends_key=False,
    )


def curl(endpoint: Endpoint) -> Guide:
    """Return the guide for curl, which waits without end unless it is told how long."""
    return Guide(
        id="curl",
        name="curl",
        ways=(Way("terminal", notice("connect.way.terminal"), _curl(endpoint), texts.shell(endpoint.system)),),
        version="7.88",
        source="https://curl.se/docs/manpage.html",
        running=notice("connect.running.command"),
        key=notice("connect.key.bearer"),
        timeout=texts.told_timeout(endpoint, "--max-time"),
        marks=Marks(processes=("curl",), agents=("curl/",)),
    )


def _curl(endpoint: Endpoint) -> str:
    """Return the command. In PowerShell `curl` is another one, and its older versions drop the quotes of arguments."""
    system = endpoint.system
    windows = system is ClientSystem.WINDOWS
    body = texts.words(
        system, texts.json_line({"model": endpoint.model, "messages": [{"role": "user", "content": "Hello"}]})
    )
    call = ("curl.exe" if windows else "curl", f"{endpoint.url}/api/chat", "--max-time", str(endpoint.timeout.seconds))
    headers = [texts.words(system, "-H", f"{name}: {value}") for name, value in texts.bearer(endpoint).items()]
    if windows:
        return f"{body} | " + texts.command([texts.words(system, *call), *headers, "-d '@-'"], system)
    return texts.command([texts.words(system, *call), *headers, f"-d {body}"], system)
