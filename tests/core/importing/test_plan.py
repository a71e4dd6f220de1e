import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.ids import PoolName
from ollama_panel.core.importing.plan import planned
from ollama_panel.core.importing.record import Here, Import, NotTaken, OfferId, Taken, Wrong
from ollama_panel.core.launch import InstanceSpec, plan_instances
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.sources.record import Mistake, Place, Reading, SourceKind
from tests.core.importing.servers import DROP_IN, container, unit

HERE = Here(url="http://127.0.0.1:11435")


def chat(made: Import) -> PoolSettings:
    return next(pool for pool in made.settings.pools if pool.name == "chat")


def told(found: tuple[Taken | NotTaken | Wrong, ...]) -> list[str]:
    return [render(one.told) for one in found]


def test_the_variables_of_a_service_become_settings_of_a_pool() -> None:
    service = unit(
        {
            "OLLAMA_NUM_PARALLEL": "4",
            "OLLAMA_CONTEXT_LENGTH": "8192",
            "OLLAMA_MODELS": "/data/models",
            "OLLAMA_KEEP_ALIVE": "24h",
        }
    )
    made = planned([service], Settings(), here=HERE)
    pool, plan = chat(made), made.plan
    assert (pool.workers, pool.parallel, pool.context_length) == (1, 4, 8192)
    assert (pool.environment, made.settings.ollama.models_dir) == ({"OLLAMA_KEEP_ALIVE": "24h"}, "/data/models")
    assert told(plan.taken) == [
        "Workers of the pool chat: 1, as ollama.service.",
        "OLLAMA_NUM_PARALLEL=4 becomes Parallel of the pool chat.",
        "OLLAMA_CONTEXT_LENGTH=8192 becomes Context length of the pool chat.",
        "OLLAMA_KEEP_ALIVE=24h goes into the environment of the pool chat.",
        "OLLAMA_MODELS=/data/models becomes the models folder of all workers.",
    ]
    assert plan.taken[1].places == (Place(DROP_IN, 2, 'Environment="OLLAMA_NUM_PARALLEL=4"'),)
    assert (plan.ignored, plan.wrong, plan.offers) == ((), (), ())
    assert plan.pools == (pool,)


def test_what_the_source_does_not_set_stays() -> None:
    pool = PoolSettings(PoolName("chat"), parallel=6, environment={"OLLAMA_DEBUG": "1"}, models=("a",))
    made = planned([unit({"OLLAMA_KEEP_ALIVE": "1h"})], Settings(pools=(pool,)))
    environment = {"OLLAMA_DEBUG": "1", "OLLAMA_KEEP_ALIVE": "1h"}
    assert made.settings.pools == (msgspec.structs.replace(pool, environment=environment),)


def test_one_server_for_each_card_becomes_one_worker_for_each() -> None:
    cards = [
        unit(
            {"CUDA_VISIBLE_DEVICES": str(card), "OLLAMA_HOST": f"127.0.0.1:{11434 + card}"},
            f"ollama-gpu{card}.service",
            path=f"/etc/systemd/system/ollama-gpu{card}.service",
        )
        for card in range(2)
    ]
    made = planned(cards, Settings(), here=HERE)
    assert (chat(made).workers, chat(made).environment) == (2, {})
    assert set(told(made.plan.ignored)) == {
        "Each worker of the pool chat sees all cards, and loads a model where there is room.",
        "Workers have addresses of their own: clients use that of the panel, http://127.0.0.1:11435.",
    }


def test_the_card_of_the_only_server_stays_that_of_its_worker() -> None:
    made = planned([unit({"CUDA_VISIBLE_DEVICES": "1"})], Settings())
    assert chat(made).environment == {"CUDA_VISIBLE_DEVICES": "1"}


@pytest.mark.parametrize(
    ("host", "meant"),
    [("0.0.0.0", "0.0.0.0"), ("[::]:11434", "::"), (":11434", "0.0.0.0"), ("192.168.1.5", "192.168.1.5")],
)
def test_the_network_is_offered_and_never_opened_in_silence(host: str, meant: str) -> None:
    service = unit({"OLLAMA_HOST": host})
    made = planned([service], Settings(), here=HERE)
    assert made.settings.proxy == Settings().proxy
    assert [(one.id, one.accepted) for one in made.plan.offers] == [(OfferId.NETWORK, False)]
    accepted = planned([service], Settings(), [OfferId.NETWORK], HERE)
    assert (accepted.settings.proxy.host, accepted.plan.offers[0].accepted) == (meant, True)
    assert accepted.plan.id != made.plan.id


@pytest.mark.parametrize("host", ["127.0.0.1:11500", "localhost"])
def test_a_server_of_this_machine_alone_offers_nothing(host: str) -> None:
    assert planned([unit({"OLLAMA_HOST": host})], Settings()).plan.offers == ()


