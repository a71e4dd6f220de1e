"""The panel's own settings file among the findings."""

from ollama_panel.core.doctor import examine, status_of
from ollama_panel.core.doctor.facts import Facts, FileProblem, MachineFacts, PanelFile
from ollama_panel.core.findings import ChangeSettings, Finding, RunCommands
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.core.snapshot import Snapshot

PATH = "/home/ada/my panel/settings.json"
NO_JSON = notice("json.invalid", line=3, column=2, reason=notice("json.ends"))
UNKNOWN = Problem("proxy.bogus", notice("setting.ignored", wrong=notice("setting.unknown")))
NEWER = Problem("version", notice("setting.newer", written="99", version=3))


def broken(why: Notice = NO_JSON) -> Problem:
    return Problem("settings.json", notice("settings_file.all_default", why=why))


def found(*problems: Problem, backup: str = "", closed: str = "", system: str = "Linux") -> list[Finding]:
    placed = tuple(FileProblem(one, 3, '"bogus": 1') for one in problems)
    file = PanelFile(PATH, 7, placed, backup, closed)
    snapshot = Snapshot(0.0, Settings(), problems=problems)
    facts = Facts(machine=MachineFacts(system, user="ada"), panel_file=file, snapshot=snapshot)
    return [one for one in examine(facts).findings if "panel" in one.id or "problem" in one.told.code]


def test_a_file_without_problems_is_well_and_none_is_not_told() -> None:
    assert found() == []
    assert {one.id for one in examine(Facts()).checks}.isdisjoint({"settings.panel-file"})


def test_a_file_that_is_no_json_is_set_aside_for_the_one_before_it() -> None:
    (one,) = found(broken(), backup=f"{PATH}.bak")
    assert (one.level, one.evidence[0].line) == (Level.ERROR, 3)
    assert one.fix == RunCommands(
        (f"mv '{PATH}' '{PATH}.broken-7'", f"cp -p '{PATH}.bak' '{PATH}'"), (f"mv '{PATH}.broken-7' '{PATH}'",)
    )


def test_without_one_before_it_the_panel_begins_anew() -> None:
    (one,) = found(broken())
    assert one.fix == RunCommands((f"mv '{PATH}' '{PATH}.broken-7'",), (f"mv '{PATH}.broken-7' '{PATH}'",))


def test_a_file_that_may_not_be_read_and_one_on_windows_have_no_command() -> None:
    (one,) = found(broken(notice("file.not_read", path=PATH, reason="denied")))
    assert (one.level, one.fix) == (Level.ERROR, None)
    (one,) = found(broken(), system="Windows")
    assert one.fix is None


def test_what_is_not_in_force_is_told_once_with_its_line() -> None:
    (one,) = found(UNKNOWN)
    assert (one.id, one.level) == ("settings.panel-file:proxy.bogus", Level.WARNING)
    assert (one.evidence[0].text, one.evidence[0].line) == ('"bogus": 1', 3)
    assert one.fix == ChangeSettings()


def test_the_file_of_a_newer_panel_is_not_written_anew() -> None:
    (one,) = found(NEWER, UNKNOWN)
    assert (one.told, one.fix) == (NEWER.told, None)


def test_a_note_on_an_older_file_is_no_finding() -> None:
    assert found(Problem("proxy.heartbeat_plain", notice("setting.heartbeat_on"))) == []


def test_a_folder_that_is_closed_is_told_with_the_command() -> None:
    (one,) = found(closed="/home/ada/my panel")
    assert (one.level, one.fix) == (Level.WARNING, RunCommands(("sudo chown ada '/home/ada/my panel'",), by_hand=True))
    facts = Facts(panel_file=PanelFile(PATH, closed="/x"))
    assert status_of(examine(facts)) == 1
