"""Profiles of a running engine: saved, applied by the rolling change, taken back, forgotten and imported."""

from pathlib import Path

import msgspec

from ollama_panel.core.ids import PoolName
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.tuning import profile_file, profiles
from ollama_panel.core.tuning.profile import ProfileSource
from ollama_panel.engine.paths import Paths
from tests.fakes.api_client import ApiClient, live_api
from tests.fakes.live_engine import chat_pool, settings
from tests.fakes.tunings import HERE, LLAMA, tuning

FAST = profiles.of_tuning("fast", tuning())
MAC = msgspec.structs.replace(FAST, provenance=msgspec.structs.replace(HERE, hardware="Apple M4 Max", driver=""))


async def in_force(api: ApiClient) -> PoolSettings:
    """Return the settings of the pool."""
    shown = await api.get("/settings")
    return msgspec.convert(shown["settings"]["pools"][0], PoolSettings)


async def test_a_saved_profile_brings_the_settings_of_a_pool_back(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        saved = await api("PUT /profiles/quiet%20night", {"pool": "chat"})
        assert saved.status_code == 200, saved.text
        assert saved.json()["profile"]["source"] == "hand"
        assert saved.json()["in_force"] == ["chat"]
        before = await in_force(api)

        assert (await api("PATCH /pools/chat?wait=true", {"parallel": 7})).status_code == 200
        (listed,) = (await api.get("/profiles"))["profiles"]
        assert (listed["name"], listed["in_force"], listed["problem"]) == ("quiet night", [], None)

        planned = await api("POST /profiles/quiet%20night/apply?dry_run=true")
        assert [one["code"] for one in planned.json()["effects"]] == ["plan.restart_one"]
        assert (await in_force(api)).parallel == 7

        applied = await api("POST /profiles/quiet%20night/apply?wait=true")
        assert applied.json()["pool"]["parallel"] == before.parallel
        assert await in_force(api) == before
        assert (await api.get("/instances/chat-1"))["parallel"] == before.parallel

        assert (await api("POST /settings/undo")).status_code == 200
        assert (await in_force(api)).parallel == 7


async def test_a_profile_of_another_machine_is_taken_and_what_differs_is_said(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        await api.panel.until(lambda one: any(facts.name == LLAMA and facts.digest for facts in one.models))
        got = await api("PUT /profiles/theirs", {"profile": content(profile_file.written(MAC, "0.9.0"))})
        assert got.status_code == 200, got.text
        answer = got.json()
        assert answer["profile"]["source"] == ProfileSource.IMPORTED.value
        assert answer["profile"]["provenance"]["hardware"] == "Apple M4 Max"
        assert answer["profile"]["verdict"]["after"]["tokens_per_s"]["mean"] == 433.0
        assert answer["problem"]["code"] == "validity.changed"
        assert "another build of llama3.1:8b" in answer["problem"]["text"]
        await api.panel.until(lambda one: [profile.name for profile in one.profiles] == ["theirs"])

        again = await api("PUT /profiles/copy", {"profile": answer["profile"]})
        assert again.json()["profile"] == {**answer["profile"], "name": "copy"}


async def test_a_profile_can_be_given_to_another_pool_which_keeps_what_it_is_for(tmp_path: Path) -> None:
    async with live_api(tmp_path, settings(pools=(*chat_pool(), PoolSettings(PoolName("batch"), workers=0)))) as api:
        await api.panel.engine.control.profiles.keep(FAST)
        got = await api("POST /profiles/fast/apply?pool=batch&wait=true")
        assert got.status_code == 200, got.text
        assert (got.json()["pool"]["name"], got.json()["pool"]["parallel"]) == ("batch", FAST.settings.parallel)
        missing = await api("POST /profiles/fast/apply?pool=none")
        assert (missing.status_code, missing.json()["code"]) == (404, "pool.unknown")


async def test_a_profile_that_is_forgotten_is_gone_and_can_be_kept_again(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        commands = api.panel.engine.control.profiles
        await commands.keep(FAST)
        assert await commands.forget("fast") == FAST
        assert (await api("GET /profiles/fast")).status_code == 404
        await commands.keep(FAST)
        assert await commands.find("fast") == FAST


async def test_the_profiles_are_there_after_a_restart(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        await api.panel.engine.control.profiles.keep(FAST)
    async with live_api(tmp_path) as api:
        await api.panel.until(lambda one: [profile.name for profile in one.profiles] == ["fast"])


def content(written: bytes) -> object:
    """Return the profile in a file, as JSON."""
    return msgspec.json.decode(written)["profile"]


async def test_the_result_of_an_earlier_tuning_is_saved_and_predicts(tmp_path: Path) -> None:
    """As it is read from the disk after a restart."""
    record = tuning(tuning_id="20260930-120000", pool=chat_pool()[0])
    folder = Paths(tmp_path).tunings
    folder.mkdir(parents=True)
    (folder / f"{record.id}.json").write_bytes(msgspec.json.encode(record))
    async with live_api(tmp_path) as api:
        shown = await api.panel.until(lambda one: one.curves)
        assert [curve.tuning for curve in shown.curves] == [record.id]
        saved = await api("PUT /profiles/best", {"tuning": record.id})
        assert saved.status_code == 200, saved.text
        assert saved.json()["profile"]["settings"]["parallel"] == 16
        assert saved.json()["profile"]["tuning"] == record.id
        missing = await api("PUT /profiles/best", {"tuning": "20200101-000000"})
        assert (missing.status_code, missing.json()["code"]) == (404, "profiles.no_tuning")
