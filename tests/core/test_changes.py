"""The plan of an Apply, shown before it is done."""

import pytest
from msgspec.structs import replace

from ollama_panel.core.changes import _LIVE, _LIVE_OF_POOL, Plan, plan
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings

TWO_WORKERS = codec.set(Settings(), "pools.chat.workers", "2")


def told(one: Plan) -> list[str]:
    return [render(effect) for effect in one.notices()]


def changed(settings: Settings, *pairs: tuple[str, str]) -> Settings:
    for key, text in pairs:
        settings = codec.set(settings, key, text)
    return settings


def test_the_same_settings_are_an_empty_plan() -> None:
    assert plan(Settings(), Settings()).empty
    assert told(plan(Settings(), Settings())) == ["Nothing changes."]


def test_a_pool_without_workers_is_made_and_the_plan_says_that_it_serves_nothing() -> None:
    idle = codec.pool({"name": "code", "role": "code", "workers": 0})
    more = replace(Settings(), pools=(*Settings().pools, idle))
    assert told(plan(Settings(), more)) == ["code: no workers yet, so no request goes there."]
    assert told(plan(more, Settings())) == ["The settings are saved; nothing that runs changes."]


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        (
            "pools.chat.parallel",
            "4",
            "chat-1 and chat-2: restarted one after the other, without losing a request (Parallel 2 → 4).",
        ),
        (
            "pools.embedding.context_length",
            "512",
            "embedding-1: restarted, without losing a request (Context length 2,048 → 512).",
        ),
        (
            "pools.embedding.environment.OLLAMA_KEEP_ALIVE",
            "-1",
            "At once, without a restart: Environment of embedding.",
        ),
        (
            "pools.chat.batch",
            "1024",
            "Without a restart, the next request loads its model anew: Batch size of chat.",
        ),
        ("pools.chat.workers", "3", "chat-3: started."),
        ("pools.chat.workers", "1", "chat-2: stopped when the running requests have ended."),
        ("proxy.host", "0.0.0.0", "The proxy listens on all addresses of this machine, on port 11435."),
        ("proxy.host", "::", "The proxy listens on all addresses of this machine, on port 11435."),
        ("proxy.port", "8080", "The proxy moves to 127.0.0.1:8080; clients must use the new address."),
        ("proxy.queue_timeout_s", "5", "At once, without a restart: Longest wait."),
        ("scheduling.swap_models", "off", "At once, without a restart: Swap models."),
        ("scheduling.record_events", "on", "At once, without a restart: Record the run."),
        ("pools.chat.role", "code", "At once, without a restart: Role of chat."),
        ("pools.chat.models", "a", "At once, without a restart: Models of chat."),
    ],
)
def test_each_kind_of_change_is_one_sentence(key: str, text: str, said: str) -> None:
    assert told(plan(TWO_WORKERS, changed(TWO_WORKERS, (key, text)))) == [said]


NO_CHATS = "Chats and completions are refused, also those that wait: no worker is left that may answer them."
ALONE = changed(TWO_WORKERS, ("ollama.adopt", "off"))


def test_the_last_worker_for_chats_is_not_taken_without_a_word() -> None:
    none_left = changed(ALONE, ("pools.chat.workers", "0"))
    stopped = "chat-1 and chat-2: stopped when the running requests have ended."
    assert told(plan(ALONE, none_left)) == [stopped, NO_CHATS]
    removed = replace(ALONE, pools=tuple(pool for pool in ALONE.pools if pool.role is not Role.CHAT))
    assert told(plan(ALONE, removed)) == [stopped, NO_CHATS]
    assert told(plan(none_left, changed(none_left, ("pools.embedding.parallel", "2"))))[1:] == []


def test_nor_the_last_of_all() -> None:
    none_left = changed(ALONE, ("pools.chat.workers", "0"), ("pools.embedding.workers", "0"))
    assert told(plan(ALONE, none_left))[1:] == ["All requests are refused, also those that wait: no worker is left."]


@pytest.mark.parametrize(
    "pairs",
    [
        [("pools.embedding.workers", "0")],
        [("pools.chat.workers", "0"), ("pools.embedding.role", "code")],
        [("pools.chat.workers", "0"), ("scheduling.chats_on_embedding", "on")],
    ],
)
def test_nothing_is_said_while_a_worker_may_answer_them(pairs: list[tuple[str, str]]) -> None:
    assert plan(ALONE, changed(ALONE, *pairs)).unserved is None


def test_a_change_of_a_role_or_of_what_is_allowed_takes_it_as_well() -> None:
    assert NO_CHATS in told(plan(ALONE, changed(ALONE, ("pools.chat.role", "embedding"))))
    allowed = changed(ALONE, ("pools.chat.workers", "0"), ("scheduling.chats_on_embedding", "on"))
    assert NO_CHATS in told(plan(allowed, changed(allowed, ("scheduling.chats_on_embedding", "off"))))


def test_an_adopted_server_may_answer_them_where_the_settings_let_one_take_part() -> None:
    (_, chats) = told(plan(TWO_WORKERS, changed(TWO_WORKERS, ("pools.chat.workers", "0"))))
    assert "unless an Ollama that the panel did not start answers them" in chats
    none_left = changed(TWO_WORKERS, ("pools.chat.workers", "0"), ("pools.embedding.workers", "0"))
    assert "unless an Ollama that the panel did not start answers them" in told(plan(TWO_WORKERS, none_left))[1]


