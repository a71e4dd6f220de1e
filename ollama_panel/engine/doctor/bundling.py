"""Makes the support bundle of this machine: what the doctor has, the panel's settings, and the ends of the logs."""

import asyncio
import contextlib
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from ollama_panel import __version__
from ollama_panel.core.doctor.bundle import files_of
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.findings import BundleFile, DoctorRecord
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine import instance_log_files
from ollama_panel.engine.files import read_file
from ollama_panel.engine.paths import Paths

MOST_LINES = 1000
EVIDENCE_TAKEN = 3
"""So many folders of evidence are taken, the newest."""
_MOST_BYTES = 512 * 1024


async def made(
    record: DoctorRecord, facts: Facts, paths: Paths, settings: Settings, logs: Mapping[str, Sequence[str]]
) -> tuple[BundleFile, ...]:
    """Return the files of a bundle; `logs` are those of the instances, of which the last lines are taken.

    The files of their logs have more: also of former instances, of earlier runs, and the times.
    """
    own = await asyncio.to_thread(last_lines, paths.log)
    written = await asyncio.to_thread(_of_instances, paths.logs)
    every = {paths.log.name: own, **logs, **written}
    ends = {name: tuple(log[-MOST_LINES:]) for name, log in every.items() if log}
    evidence = await asyncio.to_thread(newest_evidence, paths.evidence)
    return await asyncio.to_thread(files_of, record, facts, settings, ends, _versions(facts), evidence)


def newest_evidence(folder: Path) -> dict[tuple[str, str], str]:
    """Return the files of the newest folders of evidence, by folder and name; without those that cannot be read.

    Blocks.
    """
    found = dict[tuple[str, str], str]()
    with contextlib.suppress(OSError):
        newest = sorted(one for one in folder.iterdir() if one.is_dir())[-EVIDENCE_TAKEN:]
        for file in (file for one in newest for file in sorted(one.iterdir())):
            with contextlib.suppress(OSError):
                found[file.parent.name, file.name] = read_file(file).decode(errors="replace")
    return found


def last_lines(path: Path) -> tuple[str, ...]:
    """Return the last lines of a file, () if it cannot be read. Blocks."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _MOST_BYTES))
            read = file.read()
    except OSError:
        return ()
    lines = read.decode(errors="replace").splitlines()
    return tuple(lines[1:] if size > _MOST_BYTES else lines)[-MOST_LINES:]


def _of_instances(folder: Path) -> dict[str, tuple[str, ...]]:
    paths = (instance_log_files.path_of(folder, name) for name in instance_log_files.names(folder))
    return {path.name: last_lines(path) for path in paths}


def _versions(facts: Facts) -> dict[str, str]:
    servers = {f"Ollama at {one.address or one.pid}": one.version or "" for one in facts.servers}
    programs = {one.path: one.version or "" for one in facts.programs}
    return {"Ollama Panel": __version__, "Python": platform.python_version(), **servers, **programs}
