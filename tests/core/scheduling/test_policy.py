import msgspec
import pytest

from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.slo import Slo
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.settings.tree_scheduling import SchedulingSettings

ELSEWHERE = {"client_headers", "record_events", "record_mib", "raise_context", "adjust_when_idle"}
"""What the proxy and the engine read themselves."""

OTHER_VALUES = {
    "client_headers": "X-User",
    "spare_machine": "off",
    "power_slots": "1",
    "adjust": "slots",
    "adjust_when_idle": "on",
    "reserved_slots": "3",
    "batch_share": "0.5",
    "max_preemptions": "7",
    "weights": '{"ann": 2.0}',
    "classes": '{"ann": "batch"}',
    "limits": '{"ann": 2}',
    "fit_context": "on",
    "keep_homes": "off",
    "one_option_set": "off",
    "swap_models": "off",
    "dwell_s": "1.5",
    "chats_on_embedding": "on",
    "split_embeddings": "off",
    "raise_context": "on",
    "record_events": "on",
    "record_mib": "64",
}


def test_the_defaults_are_those_of_the_settings():
    assert Policy.of(Settings()) == Policy()
    assert Policy.of(Settings(), paused=True) == Policy(paused=True)


@pytest.mark.parametrize("name", [field.name for field in msgspec.structs.fields(SchedulingSettings)])
def test_every_setting_of_the_scheduler_reaches_it(name):
    changed = codec.set(Settings(), f"scheduling.{name}", OTHER_VALUES[name])
    assert (Policy.of(changed) == Policy()) is (name in ELSEWHERE)


@pytest.mark.parametrize(("name", "text"), [("queue_limit", "5"), ("queue_timeout_s", "2.5")])
def test_so_do_those_of_the_queue(name, text):
    assert Policy.of(codec.set(Settings(), f"proxy.{name}", text)) != Policy()


def test_seconds_become_microseconds():
    settings = codec.set(Settings(), "scheduling.dwell_s", "1.5")
    assert Policy.of(settings).dwell_us == 1_500_000


def test_the_slos_of_the_pools_become_microseconds():
    settings = codec.set(Settings(), "pools.chat.slo_token_rate", "20")
    assert Policy.of(settings).slos == {"chat": Slo(token_us=50_000)}
    settings = codec.set(settings, "pools.chat.slo_first_token_s", "2")
    assert Policy.of(settings).slos == {"chat": Slo(2_000_000, 50_000)}
