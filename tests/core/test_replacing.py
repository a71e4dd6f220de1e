"""The plan to replace a server, word by word, and the settings that follow from it."""

from typing import Any

import msgspec

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.replacements import Control, Means, Replacement, Stage
from ollama_panel.core.replacing import Plan, Surroundings, of_replacement, plan_of, successor_of
from ollama_panel.core.servers import AddressSource, FoundServer, Owner, OwnerKind
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.stores import Found

CHAT = PoolSettings(PoolName("chat"), Role.CHAT, 1, 2, environment={"OLLAMA_KEEP_ALIVE": "2h"})
EMBEDDING = PoolSettings(PoolName("embedding"), Role.EMBEDDING, 1, 1)
SETTINGS = Settings(pools=(EMBEDDING, CHAT))
SERVER = FoundServer(
    "812",
    812,
    1.0,
    Owner(OwnerKind.BY_HAND, "bash"),
    ours=True,
    address="127.0.0.1:11434",
    address_from=AddressSource.DEFAULT,
    variables={
        "HOME": "/home/me",
        "HTTPS_PROXY": "http://(hidden)@proxy:1",
        "OLLAMA_DEBUG": "0",
        "OLLAMA_KEEP_ALIVE": "1h",
        "OLLAMA_KV_CACHE_TYPE": "q8_0",
        "OLLAMA_NUM_PARALLEL": "6",
        "OLLAMA_ORIGINS": "*",
    },
    variables_from=Found.ENVIRONMENT,
    store="/srv/models",
    rss_bytes=3 * 1024**3,
)
AROUND = Surroundings(store_readable=True, url="http://127.0.0.1:11435")


def plan(server: FoundServer = SERVER, around: Surroundings = AROUND, **changes: Any) -> Plan:
    return plan_of(msgspec.structs.replace(server, **changes), SETTINGS, around)


def words(made: Plan) -> list[str]:
    return [render(line) for line in made.lines]


def test_the_plan_says_exactly_what_is_stopped_and_started() -> None:
    assert words(plan()) == [
        "The panel stops the server at 127.0.0.1:11434 (by hand, in bash; process 812) by SIGTERM. "
        "Answers under way break off.",
        "That frees 3.0 GiB of main memory.",
        "In its place run the panel's workers: 1 of pool embedding (1 at a time, context 4,096) and "
        "1 of pool chat (6 at a time, context 4,096).",
        "They use its models, in /srv/models.",
        "They get its variables: OLLAMA_KEEP_ALIVE=1h and OLLAMA_KV_CACHE_TYPE=q8_0.",
        "They do not get HTTPS_PROXY, which hold secrets: set them in the pools if they need them.",
        "The panel takes the address 127.0.0.1:11434, so that clients go on as they are.",
        "`ollama-panel machine give-back 812` undoes it all and starts the server as it ran.",
    ]


def test_the_settings_that_follow() -> None:
    after = plan().settings
    assert (after.proxy.host, after.proxy.port, after.ollama.models_dir) == ("127.0.0.1", 11434, "/srv/models")
    embedding, chat = after.pools
    assert chat.environment == {"OLLAMA_KEEP_ALIVE": "2h", "OLLAMA_KV_CACHE_TYPE": "q8_0"}, "the pool's own wins"
    assert embedding.environment == {"OLLAMA_KEEP_ALIVE": "1h", "OLLAMA_KV_CACHE_TYPE": "q8_0"}
    assert (chat.parallel, embedding.parallel) == (6, 1)


def test_a_server_that_others_reach_is_replaced_at_all_addresses_and_the_plan_says_so() -> None:
    made = plan(address="0.0.0.0:9434")
    assert (made.settings.proxy.host, made.settings.proxy.port) == ("0.0.0.0", 9434)
    assert "Other machines reach the panel at that address, as they reached the server." in words(made)


def test_where_the_address_cannot_be_taken_clients_must_change() -> None:
    other = "Clients must use the address of the panel: http://127.0.0.1:11435."
    for made in (plan(address=None), plan(around=msgspec.structs.replace(AROUND, fixed_address=True))):
        assert other in words(made)
        assert made.settings.proxy == SETTINGS.proxy


