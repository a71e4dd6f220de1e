"""Where each variable of a server goes: to a setting of its pool, to one of the whole panel, or nowhere, and why."""

from collections.abc import Mapping, Sequence

from ollama_panel.core.importing.draft import Draft
from ollama_panel.core.importing.found import Found, place_of
from ollama_panel.core.importing.groups import CARDS, Group
from ollama_panel.core.importing.record import Here
from ollama_panel.core.launch import THREADS
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.environment import check_launched, is_read, may_be_read
from ollama_panel.core.ollama.environment_kinds import plain, taken
from ollama_panel.core.ollama.versions import NEWEST
from ollama_panel.core.settings import forms, origins
from ollama_panel.core.settings.tree_values import FolderPath
from ollama_panel.core.sources.record import Assignment, SourceKind

NUMBERS = {
    "OLLAMA_NUM_PARALLEL": ("parallel", "import.parallel"),
    "OLLAMA_CONTEXT_LENGTH": ("context_length", "import.context_length"),
}
"""Variables that are settings of a pool: the setting, and the code of the sentence."""

STORE, ORIGINS, HOST, PRUNE = "OLLAMA_MODELS", "OLLAMA_ORIGINS", "OLLAMA_HOST", "OLLAMA_NOPRUNE"
_ELSEWHERE = frozenset((*NUMBERS, STORE, ORIGINS, HOST, PRUNE, *CARDS))
"""What does not go to the environment of a pool as it is."""

_IN_CONTAINER = "/root/.ollama/models"
"""The store of Ollama's image, whose server runs as root (0.32 `Dockerfile`, `envconfig/config.go` Models)."""
_OF_VOLUME = "/_data/"
"""Docker and Podman keep a volume in a folder of this name below its own (docker-volume(1))."""

_KEPT = frozenset(("environment.unknown", "environment.too_new"))
"""What a newer Ollama may read."""


def put_numbers(draft: Draft, group: Group, given: Mapping[str, Sequence[Assignment]]) -> None:
    """Set how many requests a worker runs at once, and how long their contexts are."""
    for name, (field, told) in NUMBERS.items():
        found = given.get(name, ())
        if not found:
            continue
        text = plain(found[0].value)
        if not text.isdecimal() or not text.isascii():
            why = check_launched(name, found[0].value) or notice("import.empty")
            if text:
                draft.fault("bad-value", name, why, *found)
            else:
                draft.ignore(found, why)
        elif int(text) == 0:
            draft.ignore(found, notice("import.zero", name=name))
        else:
            key = f"pools.{group.name}.{field}"
            draft.put_variable(key, int(text), told, found, pool=group.name)


def put_environment(
    draft: Draft, group: Group, given: Mapping[str, Sequence[Assignment]], here: Here, share: int | None
) -> None:
    """Put into the environment of a pool what its workers are to read as it is.

    `share` are the threads that the panel gives each of them by itself, None = all.
    """
    for name, found in given.items():
        if name in _ELSEWHERE:
            continue
        value = found[0].value
        quiet = all(one.kind is SourceKind.PROCESS for one in group.servers)
        if not may_be_read(name) or not _is_read(name):
            if not quiet:
                draft.ignore(found, notice("import.not_read", name=name))
        elif not taken(name, value):
            draft.ignore(found, notice("import.empty"))
        elif name == THREADS and value.strip() == str(share):
            draft.ignore(found, notice("import.by_panel"))
        elif (wrong := check_launched(name, value, here.version or NEWEST)) is not None and wrong.code not in _KEPT:
            draft.fault("bad-value", name, wrong, *found)
        else:
            _put_variable(draft, group, name, found)


def _put_variable(draft: Draft, group: Group, name: str, found: Sequence[Assignment]) -> None:
    """Put a variable into the environment of a pool."""
    key = f"pools.{group.name}.environment.{name}"
    draft.put_variable(key, found[0].value, "import.environment", found, pool=group.name)


def _is_read(name: str) -> bool:
    """Return whether a server reads a variable, or a mistake in its name is to be told."""
    return is_read(name) or check_launched(name, "1") is not None


