"""`/panel/status`: the snapshot as JSON with the texts of its notices."""

import json
from typing import Any

import msgspec

from ollama_panel.core.alerts import AlertTimes, alerts
from ollama_panel.core.findings import DoctorRecord
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import ChangePools, Notice, RaiseContext, notice
from ollama_panel.core.notices.render import render, with_texts
from ollama_panel.core.panel_api import Status
from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.settings.tree import ApiKey, PoolSettings, Problem, ProxySettings, Settings
from ollama_panel.core.snapshot import MachineAlert, PoolRecord, RequestRecord, RequestState, Snapshot
from ollama_panel.core.tuning.record import Provenance, TuningRecord, TuningState
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.engine.status import page

CAUSE = notice("attempt.error", error='{x} %s "q"\n\u65e5\u672c').showing("exit status 1")
WHYS = (
    None,
    notice("request.client_left"),
    notice("queue.timeout", waited=2.0),
    notice("queue.timeout", waited=2.5),
    notice("request.failed_again", tries=3, cause=CAUSE),
    notice("request.failed_again", tries=3, cause=notice("attempt.error", error="another")),
    notice("panel.method", path="/panel", methods=("GET", "POST")).offering(RaiseContext((PoolName("chat"),), 8192)),
    notice("panel.method", path="/panel", methods=("GET", "POST")),
)


def record(number: int, why: Notice | None) -> RequestRecord:
    name, client, model = RequestId(f"r{number}"), ClientId('c{}"%'), ModelName("a\n:latest")
    state = RequestState.WAITING
    return RequestRecord(name, client, RequestClass.BATCH, model, "/api/chat", True, state, 1.5, why=why)


def shown(snapshot: Snapshot) -> Any:
    return json.loads(page(snapshot))


def test_every_notice_has_its_text_beside_its_own_values() -> None:
    requests = tuple(record(number, why) for number, why in enumerate((*WHYS, *WHYS)))
    pools = (PoolRecord(PoolName("chat"), Role.CHAT, progress=WHYS[4]),)
    problems = (Problem("a", CAUSE),)
    snapshot = Snapshot(
        2.0, Settings(), requests=requests, finished=requests[::-1], pools=pools, problems=problems, notices=WHYS[1:]
    )
    plain = with_texts(msgspec.to_builtins(snapshot))
    assert isinstance(plain, dict)
    del plain["machine_alerts"]
    assert shown(snapshot) == json.loads(msgspec.json.encode(plain | {"alerts": []}))
    assert [one["why"] and one["why"]["text"] for one in shown(snapshot)["requests"]] == [
        why and render(why) for why in (*WHYS, *WHYS)
    ]


def test_variables_named_like_the_parts_of_a_notice_are_no_notice() -> None:
    environment = dict.fromkeys(Notice.__struct_fields__, "1")
    pool = PoolSettings(PoolName("chat"), environment=environment)
    assert shown(Snapshot(0.0, Settings(pools=(pool,))))["settings"]["pools"][0]["environment"] == environment


def test_nothing_is_an_empty_list() -> None:
    assert (shown(Snapshot(0.0, Settings()))["requests"], shown(Snapshot(0.0, Settings()))["finished"]) == ([], [])


def test_keys_are_not_shown() -> None:
    key = ApiKey("web", "0123456789abcdef" * 4)
    assert "0123456789abcdef" not in page(Snapshot(0.0, Settings(proxy=ProxySettings(api_keys=(key,))))).decode()


def test_a_tuning_has_texts_and_shows_no_secret_of_the_pool_that_it_found() -> None:
    pool = PoolSettings(PoolName("chat"), environment={"HF_TOKEN": "sesame-sesame"} | {"OLLAMA_KEEP_ALIVE": "1h"})
    task = TuningTask(pool.name, ModelName("llama3.1:8b"))
    record = TuningRecord("t1", task, pool, Provenance(0.0), TuningState.FAILED, reason=WHYS[1])
    tuning = shown(Snapshot(0.0, Settings(), tuning=record))["tuning"]
    assert tuning["settings"]["environment"] == {"HF_TOKEN": "(hidden)", "OLLAMA_KEEP_ALIVE": "1h"}
    assert tuning["reason"]["text"] == render(notice("request.client_left"))


def test_alerts_say_since_when_and_what_can_be_done_and_come_back_as_records() -> None:
    told = notice("layers_spilled", model="m:1", on_gpu=21, layers=33, advice=notice("fits.type", type="q8_0"))
    offer = ChangePools((PoolName("chat"),), environment=(("OLLAMA_KV_CACHE_TYPE", "q8_0"),))
    spilled = MachineAlert("layers_spilled", told, 40.0, "chat", ModelName("m:1"), (InstanceId("chat-1"),), 2, (offer,))
    snapshot = Snapshot(100.0, Settings(), machine_alerts=(spilled,), paused=True)
    found = AlertTimes().of(alerts(snapshot), snapshot.at)
    content = page(snapshot, found, 1_800_000_000.0)
    (paused, one) = [alert for alert in json.loads(content)["alerts"] if alert["code"] != "state.proxy_off"]
    assert (one["code"], one["level"], one["since"], one["since_time"]) == (
        "layers_spilled",
        "warning",
        40.0,
        "2027-01-15T07:59:00Z",
    )
    assert one["told"]["text"] == "m:1: 21 of 33 layers are on the GPU. It fits with its KV cache as q8_0."
    assert (paused["code"], paused["since_time"], paused["actions"]) == (
        "state.paused",
        "2027-01-15T08:00:00Z",
        ["resume"],
    )
    (record,) = [alert for alert in msgspec.json.decode(content, type=Status).alerts if alert.model]
    assert (record.actions, record.instances, record.times) == ((offer,), ("chat-1",), 2)


def test_what_the_doctor_has_found_is_encoded_once_for_each_record() -> None:
    first, second = (DoctorRecord(mending=name) for name in ("a", "b"))
    shown = [json.loads(page(Snapshot(1.0, Settings(), doctor=one)))["doctor"] for one in (first, first, second, first)]
    assert [one["mending"] for one in shown] == ["a", "a", "b", "a"]
