import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import THREADS, Inherited, InstanceSpec, core_contention, plan_instances
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, ProxySettings, Settings
from ollama_panel.core.settings.tree_ollama import OllamaSettings

OLLAMA = ("/usr/bin/ollama",)
CHAT = PoolSettings(PoolName("chat"), Role.CHAT, workers=2, parallel=3, context_length=8192)
EMBEDDING = PoolSettings(PoolName("embedding"), Role.EMBEDDING, workers=1, parallel=1, context_length=2048)
TWO_POOLS = Settings(pools=(CHAT, EMBEDDING))


def plan(settings: Settings = TWO_POOLS, cores: int = 8, gpu: bool = True, **more: object) -> tuple[InstanceSpec, ...]:
    return plan_instances(settings, OLLAMA, cores, gpu, **more)  # type: ignore[arg-type]


def ports(specs: tuple[InstanceSpec, ...]) -> dict[str, int]:
    return {spec.id: spec.port for spec in specs}


def test_ids_say_the_pool_and_count_from_one():
    assert [spec.id for spec in plan()] == ["chat-1", "chat-2", "embedding-1"]


def test_each_environment_has_the_address_parallel_and_context():
    first, _, embedding = plan()
    assert first.environment == {
        "OLLAMA_HOST": "127.0.0.1:11500",
        "OLLAMA_NUM_PARALLEL": "3",
        "OLLAMA_CONTEXT_LENGTH": "8192",
    }
    assert embedding.environment["OLLAMA_CONTEXT_LENGTH"] == "2048"
    assert (first.argv, first.url) == (("/usr/bin/ollama", "serve"), "http://127.0.0.1:11500")


def test_how_long_a_pool_keeps_models_is_in_the_environment_whatever_its_variables_say():
    kept = msgspec.structs.replace(CHAT, keep_alive="30m", environment={"OLLAMA_KEEP_ALIVE": "1h"})
    first, second, embedding = plan(Settings(pools=(kept, EMBEDDING)))
    assert first.environment["OLLAMA_KEEP_ALIVE"] == second.environment["OLLAMA_KEEP_ALIVE"] == "30m"
    assert "OLLAMA_KEEP_ALIVE" not in embedding.environment


def test_only_the_first_instance_may_prune_the_shared_store():
    assert [spec.environment.get("OLLAMA_NOPRUNE") for spec in plan()] == [None, "1", "1"]


def test_the_models_folder_is_passed_on_when_it_is_set():
    settings = msgspec.structs.replace(TWO_POOLS, ollama=OllamaSettings(models_dir="/big/models"))
    assert {spec.environment["OLLAMA_MODELS"] for spec in plan(settings)} == {"/big/models"}


def test_ports_skip_used_ones_and_the_proxys_own():
    settings = msgspec.structs.replace(TWO_POOLS, proxy=ProxySettings(port=11501))
    assert ports(plan(settings, taken_ports={11500, 11503})) == {"chat-1": 11502, "chat-2": 11504, "embedding-1": 11505}


def test_a_new_worker_does_not_move_the_ports_of_the_others():
    before = {InstanceId("chat-1"): 11500, InstanceId("embedding-1"): 11501}
    assert ports(plan(keep=before)) == {"chat-1": 11500, "chat-2": 11502, "embedding-1": 11501}


def test_ports_below_a_raised_first_port_are_given_up():
    settings = msgspec.structs.replace(TWO_POOLS, ollama=OllamaSettings(first_port=12000))
    assert ports(plan(settings, keep={InstanceId("chat-1"): 11500}))["chat-1"] == 12000


def test_running_out_of_ports_is_a_sentence():
    settings = msgspec.structs.replace(TWO_POOLS, ollama=OllamaSettings(first_port=65534))
    with pytest.raises(PanelError, match="not enough free ports from 65534"):
        plan(settings)


def pools(**workers: int) -> Settings:
    return Settings(
        pools=tuple(PoolSettings(PoolName(role), Role(role), workers=count) for role, count in workers.items())
    )


