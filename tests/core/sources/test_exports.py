"""What the panel exports, it reads back: the very variables of each worker, for every target that can carry them."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import example, given

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import Export
from ollama_panel.core.export.deployment import ExportFile, Target
from ollama_panel.core.sources import codes, read
from ollama_panel.core.sources.kinds import kind_of
from ollama_panel.core.sources.record import Reading, Source, SourceKind, TextFile
from tests.core.export.hostile import environments
from tests.core.export.samples import TRICKY, exported, pools
from tests.core.export.test_hostile import BLANKS, CARRYING, LONG, may_be_refused

SET_BY_TARGET = {"OLLAMA_HOST", "OLLAMA_MODELS", "OLLAMA_NOPRUNE"}
"""What a target makes of its own: in a container the server listens everywhere, and each has a store of its own."""


def text_file(file: ExportFile) -> TextFile:
    return TextFile(file.place or file.name, file.text)


def whole(kind: SourceKind) -> Callable[[Export], list[Source]]:
    """Return a way to read all files of an export as one source."""
    return lambda export: [Source(kind, tuple(map(text_file, export.files)))]


def each(kind: SourceKind, ending: str = "") -> Callable[[Export], list[Source]]:
    """Return a way to read each file of an export as a source."""
    return lambda export: [Source(kind, (text_file(file),)) for file in export.files if file.name.endswith(ending)]


def units(export: Export) -> list[Source]:
    """Return a source for each unit: those of the export are in different files."""
    found = [file for file in export.files if file.name.endswith((".conf", ".service"))]
    return [Source(SourceKind.SYSTEMD, (text_file(file),)) for file in found]


SOURCES: dict[str, Callable[[Export], list[Source]]] = {
    "systemd": units,
    "systemd-units": units,
    "launchd": each(SourceKind.LAUNCH_AGENT),
    "launchd-app": each(SourceKind.LAUNCH_AGENT),
    "homebrew": each(SourceKind.ENVIRONMENT_FILE),
    "windows": each(SourceKind.POWERSHELL),
    "shell": whole(SourceKind.SHELL),
    "fish": whole(SourceKind.FISH),
    "env": each(SourceKind.ENVIRONMENT_FILE),
    "compose": whole(SourceKind.COMPOSE),
    "quadlet": each(SourceKind.QUADLET, ".container"),
    "docker": whole(SourceKind.DOCKER_RUN),
    "kubernetes": whole(SourceKind.KUBERNETES),
    "helm": each(SourceKind.HELM),
    "nix": whole(SourceKind.NIX),
    "ansible": whole(SourceKind.ANSIBLE),
    "json": whole(SourceKind.PANEL),
}

with_variables = pytest.mark.parametrize("target", CARRYING, ids=lambda target: target.id)


def readings(export: Export) -> list[Reading]:
    return [read(source) for source in SOURCES[export.target](export)]


def own(variables: Mapping[str, str]) -> dict[str, str]:
    """Return variables without those that a target sets itself, and those that are empty, as an unset one is."""
    return {name: value for name, value in variables.items() if name not in SET_BY_TARGET and value}


def wanted(export: Export) -> list[dict[str, str]]:
    """Return the variables of the workers."""
    return [own(worker.environment) for worker in export.workers]


def test_every_target_that_carries_variables_is_read() -> None:
    assert SOURCES.keys() == {target.id for target in CARRYING}


@with_variables
@given(environment=environments)
@example(environment=LONG)
@example(environment={name: value for name, value in TRICKY.items() if value == value.strip(BLANKS)})
def test_what_is_exported_is_read_back(target: Target, environment: Mapping[str, str]) -> None:
    try:
        export = exported(target.id, pools(environment))
    except PanelError:
        assert may_be_refused(target, environment)
        return
    found = readings(export)
    assert [one.problem for one in found] == [None] * len(found)
    servers = [server for one in found for server in one.servers]
    assert [own(server.variables) for server in servers] == wanted(export)


@with_variables
def test_an_export_is_known_by_its_paths_and_texts(target: Target) -> None:
    found = SOURCES[target.id](exported(target.id, pools({"A": "1"})))
    assert [kind_of(one.path, one.files[0].text) for one in found] == [one.kind for one in found]


@with_variables
def test_an_export_has_no_mistakes(target: Target) -> None:
    found = readings(exported(target.id, pools({"OLLAMA_KEEP_ALIVE": "24h", "OLLAMA_FLASH_ATTENTION": "1"})))
    wrong = {mistake.code for one in found for mistake in one.mistakes}
    assert wrong <= ({codes.RESTART_NEEDED} if target.id == "windows" else set())
