"""The alerts of the Overview as findings, each once."""

import msgspec
import pytest

from ollama_panel.core.alerts import Alert, alerts, of_machine
from ollama_panel.core.bypass import BypassRecord, Origin
from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.checks import CHECKS
from ollama_panel.core.doctor.facts import LogFacts
from ollama_panel.core.doctor.panel_alerts import CHECK_OF, PANEL, finding_id, finding_of, known_alerts
from ollama_panel.core.findings import Area, ChangeSettings, EditFiles, Remedy, UseRemedy
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import Notice, RaiseContext, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.ollama.incident import Kind
from ollama_panel.core.settings.tree import KeyRule, Problem, ProxySettings, Settings
from ollama_panel.core.snapshot import MachineAlert, ProxyRecord
from tests.core.doctor.panels import CHAT, LLAMA, POOL, facts, panel
from tests.core.doctor.test_unwatched import machine

SPILLED = MachineAlert(
    Kind.LAYERS_SPILLED.value,
    notice("layers_spilled", model=LLAMA, on_gpu=21, layers=33, advice=notice("fits.never")),
    0.0,
    where="chat",
    model=LLAMA,
    instances=(InstanceId("chat-1"),),
)
CUT = notice("prompt_cut.from_to", model=LLAMA, client="aider", tokens=9375, kept=4096, advice=notice("advice.trained"))


def test_every_kind_of_incident_has_its_check() -> None:
    checks = {one.id for one in CHECKS}
    assert {*CHECK_OF.values(), PANEL} <= checks
    assert {kind.value for kind in Kind} <= CHECK_OF.keys()


def test_checks_have_different_ids() -> None:
    assert len({one.id for one in CHECKS}) == len(CHECKS)


def test_each_alert_is_one_finding() -> None:
    snapshot = panel(
        machine_alerts=(SPILLED,),
        notices=(CUT.offering(RaiseContext((CHAT,), 16_384)),),
        second_proxy=ProxyRecord(problem=notice("proxy.port_taken", host="127.0.0.1", port=11434, owner="nginx")),
    )
    found = {one.id for one in examine(facts(snapshot)).findings}
    assert {finding_id(one) for one in alerts(snapshot)} == found
    assert found == {
        "alert.layers_spilled:llama3.1:8b:chat",
        "alert.prompt_cut:llama3.1:8b",
        "alert.proxy.second_closed:second:127.0.0.1",
    }


def test_a_finding_has_a_short_headline_and_the_alert_as_its_reason() -> None:
    found = finding_of(of_machine(SPILLED), "graphics.layers", Area.GRAPHICS)
    assert (render(found.told), found.level, found.why) == (
        "llama3.1:8b is only partly on the GPU",
        Level.WARNING,
        SPILLED.told,
    )
    assert found.evidence[0].text == "model=llama3.1:8b on_gpu=21 layers=33"


def test_what_an_alert_offers_is_the_fix() -> None:
    offer = RaiseContext((CHAT,), 16_384)
    (found,) = (one for one in examine(facts(panel(notices=(CUT.offering(offer),)))).findings)
    assert (found.fix, found.label) == (ChangeSettings(offer), notice("doctor.label.context", tokens=16_384))


def test_a_button_of_the_overview_is_a_fix_too() -> None:
    (found,) = examine(facts(panel(proxy=ProxyRecord()))).findings
    assert (found.check, found.fix) == (PANEL, UseRemedy(Remedy.SWITCH_ON))


def test_programs_that_go_past_the_queue_are_one_matter() -> None:
    record = BypassRecord(Origin.PROGRAM, "http://127.0.0.1:11434", "rag", 4121, last_seen=990.0)
    other = msgspec.structs.replace(record, name="editor", pid=4122)
    for bypassing in ((record,), (record, other)):
        (found,) = examine(facts(panel(bypassing=bypassing))).findings
        assert found.id == "alert.bypass"


@pytest.mark.parametrize("told", [notice("demo"), notice("adjust.done", pool="chat", model=LLAMA, why="x")])
def test_what_is_no_fault_is_no_finding(told: Notice) -> None:
    assert known_alerts(facts(panel(notices=(told,)))) == ()


def test_a_server_that_the_panel_does_not_watch_gets_the_variable_that_helps() -> None:
    line = (
        'level=INFO source=runner.go:405 msg="dropping integrated GPU; to enable, set OLLAMA_IGPU_ENABLE=1" id=0 '
        'library=Vulkan name=Vulkan0 description="AMD Radeon 780M Graphics" pci_id=0000:c4:00.0'
    )
    cpu = 'level=INFO source=types.go:32 msg="inference compute" id=cpu library=cpu name=cpu total="31.2 GiB"'
    (found,) = examine(machine(gpus=(), logs=(LogFacts(7, lines=(line, cpu)),))).findings
    assert isinstance(found.fix, EditFiles)
    assert (found.id, found.fix.wanted) == ("alert.integrated_gpu_dropped", {"OLLAMA_IGPU_ENABLE": "1"})


def test_the_id_of_an_alert_has_what_it_is_about() -> None:
    alert = Alert(CUT, frozenset({("instance", "chat-2", False, "x"), ("instance", "chat-1", False, "x")}))
    assert finding_id(alert) == "alert.prompt_cut.from_to:chat-1:x"
    about = MachineAlert("gpu_lost", notice("gpu_lost.driver", card="L4"), 0.0, where="0000:01:00.0")
    assert finding_id(of_machine(about)) == "alert.gpu_lost:0000:01:00.0"


def test_an_open_proxy_is_told_by_its_settings_alone() -> None:
    settings = Settings(pools=(POOL,), proxy=ProxySettings(host="0.0.0.0", require_key=KeyRule.NEVER))
    problem = Problem("proxy", notice("proxy.open_to_all"))
    snapshot = panel(settings=settings, problems=(problem,))
    assert [one.id for one in examine(facts(snapshot)).findings] == ["network.panel-open"]
    assert [finding_id(one) for one in alerts(snapshot)] == ["network.panel-open"]