def threads(settings: Settings, cores: int, *, gpu: bool = False) -> dict[str, str]:
    """Return the threads of the instances that do not compute on all cores."""
    shares = {spec.id: spec.environment.get("LLAMA_ARG_THREADS") for spec in plan(settings, cores, gpu=gpu)}
    return {name: share for name, share in shares.items() if share is not None}


@pytest.mark.parametrize(("cores", "share"), [(1, None), (2, "1"), (3, "1"), (4, "1"), (8, "2"), (12, "3"), (64, "16")])
def test_without_a_gpu_a_chat_keeps_all_cores_beside_embeddings_which_get_a_small_part(cores, share):
    assert threads(Settings(), cores) == ({} if share is None else {"embedding-1": share})


@pytest.mark.parametrize(
    ("workers", "cores", "shares"),
    [
        ({"chat": 2, "embedding": 1}, 8, {"chat-1": "4", "chat-2": "4", "embedding-1": "2"}),
        ({"chat": 1, "embedding": 3}, 16, {"embedding-1": "1", "embedding-2": "1", "embedding-3": "1"}),
        ({"chat": 1, "code": 1, "batch": 1}, 12, {"chat-1": "6", "code-1": "6", "batch-1": "3"}),
        ({"chat": 0, "vision": 1, "batch": 1, "embedding": 1}, 16, {"batch-1": "2", "embedding-1": "2"}),
        (
            {"chat": 5, "embedding": 2},
            2,
            dict.fromkeys([f"chat-{n}" for n in range(1, 6)], "1") | {"embedding-1": "1", "embedding-2": "1"},
        ),
    ],
)
def test_workers_for_whose_answers_people_wait_share_all_cores(workers, cores, shares):
    assert threads(pools(**workers), cores) == shares


@pytest.mark.parametrize("workers", [{"embedding": 2}, {"chat": 0, "embedding": 2}, {"embedding": 1, "batch": 1}])
def test_without_such_workers_the_others_share_all_cores(workers):
    assert set(threads(pools(**workers), 8).values()) == {"4"}


@pytest.mark.parametrize("workers", [{"chat": 1}, {"embedding": 1}, {"chat": 0, "batch": 1}])
def test_a_single_worker_keeps_all_cores(workers):
    assert threads(pools(**workers), 8) == {}


def test_with_a_gpu_nobody_gets_a_share_of_the_cores():
    assert threads(TWO_POOLS, 8, gpu=True) == {}


def test_a_pool_decides_on_its_own_threads():
    chat, embedding = Settings().pools
    embedding = msgspec.structs.replace(embedding, environment={"LLAMA_ARG_THREADS": "5"})
    assert threads(Settings(pools=(chat, embedding)), 8) == {"embedding-1": "5"}


@pytest.mark.parametrize("version", ["0.24.0", "0.9.6", "0.29.9-rc1"])
def test_an_ollama_that_cannot_divide_the_cores_is_a_problem_with_two_workers(version):
    (problem,) = core_contention(TWO_POOLS, gpu=False, versions={version, "0.32.15"})
    assert f"Ollama {version} cannot divide its processor cores among 3 workers" in render(problem.notice)


@pytest.mark.parametrize(
    ("settings", "gpu", "version"),
    [
        (TWO_POOLS, False, "0.30.0"),
        (TWO_POOLS, False, "0.0.0"),
        (TWO_POOLS, True, "0.24.0"),
        (Settings(pools=(msgspec.structs.replace(CHAT, workers=1),)), False, "0.24.0"),
    ],
    ids=["new enough", "built without a version", "a GPU", "one worker"],
)
def test_there_is_no_problem_about_cores_without_need(settings, gpu, version):
    assert core_contention(settings, gpu, {version}) == ()