def test_the_address_inside_a_container_is_open_only_if_its_port_is() -> None:
    variables = {"OLLAMA_HOST": "0.0.0.0"}
    assert planned([container(variables, "127.0.0.1:11434")], Settings()).plan.offers == ()
    assert planned([container(variables, "11434")], Settings()).plan.offers[0].id is OfferId.NETWORK


def test_web_pages_that_may_call_ollama_may_call_the_panel_and_all_of_them_only_if_somebody_says_so() -> None:
    service = unit({"OLLAMA_ORIGINS": "https://chat.example.org, *,nonsense"})
    made = planned([service], Settings())
    assert made.settings.proxy.allowed_origins == ("https://chat.example.org",)
    assert [one.id for one in made.plan.offers] == [OfferId.ORIGINS]
    assert [(one.code, one.name) for one in made.plan.wrong] == [("bad-value", "OLLAMA_ORIGINS")]
    every = planned([service], Settings(), [OfferId.ORIGINS])
    assert every.settings.proxy.allowed_origins == ("https://chat.example.org", "*")


def test_folklore_and_values_that_ollama_cannot_read_are_wrong_and_not_taken() -> None:
    values = {"OLLAMA_GPU_LAYERS": "40", "OLLAMA_KEEP_ALIVE": "soon", "OLLAMA_NUM_PARALLEL": "many", "PATH": "/bin"}
    made = planned([unit(values)], Settings())
    assert made.settings == Settings()
    assert [one.name for one in made.plan.wrong] == ["OLLAMA_GPU_LAYERS", "OLLAMA_KEEP_ALIVE", "OLLAMA_NUM_PARALLEL"]
    assert not any(one.taken for one in made.plan.wrong)
    assert told(made.plan.ignored) == ["No server of Ollama reads PATH."]


def test_a_value_that_the_settings_refuse_is_told_with_its_line() -> None:
    (wrong,) = planned([unit({"OLLAMA_NUM_PARALLEL": "100"})], Settings()).plan.wrong
    assert (wrong.code, wrong.name, wrong.place.line) == ("refused", "OLLAMA_NUM_PARALLEL", 2)
    assert "pools.chat.parallel" in render(wrong.told)


def test_a_mistake_of_the_source_is_told_once_and_says_whether_its_value_is_taken() -> None:
    reading = unit({"OLLAMA_KEEP_ALIVE": "soon", "OLLAMA_DEBUG": "1"})
    first, second = reading.servers[0].assignments
    mistakes = tuple(
        Mistake(code, notice("environment.unknown", name=one.name), one.place, one.name)
        for code, one in (("bad-value", first), ("lost-at-reboot", second))
    )
    plan = planned([msgspec.structs.replace(reading, mistakes=mistakes)], Settings()).plan
    assert [(one.code, one.name, one.taken) for one in plan.wrong] == [
        ("bad-value", "OLLAMA_KEEP_ALIVE", False),
        ("lost-at-reboot", "OLLAMA_DEBUG", True),
    ]


def test_zero_and_nothing_leave_the_number_of_the_pool() -> None:
    made = planned([unit({"OLLAMA_NUM_PARALLEL": "0", "OLLAMA_CONTEXT_LENGTH": ""})], Settings())
    assert made.settings == Settings()
    assert len(made.plan.ignored) == 2


def test_the_store_of_a_container_is_where_its_folder_is_on_the_machine() -> None:
    variables, folders = {"OLLAMA_MODELS": "/root/.ollama/models"}, {"/root/.ollama": "/srv/ollama/"}
    made = planned([container(variables, "11434", folders=folders)], Settings())
    assert made.settings.ollama.models_dir == "/srv/ollama/models"
    volume = planned([container(variables, "11434", folders={"/root/.ollama": "ollama"})], Settings())
    assert (volume.settings.ollama.models_dir, len(volume.plan.ignored)) == ("", 1)


def test_a_second_store_is_that_of_its_own_pool() -> None:
    other = unit(
        {"OLLAMA_MODELS": "/b", "OLLAMA_HOST": ":11435"}, "ollama-code.service", path="/etc/ollama-code.service"
    )
    made = planned([unit({"OLLAMA_MODELS": "/a"}), other], Settings())
    code = made.settings.pools[-1]
    assert (made.settings.ollama.models_dir, code.name, code.role) == ("/a", "code", Role.CODE)
    assert code.environment == {"OLLAMA_MODELS": "/b"}


def test_a_source_that_cannot_be_read_is_told() -> None:
    told_of = notice("file.none", name="notes.txt")
    plan = planned([Reading(SourceKind.SHELL, "notes.txt", problem=told_of)], Settings()).plan
    assert [(one.code, one.told) for one in plan.wrong] == [("unreadable-file", told_of)]
    assert (plan.taken, plan.changes) == ((), ())


