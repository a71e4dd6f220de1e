"""Which worker a proxy sends which request to."""

import subprocess
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.export.proxy.plan import (
    ANSWER_PATHS,
    CHANGE_PATHS,
    EMBEDDING_PATHS,
    LONGEST_S,
    Plan,
    Server,
    first_steps,
    limit,
    listens,
    planned,
)
from ollama_panel.core.ids import PoolName
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, ProxySettings, SchedulingSettings, Settings
from ollama_panel.core.settings.tree_ollama import OllamaSettings
from tests.core.export.proxy.samples import deployment, with_coder
from tests.core.export.samples import exported


def plan_of(settings: Settings) -> Plan:
    it = deployment(settings)
    return planned(it, [f"{one.host}:{one.port}" for one in it.instances])


def only(*pools: PoolSettings, scheduling: SchedulingSettings | None = None) -> Plan:
    return plan_of(Settings(pools=pools, scheduling=scheduling or SchedulingSettings()))


CHAT = PoolSettings(PoolName("chat"))
EMBED = PoolSettings(PoolName("embed"), Role.EMBEDDING, parallel=4)
CODE = PoolSettings(PoolName("code"), Role.CODE)


def test_each_role_has_the_workers_of_its_pools_with_their_slots() -> None:
    found = plan_of(with_coder("qwen3-coder"))
    assert [group.role for group in found.groups] == [Role.CHAT, Role.EMBEDDING, Role.CODE]
    assert found.servers == (
        Server("chat-1", "127.0.0.1:11500", 4),
        Server("chat-2", "127.0.0.1:11501", 4),
        Server("embed-1", "127.0.0.1:11502", 1),
        Server("coder-1", "127.0.0.1:11503", 2),
    )


def test_two_pools_of_one_role_are_one_group() -> None:
    second = msgspec.structs.replace(CHAT, name=PoolName("second"), parallel=8)
    (group,) = only(CHAT, second).groups
    assert [(one.name, one.slots) for one in group.servers] == [("chat-1", 2), ("second-1", 8)]


def test_an_embedding_model_has_one_slot_whatever_is_set() -> None:
    assert only(CHAT, EMBED).embeddings.servers[0].slots == 1


def test_a_model_belongs_to_the_role_of_the_last_pool_that_names_it() -> None:
    first = msgspec.structs.replace(CHAT, models=("Phi4", "library/qwen3:8b"))
    last = msgspec.structs.replace(CODE, models=("phi4:latest",))
    groups = {group.role: group.models for group in only(first, last).groups}
    assert groups == {Role.CHAT: ("qwen3:8b",), Role.CODE: ("phi4:latest",)}


def test_chats_go_to_chat_workers_and_embeddings_to_theirs() -> None:
    found = only(EMBED, CODE, CHAT)
    assert (found.chats and found.chats.role, found.embeddings.role) == (Role.CHAT, Role.EMBEDDING)


def test_without_workers_of_its_own_a_role_uses_the_others() -> None:
    assert only(CHAT).embeddings.role is Role.CHAT
    assert only(EMBED, CODE).chats == only(EMBED, CODE).groups[1]


def test_embedding_workers_take_no_chats_unless_the_user_lets_them() -> None:
    assert only(EMBED).chats is None
    found = only(EMBED, scheduling=SchedulingSettings(chats_on_embedding=True))
    assert found.chats == found.embeddings


def test_the_paths_are_those_of_the_table_of_the_api() -> None:
    assert set(EMBEDDING_PATHS) == {"/api/embed", "/api/embeddings", "/v1/embeddings"}
    assert {"/api/chat", "/v1/messages", *EMBEDDING_PATHS} <= set(ANSWER_PATHS)
    assert "/api/pull" in CHANGE_PATHS
    assert not set(ANSWER_PATHS) & {"/", "/api/tags", *CHANGE_PATHS}


def test_no_limit_is_the_longest_time_that_a_proxy_can_hold() -> None:
    assert (limit(0), limit(30), limit(31_536_000)) == (LONGEST_S, 30, LONGEST_S)


def test_it_listens_where_the_panel_does() -> None:
    assert listens(ProxySettings()) == (("127.0.0.1", 11435),)
    both = ProxySettings(host="0.0.0.0", second_host="::", second_port=11434)
    assert listens(both) == (("0.0.0.0", 11435), ("::", 11434))


def test_every_worker_is_asked_at_its_address() -> None:
    asked, *_ = first_steps(deployment(with_coder()), "haproxy.cfg")
    assert asked.command == (
        'for port in 11500 11501 11502 11503; do curl -fsS "http://127.0.0.1:$port/api/version" || '
        'echo "127.0.0.1:$port ?"; done'
    )


@pytest.mark.parametrize("target", ["haproxy", "nginx"])
def test_the_first_worker_may_be_the_service_at_its_own_address(target: str, tmp_path: Path) -> None:
    settings = msgspec.structs.replace(with_coder(), ollama=OllamaSettings(first_port=1150))
    export = exported(target, settings)
    (file,) = export.files
    (tmp_path / file.name).write_text(file.text, encoding="utf-8")
    (command,) = (step.command for step in export.steps if "11434" in step.command)
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
    changed = (tmp_path / file.name).read_text(encoding="utf-8")
    assert changed == file.text.replace("127.0.0.1:1150 ", "127.0.0.1:11434 ")
    assert "127.0.0.1:1151 " in changed
