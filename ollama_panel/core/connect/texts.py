"""Text that programs read: values quoted for the language around them, so that no name can break out of it."""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ollama_panel.core.connect.records import ClientSystem, Endpoint, Language
from ollama_panel.core.notices import Notice, joined, notice

NO_KEY = "none"
"""What programs get that refuse to start without a key, where none is needed."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def openai_url(url: str) -> str:
    """Return the base URL of OpenAI's dialect."""
    return f"{url}/v1"


def is_loopback_url(url: str) -> bool:
    """Return whether an address leads to the machine of whoever uses it."""
    return urlsplit(url).hostname in _LOOPBACK


def from_container(url: str, system: ClientSystem) -> str:
    """Return an address as a container on the same machine reaches it.

    On Linux that is the same if it shares the machine's network (`--network=host`). Docker Desktop on a Mac and on
    Windows runs containers in a virtual machine, where `host.docker.internal` leads to the loopback address of the
    computer (docs.docker.com/desktop/features/networking).
    """
    parts = urlsplit(url)
    if system is ClientSystem.LINUX or not is_loopback_url(url):
        return url
    return urlunsplit(parts._replace(netloc=f"host.docker.internal:{parts.port}"))


def tool_model(endpoint: Endpoint) -> str:
    """Return the model for an agent, which calls tools: one that cannot is refused by Ollama."""
    return endpoint.tool_model or endpoint.model


def no_tools(endpoint: Endpoint, program: str) -> Notice | None:
    """Return that a program will be refused because no model here can use tools, None if one can."""
    return None if endpoint.tool_model else notice("connect.note.no_tools", program=program)


def quoted(value: str) -> str:
    """Return a text as a literal of Python, JavaScript, JSON, YAML and TOML, all of which read JSON's strings."""
    return json.dumps(value, ensure_ascii=False)


def json_text(value: Any) -> str:
    """Return JSON for people, with a line break at its end."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def json_line(value: Any) -> str:
    """Return JSON in one line."""
    return json.dumps(value, ensure_ascii=False)


def command(parts: Sequence[str], system: ClientSystem) -> str:
    """Return a command with a line for each further part; the words in one part stay together."""
    return (" `\n  " if system is ClientSystem.WINDOWS else " \\\n  ").join(parts) + "\n"


def words(system: ClientSystem, *values: str) -> str:
    """Return words of a command, quoted for PowerShell on Windows, else for a POSIX shell."""
    if system is ClientSystem.WINDOWS:
        return " ".join(_for_powershell(value) for value in values)
    return shlex.join(values)


def shell(system: ClientSystem) -> Language:
    """Return the language of a terminal's commands."""
    return Language.POWERSHELL if system is ClientSystem.WINDOWS else Language.SHELL


def variables(values: Mapping[str, str], system: ClientSystem) -> str:
    """Return lines that set variables of the environment."""
    if system is ClientSystem.WINDOWS:
        return lines([f"$env:{name} = {_literal(value)}" for name, value in values.items()])
    return lines([f"export {name}={shlex.quote(value) if value else ''}" for name, value in values.items()])


def with_key(endpoint: Endpoint, **values: str) -> dict[str, str]:
    """Return values that are there only if a key is needed: in each, `{key}` is the key."""
    return {name: value.replace("{key}", endpoint.key) for name, value in values.items()} if endpoint.key else {}


def bearer(endpoint: Endpoint) -> dict[str, str]:
    """Return the header that carries the key, none if no key is needed."""
    return {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}


def lines(parts: Sequence[str | None]) -> str:
    """Return lines as one text; None are left out."""
    return "".join(f"{part}\n" for part in parts if part is not None)


def fields(values: Mapping[str, str]) -> str:
    """Return values to type into a form, a line for each field of its own name."""
    return lines([f"{name}: {value}" for name, value in values.items()])


def longer_timeout(endpoint: Endpoint, own_s: int) -> int | None:
    """Return the time-out for a program that waits `own_s` by itself, None if that is longer: nobody shortens it."""
    return endpoint.timeout.seconds if endpoint.timeout.seconds > own_s else None


def told_timeout(endpoint: Endpoint, option: str, own_s: int | None = None) -> Notice:
    """Return what is said of a program's `option`, with the arithmetic; it waits `own_s` by itself, None = for ever."""
    why = endpoint.timeout.why
    if own_s is None:
        return joined(notice("connect.timeout.option", option=option), why)
    if endpoint.timeout.seconds < own_s:
        return joined(why, notice("connect.timeout.own_longer", own=float(own_s)))
    return joined(notice("connect.timeout.own", option=option, own=float(own_s)), why)


def _for_powershell(value: str) -> str:
    plain = value.replace("-", "").replace("_", "").replace(".", "").replace("/", "").replace(":", "").isalnum()
    return value if plain and value.isascii() else _literal(value)


def _literal(value: str) -> str:
    escaped = value.replace("'", "''")
    return f"'{escaped}'"