def put_cards(draft: Draft, group: Group, given: Mapping[str, Sequence[Assignment]]) -> None:
    """Keep the cards that all servers of a pool may use; one card for each is a matter of the workers."""
    for name in CARDS:
        found = given.get(name, ())
        if not found:
            continue
        values = {one.value.strip() for one in found}
        if len(found) == len(group.servers) and len(values) == 1:
            _put_variable(draft, group, name, found)
        else:
            draft.ignore(found, notice("import.cards", pool=group.name))


def _named_store(draft: Draft, server: Found) -> Assignment | None:
    """Return the assignment of a server's models folder, None if it is empty for Ollama, too."""
    one = server.variables.get(STORE)
    if one is None or plain(one.value):
        return one
    draft.ignore([one], notice("import.empty"))
    return None


def put_store(draft: Draft, servers: Sequence[tuple[Found, Group]]) -> None:
    """Set the folder of the models: the first server's is that of the panel, pools with another one keep it."""
    first = ""
    done = set[tuple[str, str]]()
    for server, group in servers:
        one = _named_store(draft, server)
        if one is None:
            if not first and (folder := _usual_store(server)):
                told = notice("import.container_store", path=folder)
                first = folder if draft.put("ollama.models_dir", folder, told, [place_of(server)]) else ""
            continue
        folder = plain(one.value)
        if server.is_container:
            inside, folder = folder, _outside(folder, server.config.folders)
            if not folder:
                draft.ignore([one], notice("import.inside", path=inside))
                continue
        if wrong := forms.problem(FolderPath, folder):
            draft.fault("bad-value", STORE, notice("setting.not_that", expected=wrong, given=folder), one)
        elif not first:
            first = folder
            draft.put_variable("ollama.models_dir", folder, "import.store", [one])
        elif folder == first:
            draft.ignore([one], notice("import.same_store"))
        elif (group.name, folder) not in done:
            done.add((group.name, folder))
            key = f"pools.{group.name}.environment.{STORE}"
            draft.put_variable(key, folder, "import.environment", [one], pool=group.name)


def _usual_store(server: Found) -> str:
    """Return the folder of the machine that holds the models of a container without OLLAMA_MODELS, "" = unknown.

    What a volume of the runtime holds only the runtime's own user may read.
    """
    if not server.is_container:
        return ""
    folder = _outside(_IN_CONTAINER, server.config.folders)
    return "" if _OF_VOLUME in f"{folder}/" or forms.problem(FolderPath, folder) else folder


def _outside(path: str, folders: Mapping[str, str]) -> str:
    """Return where a folder of a container is on the machine, "" if it has no place there that is known."""
    fitting = [inside for inside in folders if path == inside or path.startswith(f"{inside.rstrip('/')}/")]
    if not fitting:
        return ""
    inside = max(fitting, key=len)
    outside = folders[inside]
    return outside.rstrip("/") + path.removeprefix(inside.rstrip("/")) if outside.startswith(("/", "~")) else ""


def put_origins(draft: Draft, found: Sequence[Assignment]) -> Sequence[Assignment]:
    """Let the pages call the panel that may call the servers; return what lets in all of them."""
    entries = dict[str, list[Assignment]]()
    for one in found:
        parts = [part.strip() for part in plain(one.value).split(",") if part.strip()]
        if not parts:
            draft.ignore([one], notice("import.empty"))
        for part in parts:
            entries.setdefault(part, []).append(one)
    every = entries.pop(origins.ANY, [])
    for entry, given in entries.items():
        if wrong := origins.flaw(entry):
            draft.fault("bad-value", ORIGINS, notice("setting.refused", where=ORIGINS, wrong=wrong), *given)
        else:
            known = draft.settings.proxy.allowed_origins
            wanted = known if entry in known else (*known, entry)
            told = notice("import.origin", origin=entry)
            draft.put("proxy.allowed_origins", list(wanted), told, (one.place for one in given))
    return every


def put_pruning(draft: Draft, servers: Sequence[tuple[Found, Group]]) -> None:
    """Leave it to the panel which worker cleans the store, unless no server of the sources does."""
    given = [(server.variables[PRUNE], group) for server, group in servers if PRUNE in server.variables]
    if not servers or not given:
        return
    if PRUNE not in servers[0][0].variables:
        draft.ignore((one for one, _ in given), notice("import.by_panel"))
        return
    for one, group in {group.name: (one, group) for one, group in reversed(given)}.values():
        _put_variable(draft, group, PRUNE, [one])
