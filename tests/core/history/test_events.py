from typing import Any

import msgspec
import pytest

from ollama_panel.core import gpu_yield_told
from ollama_panel.core.gpu_yield import YieldCause, YieldRecord, YieldState
from ollama_panel.core.history.events import Changes
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.core.snapshot import InstanceRecord, MachineAlert, ProxyRecord, Snapshot
from ollama_panel.core.watchdog_record import WatchdogRecord

READY = InstanceRecord(InstanceId("chat-1"), PoolName("chat"), Role.CHAT, True, "http://127.0.0.1:1", Phase.READY)
WELL = Snapshot(0.0, Settings(), instances=(READY,), proxy=ProxyRecord(on=True))
FULL = Problem("folder", notice("file.not_written", path="x", reason="disk full"))


def told(*snapshots: Snapshot) -> list[str]:
    changes = Changes()
    return [render(words) for one in snapshots for _, _, words in changes.after(one)]


def after(**changes: Any) -> Snapshot:
    return msgspec.structs.replace(WELL, **changes)


def with_phase(phase: Phase, **changes: Any) -> Snapshot:
    return after(instances=(msgspec.structs.replace(READY, phase=phase, **changes),))


def test_nothing_is_told_of_a_panel_that_stays_as_it_is() -> None:
    assert told(WELL, WELL, after(at=9.0)) == []


def test_an_instance_that_dies_is_told_with_its_reason_and_so_is_its_return() -> None:
    dead = with_phase(Phase.BACKOFF, detail=notice("process.exited", code=1))
    assert told(WELL, dead, dead, WELL) == [
        "chat-1 does not answer any more. The server ended with exit code 1.",
        "chat-1 is ready.",
    ]


def test_each_change_of_who_has_the_gpu_is_told() -> None:
    def given(state: YieldState, cause: YieldCause, waiting: int = 0) -> Snapshot:
        words = gpu_yield_told.told(state, cause, "", 30.0, gpu=True)
        return after(gpu_yield=YieldRecord(state, cause, words, waiting=waiting))

    yielded = given(YieldState.YIELDED, YieldCause.GPU_BUSY)
    more = given(YieldState.YIELDED, YieldCause.GPU_BUSY, waiting=9)
    assert told(WELL, given(YieldState.FINISHING, YieldCause.GPU_BUSY), yielded, more, WELL) == [
        "The GPU is being given to other programs (other programs use it): what runs ends first, new requests wait.",
        "The GPU is given to other programs (other programs use it): requests wait until that has been over for 30 s.",
        "The GPU serves requests again.",
    ]


@pytest.mark.parametrize("gone", [with_phase(Phase.STOPPED), after(instances=())])
def test_an_instance_that_is_stopped_or_removed_is_told(gone: Snapshot) -> None:
    assert "chat-1 was stopped." in told(WELL, gone)


def test_an_alert_is_told_when_it_opens_and_when_it_closes() -> None:
    assert told(WELL, after(problems=(FULL,)), after(problems=(FULL,)), WELL) == [
        "Alert: folder: x cannot be written (disk full).",
        "Over: folder: x cannot be written (disk full).",
    ]


def test_what_the_panel_proposes_or_has_adjusted_is_told_with_its_reason() -> None:
    more = notice("adjust.more_slots", pool="chat", model="llama3.1:8b", before=4, after=8)
    done = notice("adjust.done", pool="chat", model="llama3.1:8b", why=more)
    assert told(WELL, after(notices=(done,))) == [
        "Alert: chat was changed for llama3.1:8b while it was idle. Requests for chat wait while every slot of "
        "llama3.1:8b is taken: with 8 instead of 4, more of them run at once, and the memory suffices."
    ]


def test_a_card_that_is_lost_at_night_is_told_although_nothing_else_changes() -> None:
    lost = MachineAlert("gpu_lost", notice("gpu_lost", cards=("NVIDIA L4",)), since=5.0)
    began, over = told(WELL, after(machine_alerts=(lost,)), WELL)
    assert began.startswith("Alert: Ollama does not find NVIDIA L4 any more")
    assert over.startswith("Over: Ollama does not find NVIDIA L4 any more")


def test_the_keys_of_changed_settings_are_told_and_no_values() -> None:
    settings = codec.set(codec.set(Settings(), "pools.chat.environment.MY_TOKEN", "hunter2"), "proxy.port", "11500")
    assert told(WELL, after(settings=settings)) == [
        "The settings were changed: proxy.port and pools.chat.environment.MY_TOKEN."
    ]


def test_many_changed_settings_are_not_all_named() -> None:
    settings = Settings()
    for number in range(30):
        settings = codec.set(settings, f"pools.chat.environment.V{number}", "1")
    (line,) = told(WELL, after(settings=settings))
    assert line.endswith("and ….")


def test_each_restart_of_an_instance_that_hung_is_told() -> None:
    restarted = [with_phase(Phase.READY, watchdog=WatchdogRecord(restarts=number)) for number in range(3)]
    assert told(*restarted) == ["chat-1 was restarted because it hung."] * 2
