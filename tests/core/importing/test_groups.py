import pytest

from ollama_panel.core.importing.found import servers_of
from ollama_panel.core.importing.groups import groups_of, role_of
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.sources.record import Reading
from tests.core.importing.servers import unit

POOLS = Settings().pools


def named(name: str, port: int = 11434, *, models: tuple[str, ...] = (), **variables: str) -> Reading:
    return unit({"OLLAMA_HOST": f":{port}", **variables}, name, path=f"/etc/systemd/system/{name}", models=models)


def names(*readings: Reading) -> list[tuple[str, str, int]]:
    groups = groups_of(servers_of(readings)[0], POOLS)
    return [(group.name, group.role.value, len(group.servers)) for group in groups]


def test_servers_that_differ_in_card_and_port_alone_are_workers_of_one_pool() -> None:
    cards = [named(f"ollama-gpu{one}.service", 11434 + one, CUDA_VISIBLE_DEVICES=str(one)) for one in range(3)]
    assert names(*cards) == [("chat", "chat", 3)]


def test_servers_with_other_variables_are_of_other_pools() -> None:
    long = named("ollama-2.service", 11435, OLLAMA_CONTEXT_LENGTH="65536")
    assert names(named("ollama.service"), long) == [("chat", "chat", 1), ("chat-2", "chat", 1)]


def test_quotes_and_blanks_that_ollama_strips_make_no_difference() -> None:
    quoted = named("ollama-2.service", 11435, OLLAMA_KEEP_ALIVE=' "1h" ')
    assert names(named("ollama.service", OLLAMA_KEEP_ALIVE="1h"), quoted) == [("chat", "chat", 2)]


@pytest.mark.parametrize(
    ("name", "models", "role"),
    [
        ("ollama-embedding.service", (), Role.EMBEDDING),
        ("ollama.service", ("bge-m3", "nomic-embed-text"), Role.EMBEDDING),
        ("ollama.service", ("qwen2.5-coder:7b",), Role.CODE),
        ("ollama.service", ("qwen2.5vl:7b", "llava"), Role.VISION),
        ("ollama.service", ("llama3.1:8b", "bge-m3"), None),
        ("ollama-batch.service", (), Role.BATCH),
        ("ollama.service", (), None),
    ],
)
def test_names_and_models_say_what_a_server_is_for(name: str, models: tuple[str, ...], role: Role | None) -> None:
    (found,), _ = servers_of([named(name, models=models)])
    assert role_of(found) is role


def test_a_pool_has_the_name_of_its_server_without_what_says_nothing() -> None:
    assert names(named("com.example.ollama-night_jobs-1.service")) == [("example-night_jobs", "chat", 1)]
    assert names(named("homebrew.mxcl.ollama")) == [("chat", "chat", 1)]
    assert names(named("4090.service")) == [("chat", "chat", 1)]


def test_a_server_without_a_name_is_for_the_pool_of_its_role() -> None:
    (group,) = groups_of(servers_of([named("", models=("bge-m3",))])[0], POOLS)
    assert (group.name, group.role, group.models) == ("embedding", Role.EMBEDDING, ("bge-m3",))


def test_ollamas_own_service_is_a_worker_beside_those_with_names_that_are_else_the_same() -> None:
    first, second = named("ollama.service"), named("ollama-code-2.service", 11435, OLLAMA_NOPRUNE="1")
    assert names(first, second) == [("code", "code", 2)]
    embedding = named("ollama-embedding.service", 11435)
    assert names(first, embedding) == [("chat", "chat", 1), ("embedding", "embedding", 1)]
