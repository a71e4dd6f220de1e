"""Whatever a machine prints, a reader of it raises nothing."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.doctor.asking import (
    answers,
    containers,
    disks,
    listeners,
    logs,
    machine,
    processes,
    programs,
    sources,
    stores,
    units,
)
from ollama_panel.core.doctor.asking.printed import Block

Reader = Callable[[Sequence[Block]], object]


def processes_of(found: Sequence[Block]) -> object:
    table = processes.table_of(found)
    details = processes.details_of(found, table)
    servers = processes.servers_of(table, details, "ada", lambda *_: None)
    return processes.detail(table), servers, [processes.source_of(one, "Linux") for one in servers]


def places_of(found: Sequence[Block]) -> object:
    places = sources.places_of(found)
    texts = sources.texts_of(found)
    made = [sources.source_of(one, texts, "Linux", "/root") for one in places.named]
    return made, list(units.units_of(places.shown, 1.0, places.named)), containers.containers_of(places.inspected, ())


READERS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "answers": (answers.loaded_of, ("ps",)),
    "versions": (answers.versions_of, ("version",)),
    "disks": (disks.disks_of, ("disk", "mounts", "mounted")),
    "times": (disks.times_of, ("times",)),
    "jobs": (lambda found: list(units.jobs_of(found, {})), ("jobs",)),
    "listeners": (lambda found: listeners.listeners_of(found, {}), ("ss", "tcp", "lsof")),
    "logs": (lambda found: logs.logs_of(found, {}), ("log",)),
    "machine": (machine.machine_of, ("meminfo", "limits", "sysctl", "vm_stat", "booted", "system", "cores")),
    "session": (machine.session_of, ("environment",)),
    "processes": (processes_of, ("stat", "ours", "ps", "programs", "arguments", "environment", "links", "jobs", "now")),
    "programs": (programs.programs_of, ("program",)),
    "places": (places_of, ("paths", "units", "inspect", "session", "text", "unseen", "system")),
    "stores": (stores.looks_of, ("real", "closed", "missing", "denied", "models", "looked")),
}
WORDS = st.sampled_from(["7", "77", "system", "docker", "shell", "compose", "/a", "/a/b.service", "read", "closed"])
PIECES = st.sampled_from(
    [
        *("7", "77 (ollama) S 1 2 3", "Id=a.service\n", "LoadState=loaded\n", "/etc/a.service\n", "0A", ":", " ", "\n"),
        *("[{}]", '[{"Id": 1, "State": [], "Config": 5}]', '[{"Path": "ollama", "Args": ["serve"], "HostConfig": 1}]'),
        *('{"models": [{}]}', "x=y", "%", "LISTEN 0 1 *:80", "ollama serve", "99999999999999999999", "-1", "²"),
        *("p7\nn*:1\n", "\\x2f", '"', "'", "\t"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join)


@pytest.mark.parametrize("reader", READERS)
@given(data=st.data())
def test_any_text_is_read(reader: str, data: st.DataObject) -> None:
    read, names = READERS[reader]
    block = st.builds(Block, st.sampled_from(names), st.lists(WORDS, max_size=2).map(tuple), TEXTS)
    read(data.draw(st.lists(block, max_size=6)))
