import pytest

from ollama_panel.core.ids import PoolName
from ollama_panel.core.importing import values
from ollama_panel.core.importing.draft import Draft
from ollama_panel.core.importing.found import Found, servers_of
from ollama_panel.core.importing.groups import Group
from ollama_panel.core.importing.record import Here
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.sources.record import Assignment, SourceKind
from tests.core.importing.servers import container, unit


def of(variables: dict[str, str], kind: SourceKind = SourceKind.SYSTEMD) -> tuple[Found, Group]:
    (found,), _ = servers_of([unit(variables, kind=kind)])
    return found, Group(PoolName("chat"), Role.CHAT, False, (), (found,))


def environment_of(variables: dict[str, str], share: int | None = None, **how: SourceKind) -> tuple[Draft, Found]:
    found, group = of(variables, **how)
    draft = Draft(Settings())
    given: dict[str, list[Assignment]] = {name: [one] for name, one in found.variables.items()}
    values.put_environment(draft, group, given, Here(version=(0, 20, 0)), share)
    return draft, found


def test_a_variable_of_a_newer_ollama_is_kept() -> None:
    draft, _ = environment_of({"OLLAMA_SOMETHING_OF_TOMORROW": "1"})
    assert draft.settings.pools[0].environment == {"OLLAMA_SOMETHING_OF_TOMORROW": "1"}


def test_a_dead_variable_and_one_that_is_misspelt_are_wrong() -> None:
    draft, _ = environment_of({"OLLAMA_KEEPALIVE": "1h", "OLLAMA_INTEL_GPU": "1"})
    assert {one.name for one in draft.wrong} >= {"OLLAMA_KEEPALIVE"}
    assert "OLLAMA_KEEPALIVE" not in draft.settings.pools[0].environment


def test_what_a_running_process_has_besides_is_not_listed() -> None:
    draft, _ = environment_of({"LANG": "C", "OLLAMA_DEBUG": "1"}, kind=SourceKind.PROCESS)
    assert (draft.ignored, draft.settings.pools[0].environment) == ([], {"OLLAMA_DEBUG": "1"})


def test_the_threads_that_the_panel_gives_by_itself_are_left_to_it() -> None:
    draft, _ = environment_of({"LLAMA_ARG_THREADS": "4"}, share=4)
    assert draft.settings == Settings()
    draft, _ = environment_of({"LLAMA_ARG_THREADS": "3"}, share=4)
    assert draft.settings.pools[0].environment == {"LLAMA_ARG_THREADS": "3"}


@pytest.mark.parametrize("folder", ["models", "~ann/models"])
def test_a_folder_that_no_worker_can_use_is_wrong(folder: str) -> None:
    draft = Draft(Settings())
    values.put_store(draft, [of({"OLLAMA_MODELS": folder})])
    assert (draft.settings, [one.name for one in draft.wrong]) == (Settings(), ["OLLAMA_MODELS"])


@pytest.mark.parametrize(
    ("inside", "outside", "folder"),
    [
        ("/root/.ollama", "/srv/ollama", "/srv/ollama/models"),
        ("/root/.ollama/models", "/srv/models", "/srv/models"),
        ("/root/.ollama", "/var/lib/docker/volumes/ollama/_data", ""),
        ("/data", "/srv/data", ""),
        ("/root/.ollama", "./ollama", ""),
    ],
)
def test_the_models_of_a_container_stay_where_they_are(inside: str, outside: str, folder: str) -> None:
    (found,), _ = servers_of([container({}, "11434", folders={inside: outside})])
    draft = Draft(Settings())
    values.put_store(draft, [(found, Group(PoolName("chat"), Role.CHAT, False, (), (found,)))])
    assert draft.settings.ollama.models_dir == folder


def test_who_cleans_the_store_is_left_to_the_panel_unless_nobody_does() -> None:
    draft = Draft(Settings())
    values.put_pruning(draft, [of({}), of({"OLLAMA_NOPRUNE": "1"})])
    assert (draft.settings, len(draft.ignored)) == (Settings(), 1)
    values.put_pruning(draft, [of({"OLLAMA_NOPRUNE": "1"})])
    assert draft.settings.pools[0].environment == {"OLLAMA_NOPRUNE": "1"}


def test_nothing_is_an_origin_that_is_empty() -> None:
    found, _ = of({"OLLAMA_ORIGINS": " "})
    draft = Draft(Settings())
    assert list(values.put_origins(draft, [found.variables["OLLAMA_ORIGINS"]])) == []
    assert (draft.settings, len(draft.ignored)) == (Settings(), 1)