def test_the_home_is_put_into_folders_before_ollama_sees_them():
    settings = msgspec.structs.replace(
        TWO_POOLS,
        ollama=OllamaSettings(models_dir="~/models"),
        pools=(CHAT, msgspec.structs.replace(EMBEDDING, environment={"OLLAMA_MODELS": '"$HOME/others"'})),
    )
    specs = plan(settings, inherited=Inherited(home="/home/me"))
    assert [spec.environment["OLLAMA_MODELS"] for spec in specs] == [*["/home/me/models"] * 2, "/home/me/others"]


def test_an_inherited_folder_in_the_home_is_replaced_and_a_whole_one_left_alone():
    environments = (Inherited.of({"OLLAMA_MODELS": path}, "/home/me") for path in ("~/models", "/srv/models"))
    found = [plan(inherited=one)[0].environment.get("OLLAMA_MODELS") for one in environments]
    assert found == ["/home/me/models", None]


@pytest.mark.parametrize("path", ["~bob/models", "$MODELS", "models", "C:models"])
def test_a_folder_that_would_get_the_name_as_it_is_written_reaches_no_worker(path):
    pool = msgspec.structs.replace(CHAT, environment={"OLLAMA_MODELS": path})
    assert plan(Settings(pools=(pool,)))[0].environment["OLLAMA_MODELS"] == ""
    inherited = Inherited.of({"OLLAMA_MODELS": path}, "/home/me")
    assert inherited.whole(plan(inherited=inherited)[0]).environment["OLLAMA_MODELS"] == ""
    assert plan(inherited=Inherited.of({"OLLAMA_MODELS": "~/models"}, ""))[0].environment["OLLAMA_MODELS"] == ""


def test_what_workers_inherit_is_what_ollama_reads_and_the_panel_does_not_replace():
    environment = {
        "OLLAMA_KEEP_ALIVE": ' "2h" ',
        "OLLAMA_KV_CACHE_TYPE": "q8_0",
        "CUDA_VISIBLE_DEVICES": "0",
        "LLAMA_ARG_CACHE_RAM": "0",
        "OLLAMA_NUM_PARALLEL": "8",
        "OLLAMA_HOST": "0.0.0.0",
        "OLLAMA_MAX_WORKERS": "4",
        "OLLAMA_NEW_ENGINE": "1",
        "OLLAMA_API_KEY": "secret",
        "OLLAMA_DEBUG": "",
        "HTTPS_PROXY": "http://me:secret@proxy",
        "PATH": "/bin",
    }
    inherited = Inherited.of(environment, "/home/me")
    assert inherited.variables == {
        "CUDA_VISIBLE_DEVICES": "0",
        "LLAMA_ARG_CACHE_RAM": "0",
        "OLLAMA_KEEP_ALIVE": "2h",
        "OLLAMA_KV_CACHE_TYPE": "q8_0",
    }
    pool = msgspec.structs.replace(CHAT, environment={"OLLAMA_KEEP_ALIVE": "5m"})
    assert inherited.effective(pool).environment == {**inherited.variables, "OLLAMA_KEEP_ALIVE": "5m"}
    (first, *_) = map(inherited.whole, plan(inherited=inherited))
    assert (first.environment["OLLAMA_KV_CACHE_TYPE"], first.environment["OLLAMA_NUM_PARALLEL"]) == ("q8_0", "3")


def test_threads_that_the_user_asks_for_replace_the_shares_of_the_cores():
    shares = (plan(cores=4, gpu=False, inherited=Inherited(one))[2].environment for one in ({}, {THREADS: "3"}))
    assert [share.get(THREADS) for share in shares] == ["1", None]


def test_the_pools_own_environment_wins_but_cannot_move_the_address():
    pool = msgspec.structs.replace(CHAT, environment={"OLLAMA_NUM_PARALLEL": "9", "OLLAMA_HOST": "0.0.0.0:1"})
    environment = plan(Settings(pools=(pool,)))[0].environment
    assert (environment["OLLAMA_NUM_PARALLEL"], environment["OLLAMA_HOST"]) == ("9", "127.0.0.1:11500")


def test_a_pool_without_workers_plans_nothing():
    assert plan(Settings(pools=(msgspec.structs.replace(CHAT, workers=0),))) == ()