def test_the_models_stay_where_they_are_if_they_cannot_be_read_or_are_the_same() -> None:
    closed, same = Surroundings(url="x"), msgspec.structs.replace(AROUND, same_store=True)
    for made, told in (
        (plan(around=closed), "They keep their own models: the panel's user cannot read those in /srv/models."),
        (plan(around=same), "They use the same models as now."),
        (plan(store=None), "They keep their own models: where those of the server are is unknown."),
    ):
        assert any(line.startswith(told) for line in words(made))
        assert made.settings.ollama.models_dir == ""


def test_what_a_log_tells_is_not_carried_over_because_defaults_are_among_it() -> None:
    assert plan(variables_from=Found.LOG).settings.pools[0].environment == {}


def test_pools_without_workers_get_one() -> None:
    stopped = tuple(msgspec.structs.replace(pool, workers=0) for pool in SETTINGS.pools)
    after = plan_of(SERVER, msgspec.structs.replace(SETTINGS, pools=stopped), AROUND).settings
    assert [pool.workers for pool in after.pools] == [0, 1]


def test_a_unit_of_the_system_is_stopped_by_the_user() -> None:
    made = plan(owner=Owner(OwnerKind.SYSTEM_UNIT, "ollama.service", "ollama.service"), ours=False)
    assert made.control.means is Means.USER
    assert words(made)[0] == (
        "You stop the server at 127.0.0.1:11434 (systemd: ollama.service; process 812) by "
        "`sudo systemctl stop ollama.service`; the panel waits until it has ended. Answers under way break off."
    )
    assert words(made)[-1] == (
        "`ollama-panel machine give-back 812` undoes it all; you start the server by "
        "`sudo systemctl start ollama.service`."
    )


def test_what_the_panel_could_not_start_again_it_does_not_stop() -> None:
    made = plan(around=msgspec.structs.replace(AROUND, repeatable=False))
    assert made.control == Control(Means.USER, ("kill 812",))
    assert words(made)[-1] == (
        "`ollama-panel machine give-back 812` undoes it all; you start the server where it was started."
    )


def test_what_the_user_is_to_type_follows_from_the_stage() -> None:
    control = Control(Means.USER, ("docker stop llm",), ("docker start llm",))
    stopping = Replacement("812", SERVER, Stage.STOPPING, control)
    replaced, returning = (
        msgspec.structs.replace(stopping, stage=stage) for stage in (Stage.REPLACED, Stage.RETURNING)
    )
    assert (stopping.todo, replaced.todo, returning.todo) == (control.stop, (), control.start)
    assert [render(of_replacement(one)) for one in (stopping, replaced, returning)] == [
        "The panel waits until process 812 has ended; then its workers take its place.",
        "The panel's workers have taken the place of the server at 127.0.0.1:11434.",
        "The panel has given its place back. Start the server by `docker start llm`.",
    ]
    again = msgspec.structs.replace(SERVER, pid=900, owner=Owner(OwnerKind.BY_HAND, "loop.sh"))
    assert render(of_replacement(replaced, (SERVER, again))) == (
        "The server at 127.0.0.1:11434 was replaced by the panel's workers, but runs again (by hand, in loop.sh; "
        "process 900): give it its place back, or keep it from being started."
    )
    ours = msgspec.structs.replace(again, owner=Owner(OwnerKind.PANEL))
    assert render(of_replacement(replaced, (ours,))) == render(of_replacement(replaced))
    assert msgspec.structs.replace(stopping, control=Control(Means.SIGNAL)).todo == ()


def test_the_server_in_the_place_of_one_of_unknown_address_is_of_the_same_owner() -> None:
    unknown = msgspec.structs.replace(SERVER, address=None)
    again = msgspec.structs.replace(unknown, pid=900)
    other = msgspec.structs.replace(again, owner=Owner(OwnerKind.DOCKER, "another"))
    assert successor_of(unknown, (unknown, other, again)) is again
    assert successor_of(unknown, (other,)) is None
