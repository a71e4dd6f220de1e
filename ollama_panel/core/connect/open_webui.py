"""Open WebUI, in a container, as a program of Python, and in its own settings."""

from ollama_panel.core.connect import texts
from ollama_panel.core.connect.records import ClientSystem, Endpoint, Guide, Language, Marks, Way
from ollama_panel.core.notices import Notice, notice

_IMAGE = "ghcr.io/open-webui/open-webui:main"
_DATA = "open-webui:/app/backend/data"


def open_webui(endpoint: Endpoint) -> Guide:
    """Return the guide for Open WebUI.

    It keeps what was once set in its own settings, and then reads no variable any more. Unless AIOHTTP_CLIENT_TIMEOUT
    is set, it waits as long as it takes (`open_webui/env.py`); set, it would end downloads of models, too.
    """
    system, here = endpoint.system, _variables(endpoint, endpoint.url)
    python = texts.variables(here, system) + "open-webui serve\n"
    form = {"URL": endpoint.url, **texts.with_key(endpoint, **{"API Key": "{key}"})}
    return Guide(
        id="open-webui",
        name="Open WebUI",
        ways=(
            _docker(endpoint),
            _compose(endpoint),
            Way("pip", "pip", python, texts.shell(system)),
            Way(
                "settings",
                notice("connect.way.settings"),
                texts.fields(form),
                Language.FIELDS,
                note=_for_form(endpoint),
            ),
        ),
        version="0.12.4",
        source="https://docs.openwebui.com/reference/env-configuration",
        running=notice("connect.running.open_webui"),
        key=notice("connect.key.bearer"),
        timeout=notice("connect.timeout.unset", option="AIOHTTP_CLIENT_TIMEOUT"),
        marks=Marks(processes=("open-webui", "open_webui", "open_webui.main:app")),
    )


def _variables(endpoint: Endpoint, url: str) -> dict[str, str]:
    keyed = {"0": {"enable": True, "key": endpoint.key}}
    key = {"OLLAMA_API_CONFIGS": texts.json_line(keyed)} if endpoint.key else {}
    return {"OLLAMA_BASE_URL": url, **key}


def _docker(endpoint: Endpoint) -> Way:
    """Return the command. PowerShell's older versions drop the quotes of arguments, so those are in a variable."""
    system, values = endpoint.system, _variables(endpoint, texts.from_container(endpoint.url, endpoint.system))
    windows = system is ClientSystem.WINDOWS
    apart = {name: value for name, value in values.items() if windows and '"' in value}
    given = [name if name in apart else f"{name}={value}" for name, value in values.items()]
    parts = [
        texts.words(system, "docker", "run", "-d", "--name", "open-webui"),
        "--network=host" if _shares_network(endpoint) else "-p 3000:8080",
        *(texts.words(system, "-e", one) for one in given),
        texts.words(system, "-v", _DATA),
        "--restart always",
        _IMAGE,
    ]
    text = texts.variables(apart, system) + texts.command(parts, system)
    return Way("docker", "Docker", text, texts.shell(system), note=_where(endpoint))


def _compose(endpoint: Endpoint) -> Way:
    values = _variables(endpoint, texts.from_container(endpoint.url, endpoint.system))
    network = ["    network_mode: host"] if _shares_network(endpoint) else ["    ports:", '      - "3000:8080"']
    text = texts.lines(
        [
            "services:",
            "  open-webui:",
            f"    image: {_IMAGE}",
            *network,
            "    environment:",
            *(f"      {name}: {texts.quoted(value)}" for name, value in values.items()),
            "    volumes:",
            f"      - {_DATA}",
            "    restart: always",
            "volumes:",
            "  open-webui:",
        ]
    )
    return Way("compose", "Docker Compose", text, Language.YAML, "compose.yaml", _where(endpoint))


def _shares_network(endpoint: Endpoint) -> bool:
    return endpoint.system is ClientSystem.LINUX


def _where(endpoint: Endpoint) -> Notice:
    port = 8080 if _shares_network(endpoint) else 3000
    return notice("connect.note.open_webui", url=f"http://localhost:{port}")


def _for_form(endpoint: Endpoint) -> Notice:
    inside = texts.from_container(endpoint.url, endpoint.system)
    if inside == endpoint.url:
        return notice("connect.note.open_webui_settings")
    return notice("connect.note.open_webui_desktop", container=inside)