def test_no_secret_of_a_source_is_shown() -> None:
    secrets = {"OLLAMA_API_KEY": "sk-aaaa1111bbbb2222", "HTTPS_PROXY": "http://ann:hunter22@proxy:3128"}
    made = planned([unit(secrets)], Settings())
    shown = msgspec.json.encode(made.plan).decode()
    assert "sk-aaaa" not in shown
    assert "hunter22" not in shown
    assert chat(made).environment["HTTPS_PROXY"] == secrets["HTTPS_PROXY"], "the worker needs it all the same"


VARIABLES = st.fixed_dictionaries(
    {},
    optional={
        "OLLAMA_KEEP_ALIVE": st.sampled_from(["5m", "24h", "-1"]),
        "OLLAMA_FLASH_ATTENTION": st.sampled_from(["0", "1"]),
        "OLLAMA_LOAD_TIMEOUT": st.sampled_from(["10m", "1h30m"]),
        "CUDA_VISIBLE_DEVICES": st.sampled_from(["0", "0,1"]),
    },
)
POOL = st.builds(
    PoolSettings,
    name=st.sampled_from([PoolName(name) for name in ("chat", "embedding", "code", "vision", "batch")]),
    workers=st.integers(1, 3),
    parallel=st.integers(1, 64),
    context_length=st.integers(256, 1_048_576),
    environment=VARIABLES,
)


@given(st.lists(POOL, min_size=1, max_size=4, unique_by=lambda pool: pool.name), st.booleans(), st.integers(1, 64))
def test_the_workers_of_a_panel_become_the_pools_that_they_are_of(
    pools: list[PoolSettings], gpu: bool, cores: int
) -> None:
    whole = tuple(msgspec.structs.replace(pool, role=Role(pool.name)) for pool in pools)
    settings = msgspec.structs.replace(Settings(), pools=whole)
    specs = plan_instances(settings, ["ollama"], cores, gpu)
    made = planned([_exported(spec) for spec in specs], Settings(), here=Here(cores, gpu))
    found = {pool.name: pool for pool in made.settings.pools}
    assert {pool.name: found[pool.name] for pool in whole} == {pool.name: pool for pool in whole}
    assert made.plan.wrong == ()


def _exported(spec: InstanceSpec) -> Reading:
    name = f"ollama-{spec.id}.service"
    return unit(spec.environment, name, path=f"/etc/systemd/system/{name}")


def test_what_is_imported_twice_changes_nothing_the_second_time() -> None:
    service = unit({"OLLAMA_NUM_PARALLEL": "4", "OLLAMA_ORIGINS": "https://a.example", "OLLAMA_MODELS": "/m"})
    once = planned([service], Settings())
    again = planned([service], once.settings)
    assert (again.settings, again.plan.changes) == (once.settings, ())


def test_a_single_server_takes_no_workers_from_a_pool() -> None:
    settings = Settings(pools=(PoolSettings(PoolName("chat"), workers=3),))
    made = planned([unit({"OLLAMA_KEEP_ALIVE": "1h"})], settings)
    assert chat(made).workers == 3
    assert (
        told(made.plan.taken)[0]
        == "ollama.service becomes a worker of the pool chat, which keeps its number of workers."
    )
    idle = Settings(pools=(PoolSettings(PoolName("chat"), workers=0),))
    assert chat(planned([unit({"OLLAMA_KEEP_ALIVE": "1h"})], idle)).workers == 1


def test_more_servers_than_a_pool_has_workers_are_told() -> None:
    many = [
        unit({"OLLAMA_HOST": f"127.0.0.1:{11500 + number}"}, f"ollama-{number}.service", path=f"/x/{number}")
        for number in range(17)
    ]
    made = planned(many, Settings())
    assert chat(made).workers == 16
    assert "ollama-16" not in told(made.plan.taken)[0]
    (left,) = (one for one in made.plan.ignored if one.told.code == "import.too_many")
    assert (left.place.path, render(left.told)) == (
        "/x/16",
        "ollama-16.service becomes no worker: the pool chat has 16, and no pool may have more.",
    )


def test_a_source_that_sets_nothing_is_no_server() -> None:
    plan = planned([unit({}, "")], Settings()).plan
    assert (plan.taken, plan.changes) == ((), ())


def test_a_variable_that_no_newer_ollama_reads_is_not_taken_if_the_version_is_unknown() -> None:
    made = planned([unit({"OLLAMA_INTEL_GPU": "1"})], Settings())
    assert (chat(made).environment, [one.name for one in made.plan.wrong]) == ({}, ["OLLAMA_INTEL_GPU"])
    old = planned([unit({"OLLAMA_INTEL_GPU": "1"})], Settings(), here=Here(version=(0, 12, 0)))
    assert chat(old).environment == {"OLLAMA_INTEL_GPU": "1"}
