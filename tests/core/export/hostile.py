"""Values that break what does not quote them, and for each target a reader of its grammar that says what it got.

A reader is written after the grammar of the target, not after its renderer: it fails where a value leaves its place.
"""

import json
import os
import plistlib
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import yaml
from hypothesis import strategies as st

from ollama_panel.core import redact
from ollama_panel.core.export import Export
from ollama_panel.core.export.deployment import Syntax
from tests.core.export import unit_reader
from tests.core.export.cluster.kubelet import variables as of_container
from tests.core.export.cluster.test_kubernetes import objects
from tests.core.export.cluster.test_nix import read as of_module
from tests.core.export.container.test_compose import as_it_is_read
from tests.core.export.container.test_quadlet import read as as_quadlet
from tests.core.export.machine.test_env import as_a_shell_reads
from tests.core.export.machine.test_homebrew import as_homebrew_reads_it
from tests.core.export.machine.test_windows import of_app, of_worker
from tests.core.export.samples import OLLAMA, TRICKY, names, printable

Variables: TypeAlias = Mapping[str, str]
Reader: TypeAlias = Callable[[Export], list[Variables]]
"""Returns the variables of each worker that an export starts, in their order, as the target reads them."""

values = st.one_of(
    printable,
    st.sampled_from([*TRICKY.values(), "two\nlines", "x" * 10_240, "'" * 300]),
    st.sampled_from(["${X}$$(id)`id`\\", "%%n%i{{ x }}{% y %}", "''${x}", "#{x}", "on", "1e3", "~", "- a: b", '"""']),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    st.text("'\"\\$`%{}# \t=:-", max_size=12),
).filter(lambda value: redact.variable("A", value) == value)
"""Quotes of all kinds, what shells, systemd, Compose, Ansible and Nix fill in, control characters, Unicode, 10 KB."""

_OF_EVERY_PROGRAM = frozenset({"PATH", "SEEN", "PWD", "SHLVL", "_"})

environments = st.dictionaries(names, values, max_size=4)


def of_units(export: Export) -> list[Variables]:
    return [unit_reader.variables(file.text) for file in export.files if file.syntax is Syntax.INI]


def of_document(export: Export) -> list[Variables]:
    return [instance["environment"] for instance in json.loads(export.files[0].text)["instances"]]


def of_agents(export: Export) -> list[Variables]:
    return [plistlib.loads(file.text.encode())["EnvironmentVariables"] for file in export.files]


def of_login_agent(export: Export) -> list[Variables]:
    """Run the agent at a login with a `launchctl` that only keeps what it gets."""
    agent = plistlib.loads(export.files[0].text.encode())
    keep = '[ "$1" != setenv ] || printf "%s=%s\\0" "$2" "$3" >>"$SEEN/app"'
    with _programs(launchctl=keep, pgrep="exit 1") as run:
        return run(agent["ProgramArguments"])


def of_shell(export: Export) -> list[Variables]:
    """Run the script with an Ollama that keeps its environment and ends."""
    with _programs(ollama='env -0 >"$SEEN/$OLLAMA_HOST"', curl="exit 0") as run:
        return run([export.files[0].syntax.value, "-c", export.files[0].text.replace(OLLAMA[0], "ollama")])


def of_homebrew(export: Export) -> list[Variables]:
    return [as_homebrew_reads_it(export.files[0].text)]


def of_windows(export: Export) -> list[Variables]:
    app, *workers = export.files
    return [of_app(app.text), *(of_worker(file.text) for file in workers)]


def of_docker(export: Export) -> list[Variables]:
    """Run the script with a `docker` that keeps what each container gets, by the number of its call."""
    keep = """\
[ "$1" = run ] || exit 0
number=$(ls "$SEEN" | wc -l)
: >"$SEEN/$((number + 100))"
while [ "$#" -gt 0 ]; do
    if [ "$1" = --env ]; then printf "%s\\0" "$2" >>"$SEEN/$((number + 100))"; fi
    shift
done"""
    with _programs(docker=keep) as run:
        return run(["sh", "-c", export.files[0].text])


