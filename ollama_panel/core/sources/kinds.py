"""The format of a source, by its path and by what is in it."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ollama_panel.core.sources.machine import shell
from ollama_panel.core.sources.record import SourceKind

_SECTION = re.compile(r"^[ \t]*(?:[#;][ \t]*)?\[(?:Unit|Service|Install)\][ \t\r]*$", re.MULTILINE)
_OF_SERVICE = re.compile(r"^[ \t]*(?:Environment|EnvironmentFile|ExecStart)=", re.MULTILINE)
_CONTAINER = re.compile(r"^[ \t]*\[Container\][ \t\r]*$", re.MULTILINE)
_REGISTRY = re.compile(r"^[ \t]*HKEY_\w+\\|^ {4}\S+ {4}REG_\w+ ", re.MULTILINE)
_RUNS_CONTAINER = re.compile(r"\b(?:docker|podman|nerdctl)\s+(?:container\s+)?(?:run|create)\b")
_CONTINUED = re.compile(r"\\\r?\n")
_SETS_SESSION = re.compile(r"\blaunchctl\s+setenv\s")
_FISH = re.compile(r"^[ \t]*set\s+(?:-\w+\s+|--\w+\s+)+\w+|^SETUVAR\s", re.MULTILINE)
_POWERSHELL = re.compile(r"\$env:\w+\s*=|\[(?:System\.)?Environment\]::SetEnvironmentVariable", re.IGNORECASE)
_BATCH = re.compile(r"^[ \t]*@?(?:echo off|set \"?\w+=|setx \w+)", re.IGNORECASE | re.MULTILINE)
_SHELL = re.compile(r"^[ \t]*(?:export\s+\w+|\w+=\S*\s+\S*ollama\b|\S*ollama\s+serve)", re.MULTILINE)
_APP = frozenset(("expose", "browser", "models", "contextlength", "airplanemode"))
_ENDINGS: Mapping[str, SourceKind] = {
    ".container": SourceKind.QUADLET,
    ".plist": SourceKind.LAUNCH_AGENT,
    ".nix": SourceKind.NIX,
    ".fish": SourceKind.FISH,
    ".bat": SourceKind.BATCH,
    ".cmd": SourceKind.BATCH,
    ".ps1": SourceKind.POWERSHELL,
    ".psm1": SourceKind.POWERSHELL,
    ".service": SourceKind.SYSTEMD,
}
_NAMES: tuple[tuple[re.Pattern[str], SourceKind], ...] = (
    (re.compile(r"\.container\.d/[^/]+\.conf$"), SourceKind.QUADLET),
    (re.compile(r"\.service\.d/[^/]+\.conf$"), SourceKind.SYSTEMD),
    (re.compile(r"(^|/)etc/(default|sysconfig)/"), SourceKind.ENVIRONMENT_FILE),
    (re.compile(r"(^|/)etc/conf\.d/"), SourceKind.SHELL),
    (re.compile(r"(^|/)environment$|/environment\.d/|(^|/)\.pam_environment$"), SourceKind.ENVIRONMENT_FILE),
    (re.compile(r"(^|/|[\w-]+)\.env(\.[\w-]+)?$"), SourceKind.ENVIRONMENT_FILE),
    (re.compile(r"(^|/)fish_variables$"), SourceKind.FISH),
    (re.compile(r"\.ollama[/\\]server\.json$"), SourceKind.OLLAMA_FILE),
)
_COMMANDS: tuple[tuple[str, SourceKind], ...] = (
    ("reg query", SourceKind.REGISTRY),
    ("docker inspect", SourceKind.DOCKER_INSPECT),
    ("podman inspect", SourceKind.DOCKER_INSPECT),
    ("docker container inspect", SourceKind.DOCKER_INSPECT),
    ("podman container inspect", SourceKind.DOCKER_INSPECT),
    ("midclt call", SourceKind.TRUENAS),
    ("launchctl", SourceKind.LAUNCHCTL),
    ("systemctl cat", SourceKind.SYSTEMD),
)
"""What prints a text, where its path is a command."""


def kind_of(path: str, text: str) -> SourceKind | None:
    """Return the format of a file, or of what a command prints; None = it is none of those that can be read.

    The name of the file decides where it can be of one format alone; else the text does.
    """
    name = re.split(r"[/\\]", path)[-1].lower()
    for command, kind in _COMMANDS:
        if path.startswith(command):
            return kind
    return _by_name(path, name) or _by_ending(path, name, text) or _by_text(text)


def _by_name(path: str, name: str) -> SourceKind | None:
    ending = next((kind for end, kind in _ENDINGS.items() if name.endswith(end)), None)
    return ending or next((kind for pattern, kind in _NAMES if pattern.search(path)), None)


def _by_ending(path: str, name: str, text: str) -> SourceKind | None:
    if name.endswith((".yml", ".yaml")):
        return _of_yaml(text)
    if name.endswith(".json"):
        return _of_json(text)
    if name.endswith(".xml"):
        return _of_xml(text)
    if shell.is_profile(path) or name.endswith((".sh", ".bash", ".zsh")):
        return _of_script(text)
    return None


def _by_text(text: str) -> SourceKind | None:
    """Return the format of a text whose path says nothing: the first that it can only be."""
    start = text.removeprefix("\ufeff").lstrip()
    if start.startswith("#!"):
        line = start.partition("\n")[0]
        return SourceKind.FISH if "fish" in line else SourceKind.POWERSHELL if "pwsh" in line else _of_script(text)
    for begins, of_text in (("<", _of_xml), ("{", _of_json), ("[{", _of_json), ("[\n", _of_json)):
        if start.startswith(begins) and (found := of_text(text)) is not None:
            return found
    return next((kind for fits, kind in _TEXTS if fits(text)), None) or _of_yaml(text)


def _of_script(text: str) -> SourceKind:
    if _runs_container(text):
        return SourceKind.DOCKER_RUN
    return SourceKind.LAUNCHCTL if _SETS_SESSION.search(text) else SourceKind.SHELL


def _runs_container(text: str) -> bool:
    """Return whether a command runs a container of something that has to do with Ollama."""
    for line in _CONTINUED.sub(" ", text).split("\n"):
        found = _RUNS_CONTAINER.search(line)
        if found is not None and "ollama" in line[found.end() :]:
            return True
    return False


def _of_xml(text: str) -> SourceKind | None:
    if re.search(r"<Container\b", text) and re.search(r"<(?:Config|Repository)\b", text):
        return SourceKind.UNRAID
    return SourceKind.LAUNCH_AGENT if re.search(r"<plist\b|<!DOCTYPE plist", text) else None


def _of_yaml(text: str) -> SourceKind | None:
    """Return the format by the keys that stand at the left, and by those that only one format has."""

    def has(*keys: str) -> bool:
        return any(re.search(rf"^{key}:", text, re.MULTILINE) for key in keys)

    kind = None
    if (
        re.search(r"^-?[ \t]*(?:hosts|tasks|ansible\.builtin\.\w+|roles):", text, re.MULTILINE)
        and "services:" not in text
    ):
        kind = SourceKind.ANSIBLE
    elif has("services"):
        kind = SourceKind.COMPOSE
    elif re.search(r"^[ \t]*additional_envs:|^ollamaConfig:", text, re.MULTILINE):
        kind = SourceKind.TRUENAS
    elif has("apiVersion", "kind") or re.search(r"^[ \t]*(?:-[ \t]+)?containers:[ \t\r]*$", text, re.MULTILINE):
        kind = SourceKind.KUBERNETES
    elif has("ollama", "extraEnv", "extraEnvVars") and not has("pools"):
        kind = SourceKind.HELM
    return kind


def _of_json(text: str) -> SourceKind | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    first = found[0] if isinstance(found, list) and found else found
    if not isinstance(first, dict):
        return None
    return next((kind for fits, kind in _OBJECTS if fits(first)), None)


def _is_app(found: dict[str, Any]) -> bool:
    inner = found.get("settings", found)
    keys = {key.lower().replace("_", "") for key in inner} if isinstance(inner, dict) else set[str]()
    return len(keys & _APP) > 1


def _is_of_variables(text: str) -> bool:
    """Return whether all lines are variables or comments."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith(("#", ";"))]
    return bool(lines) and all(re.match(r"(?:export\s+)?[A-Za-z_]\w*=", line) for line in lines)