def test_another_binary_restarts_everything() -> None:
    assert plan(TWO_WORKERS, changed(TWO_WORKERS, ("ollama.binary", "/opt/ollama"))).restarts == dict.fromkeys(
        ("chat-1", "chat-2", "embedding-1"), (notice("change.program"),)
    )


def test_without_a_gpu_another_worker_changes_the_share_of_those_with_whom_it_shares_the_cores() -> None:
    chat = changed(TWO_WORKERS, ("pools.chat.workers", "3"))
    assert plan(TWO_WORKERS, chat, cores=16, gpu=True).restarts == {}
    assert plan(TWO_WORKERS, chat, cores=16, gpu=False).restarts == dict.fromkeys(
        ("chat-1", "chat-2"), (notice("change.threads", before=8, after=5),)
    )
    (why,) = plan(TWO_WORKERS, changed(TWO_WORKERS, ("pools.chat.workers", "0")), cores=2, gpu=False).restarts.values()
    assert [render(one) for one in why] == ["share of the cores 1 → all"]
    embedding = changed(TWO_WORKERS, ("pools.embedding.workers", "2"))
    assert plan(TWO_WORKERS, embedding, cores=16, gpu=False).restarts == {
        "embedding-1": (notice("change.threads", before=4, after=2),)
    }


def test_the_first_worker_of_another_pool_may_go_without_restarting_the_rest() -> None:
    assert plan(TWO_WORKERS, changed(TWO_WORKERS, ("pools.chat.workers", "0"))).restarts == {}


def test_settings_that_are_not_valid_do_nothing_but_say_why() -> None:
    outcome = plan(TWO_WORKERS, Settings(pools=()))
    assert outcome == Plan(problems=outcome.problems)
    assert told(outcome) == ["pools must hold at least one pool."]


FULL = changed(TWO_WORKERS, ("scheduling.weights.ann", "2"), ("pools.chat.environment.OLLAMA_KEEP_ALIVE", "1m"))
OTHER_VALUES = {
    "proxy.allowed_origins": "https://chat.example.org",
    "proxy.host": "0.0.0.0",
    "proxy.second_host": "::1",
    "proxy.require_key": "always",
    "proxy.api_keys": '[{"name": "ann", "digest": "' + "0" * 64 + '"}]',
    "scheduling.classes": '{"A": "batch"}',
    "scheduling.limits": '{"A": 2}',
    "ollama.models_dir": "/srv/models",
    "scheduling.adjust": "slots",
    "window.theme": "dark",
    "window.language": "zh_CN",
    "pools.chat.role": "code",
    "pools.chat.keep_alive": "30m",
    "pools.embedding.keep_alive": "30m",
    "pools.embedding.role": "chat",
}


def another(key: str, text: str) -> str:
    """Return a valid value that is not the current one."""
    if key in OTHER_VALUES:
        return OTHER_VALUES[key]
    if text == "{}":
        return '{"A": "1"}'
    if text in ("true", "false"):
        return "false" if text == "true" else "true"
    return str(float(text) + 0.5) if "." in text else str(int(text) + 1) if text.isdecimal() else f"{text}x"


@pytest.mark.parametrize("key", codec.keys(FULL))
def test_no_setting_can_be_changed_silently(key: str) -> None:
    change = plan(FULL, changed(FULL, (key, another(key, codec.get(FULL, key)))))
    assert not change.problems
    assert not change.empty
    assert change.notices() != (notice("plan.nothing"),)


@pytest.mark.parametrize(
    "name", ["OLLAMA_NUM_PARALEL", "OLLAMA_EDITOR", "OLLAMA_NOHISTORY", "OLLAMA_API_KEY", "LLAMA_ARG_CTX_SIZE"]
)
def test_a_variable_that_no_server_reads_restarts_nothing(name: str) -> None:
    assert plan(FULL, changed(FULL, (f"pools.chat.environment.{name}", "4"))).empty


def test_a_variable_that_never_existed_is_refused_with_what_to_set() -> None:
    change = plan(FULL, changed(FULL, ("pools.chat.environment.OLLAMA_MAX_WORKERS", "4")))
    assert not change.restarts
    assert [render(told) for told in change.notices()] == [
        "OLLAMA_MAX_WORKERS does not exist in Ollama, although guides name it: "
        "set the number of workers of a pool in the panel, which starts one server for each."
    ]


def test_several_changes_are_all_listed() -> None:
    many = [(key, another(key, codec.get(FULL, key))) for key in codec.keys(FULL) if not key.endswith(".name")]
    change = plan(FULL, changed(FULL, *many))
    of_chat, of_embedding = ([f"pools.{pool}.{what}" for what in _LIVE_OF_POOL] for pool in ("chat", "embedding"))
    assert change.live == (*_LIVE, *of_chat, "pools.chat.environment", *of_embedding)
    assert change.reloads == ("pools.chat.batch", "pools.embedding.batch")
    assert set(change.restarts) == {"chat-1", "chat-2", "embedding-1"}
    assert change.adds == ("chat-3", "embedding-2")
    assert change.moves == "0.0.0.0:11436"
