from ollama_panel.core.applying.evidence import evidence_of
from ollama_panel.core.applying.managers.launchd import Launchd
from tests.core.applying.samples import export_of
from tests.fakes.stub_programs import run_with

PATH = "/Users/ann/Library/LaunchAgents/local.ollamapanel.worker.chat-2.plist"
JOB = "local.ollamapanel.worker.chat-2"


def test_an_agent_has_the_worker_that_its_label_names() -> None:
    (one,) = Launchd().units(export_of("launchd"), [(PATH, "")])
    assert (one.name, one.own_address) == (JOB, False)
    assert one.worker is not None
    assert one.worker.id == "chat-2"


def test_an_agent_is_ended_before_it_is_loaded_anew() -> None:
    (one,) = Launchd().units(export_of("launchd"), [(PATH, "")])
    load = f"launchctl bootstrap gui/$(id -u) {PATH}"
    assert Launchd().restart(one, new=True) == (load,)
    end, then = Launchd().restart(one, new=False)
    assert (end.startswith(f"launchctl bootout gui/$(id -u)/{JOB}"), then) == (True, load)
    assert Launchd().check([(PATH, "")]) == (f"plutil -lint -s {PATH}",)
    assert (Launchd().reload(), Launchd().root) == ((), False)


def test_what_launchd_tells_of_an_agent() -> None:
    (one,) = Launchd().units(export_of("launchd"), [(PATH, "")])
    running = evidence_of(run_with({"launchctl": "printf '\\tstate = running\\n\\tpid = 812\\n'"}, Launchd().look(one)))
    assert (running.state, running.pid) == ("active", 812)
    loaded = evidence_of(run_with({"launchctl": "printf '\\tstate = spawn scheduled\\n'"}, Launchd().look(one)))
    assert loaded.state == "starting"
    assert evidence_of(run_with({"launchctl": "exit 113"}, Launchd().look(one))).state == "gone"


def test_somebody_must_be_logged_in() -> None:
    ((command, missing),) = Launchd().needed([])
    assert (command, missing.code) == ("launchctl print gui/$(id -u) >/dev/null", "apply.no_login")