_OBJECTS: tuple[tuple[Callable[[dict[str, Any]], bool], SourceKind], ...] = (
    (lambda found: "Config" in found and ("Image" in found or "HostConfig" in found), SourceKind.DOCKER_INSPECT),
    (lambda found: "disable_ollama_cloud" in found, SourceKind.OLLAMA_FILE),
    (lambda found: "instances" in found or "pools" in found, SourceKind.PANEL),
    (lambda found: "services" in found, SourceKind.COMPOSE),
    (lambda found: "apiVersion" in found and "kind" in found, SourceKind.KUBERNETES),
    (lambda found: "additional_envs" in json.dumps(found) or "ollamaConfig" in found, SourceKind.TRUENAS),
    (_is_app, SourceKind.APP),
    (lambda found: "ollama" in found or "extraEnv" in found, SourceKind.HELM),
)
_TEXTS: tuple[tuple[Callable[[str], object], SourceKind], ...] = (
    (_CONTAINER.search, SourceKind.QUADLET),
    (_SECTION.search, SourceKind.SYSTEMD),
    (_REGISTRY.search, SourceKind.REGISTRY),
    (_POWERSHELL.search, SourceKind.POWERSHELL),
    (lambda text: _runs_container(text), SourceKind.DOCKER_RUN),
    (_SETS_SESSION.search, SourceKind.LAUNCHCTL),
    (_FISH.search, SourceKind.FISH),
    (_BATCH.search, SourceKind.BATCH),
    (lambda text: re.search(r"services\.ollama\s*[.=]", text), SourceKind.NIX),
    (_SHELL.search, SourceKind.SHELL),
    (_OF_SERVICE.search, SourceKind.SYSTEMD),
    (_is_of_variables, SourceKind.ENVIRONMENT_FILE),
)