def of_compose(export: Export) -> list[Variables]:
    return [service["environment"] for service in as_it_is_read(export.files[0].text)["services"].values()]


def of_kubernetes(export: Export) -> list[Variables]:
    """Return the variables of each pod, as the kubelet gives them to its container."""
    sets = [one["spec"] for (kind, _), one in objects(export).items() if kind == "StatefulSet"]
    containers = [(one["template"]["spec"]["containers"][0], one["replicas"]) for one in sets]
    return [of_container(container) for container, replicas in containers for _ in range(replicas)]


def of_helm(export: Export) -> list[Variables]:
    """Return the variables of each pod; each worker is a release of the chart with the values of its pool."""
    files = [yaml.safe_load(file.text) for file in export.files]
    workers = Counter(worker.pool for worker in export.workers).values()
    pods = [of_container({"env": one["extraEnv"]}) for one in files]
    return [pod for pod, count in zip(pods, workers, strict=True) for _ in range(count)]


def of_nix(export: Export) -> list[Variables]:
    return list(of_module(export.files[0].text))


def of_fish(export: Export) -> list[Variables]:
    """Return the variables in front of each command that goes on in the background."""
    commands = [words for words in _fish(export.files[0].text) if words[0] == "env" and words[-1] == "&"]
    return [dict(word.split("=", 1) for word in words if "=" in word) for words in commands]


def _fish(text: str) -> Iterator[list[str]]:
    """Yield the words of each command, by fish's rules for quotes and backslashes (fish-doc, Quotes and Escaping)."""
    words, word = list[str](), None
    for quoted, plain, escaped, ending in _FISH.findall(text):
        if ending or (plain and not plain.strip("\\ \t\n")):
            words, word = [*words, *([] if word is None else [word])], None
        else:
            word = (word or "") + (re.sub(r"\\([\\'])", r"\1", quoted[1:-1]) if quoted else plain or escaped)
        if ending and words:
            yield words
            words = []


_FISH = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|([^\s'"\\;]+|[ \t]+|\\\n\s*)|(\\.)|([\n;])""", re.DOTALL)


def of_files_of_variables(export: Export) -> list[Variables]:
    """Let a shell read them, as a program that is started with one sees them."""
    with tempfile.TemporaryDirectory() as folder:
        for file in export.files:
            Path(folder, file.name).write_text(file.text, encoding="utf-8", newline="\n")
        return [as_a_shell_reads(Path(folder, file.name)) for file in export.files]


def of_quadlets(export: Export) -> list[Variables]:
    return [as_quadlet(file.text) for file in export.files if file.name.endswith(".container")]


@contextmanager
def _programs(**scripts: str) -> Iterator[Callable[[Sequence[str]], list[Variables]]]:
    """Make programs for a command that is run by what this yields: it returns what they put into `$SEEN`, by name."""
    with tempfile.TemporaryDirectory() as name:
        folder, seen = Path(name, "bin"), Path(name, "seen")
        folder.mkdir()
        seen.mkdir()
        for program, script in scripts.items():
            (folder / program).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            (folder / program).chmod(0o755)
        environment = {"PATH": f"{folder}:{os.environ['PATH']}", "SEEN": str(seen)}

        def run(command: Sequence[str]) -> list[Variables]:
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
            kept = (_pairs(path.read_bytes().decode()) for path in sorted(seen.iterdir()))
            return [{name: one[name] for name in one.keys() - _OF_EVERY_PROGRAM} for one in kept]

        yield run


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split("\0") if pair)


READERS: dict[str, Reader] = {
    "systemd": of_units,
    "systemd-units": of_units,
    "launchd": of_agents,
    "launchd-app": of_login_agent,
    "homebrew": of_homebrew,
    "windows": of_windows,
    "shell": of_shell,
    "fish": of_fish,
    "env": of_files_of_variables,
    "compose": of_compose,
    "quadlet": of_quadlets,
    "docker": of_docker,
    "kubernetes": of_kubernetes,
    "helm": of_helm,
    "nix": of_nix,
    "ansible": of_units,
    "json": of_document,
}
