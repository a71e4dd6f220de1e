"""The servers on the machine page: what is shown of each, and what its buttons ask for."""

import msgspec
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.programs import Program
from ollama_panel.core.panel_api import ServerAnswer
from ollama_panel.core.replacements import Control, Means, Replacement, ServerCommand, Stage
from ollama_panel.core.servers import FoundServer, LogKind, LogSource, Owner, OwnerKind
from ollama_panel.gui import dialogs
from ollama_panel.gui.pages.machine import MachinePage
from ollama_panel.gui.widgets.servers_part import ServersPart
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, shown
from tests.gui.snapshots import instances, snapshot
from tests.gui.test_accessibility import tab_chain

UNIT = FoundServer(
    "812",
    812,
    1.0,
    Owner(OwnerKind.SYSTEM_UNIT, "llm.service", "llm.service"),
    user="ollama",
    address="127.0.0.1:11434",
    version="0.32.15",
    unreadable=notice("servers.other_user", user="ollama"),
    log=LogSource(LogKind.JOURNAL, command="journalctl -u llm.service"),
)
WORKER = FoundServer(
    "9",
    9,
    2.0,
    Owner(OwnerKind.PANEL),
    address="127.0.0.1:11500",
    variables={"OLLAMA_DEBUG": "1"},
    rss_bytes=31 * 2**20,
    instance=InstanceId("chat-1"),
)
BY_DOCKER = Control(Means.USER, ("docker stop llm",), ("docker start llm",))


@pytest.fixture
def part(window: MainWindow) -> ServersPart:
    window.show_page_named("machine")
    return window.machine.servers


def show(client: FakeClient, *servers: FoundServer, **changes: object) -> None:
    client.push(snapshot(found_servers=servers, **changes))


def test_each_server_is_shown_and_goes_when_it_has_ended(part: ServersPart, client: FakeClient) -> None:
    show(client, UNIT, WORKER, programs=(Program("/usr/bin/ollama", problem=notice("programs.no_version")),))
    words = shown(part)
    for told in (
        *("The panel runs /usr/local/bin/ollama, version 0.32.15", "/usr/bin/ollama: It did not tell its version."),
        *("systemd: llm.service", "127.0.0.1:11434 · version 0.32.15 · not used"),
        *("this panel", "127.0.0.1:11500 · version — · 31 MiB · used as chat-1"),
    ):
        assert told in words
    show(client, WORKER)
    assert list(part.rows) == ["9"]
    client.push(snapshot(found_servers=None))
    assert "Looking for Ollama servers…" in shown(part)
    show(client)
    assert "No Ollama server runs on this computer." in shown(part)


def test_the_details_of_a_server_open_on_demand(part: ServersPart, client: FakeClient) -> None:
    show(client, UNIT, WORKER)
    assert "812, of user ollama" not in shown(part)
    for name in ("127.0.0.1:11434", "127.0.0.1:11500"):
        named(part, QToolButton, f"Details of {name}").click()
    words = "\n".join(shown(part))
    for told in ("812, of user ollama", "shown by journalctl -u llm.service", "the system tells its environment"):
        assert told in words
    assert "OLLAMA_DEBUG=1" in words
    show(client, msgspec.structs.replace(WORKER, variables={}))
    assert "no variable that Ollama reads" in shown(part), "nothing set is not the same as unknown"
    part.rows["9"].toggle.click()
    details = part.rows["9"].details
    assert details is not None
    assert details.isHidden()


def test_of_many_servers_those_of_no_panel_come_first_and_the_rest_is_a_click_away(
    part: ServersPart, client: FakeClient
) -> None:
    many = [msgspec.structs.replace(WORKER, id=str(number)) for number in range(20)]
    show(client, *many, UNIT)
    visible = [one for one in part.rows.values() if one.isVisibleTo(part)]
    assert len(visible) == 6
    assert part.rows["812"] in visible
    assert part.all.text() == "Show all 21 servers"
    part.all.click()
    assert all(one.isVisibleTo(part) for one in part.rows.values())
    show(client, *many)
    assert all(one.isVisibleTo(part) for one in part.rows.values())
    show(client, *many[:6])
    assert not part.all.isVisibleTo(part)


def test_what_is_open_stays_open_in_another_language(window: MainWindow, part: ServersPart, client: FakeClient) -> None:
    show(client, UNIT)
    part.rows["812"].toggle.click()
    again = MachinePage(client)
    again.take_over(window.machine)
    assert again.servers.rows["812"].toggle.isChecked()
    again.deleteLater()


@pytest.mark.parametrize(("width", "beside"), [(880, False), (1280, True)])
def test_the_readings_are_beside_the_servers_or_above_them(
    window: MainWindow, part: ServersPart, qtbot: QtBot, width: int, beside: bool
) -> None:
    window.resize(width, 700)
    readings = window.machine.readings
    qtbot.waitUntil(lambda: (readings.x() > part.geometry().right()) == beside)
    assert (readings.y() < part.y()) == (not beside)


def test_tab_goes_through_the_rows_before_the_advice(
    window: MainWindow, part: ServersPart, client: FakeClient, qtbot: QtBot
) -> None:
    replaced = (Replacement("813", UNIT, Stage.REPLACED, BY_DOCKER),)
    show(client, UNIT, WORKER, replacements=replaced)
    show(client, msgspec.structs.replace(UNIT, id="811"), UNIT, WORKER, replacements=replaced)
    give_back = part.replaced["813"].give_back
    qtbot.waitUntil(give_back.isVisible)
    chain = tab_chain(window)
    first, second, last = (part.rows[name] for name in ("811", "812", "9"))
    wanted: list[QWidget] = [part.refresh, give_back]
    wanted += [one for row in (first, second) for one in (row.toggle, row.use, row.replace)]
    wanted += [last.toggle, window.machine.advice.use]
    start = chain.index(part.refresh)
    assert chain[start : start + len(wanted)] == wanted


def test_a_second_click_does_nothing_until_the_first_is_done(
    part: ServersPart, client: FakeClient, qtbot: QtBot
) -> None:
    show(client, UNIT)
    use = part.rows["812"].use
    use.setFocus()
    use.click()
    use.click()
    show(client, msgspec.structs.replace(UNIT, version="0.33.0"))
    assert (use.isEnabled(), part.rows["812"].replace.isEnabled()) == (False, False), "news let nobody click again"
    assert part.rows["812"].toggle.hasFocus(), "the focus stays in the row"
    qtbot.waitUntil(use.isEnabled)
    assert client.calls.count(("act_on_server", ("812", ServerCommand.USE, False))) == 1


def test_the_panels_own_workers_have_no_buttons(part: ServersPart, client: FakeClient) -> None:
    show(client, WORKER)
    row = part.rows["9"]
    assert [one.isVisibleTo(row) for one in (row.use, row.leave, row.replace)] == [False, False, False]


def test_a_server_is_used_or_left_alone(part: ServersPart, client: FakeClient, qtbot: QtBot) -> None:
    show(client, UNIT)
    row = part.rows["812"]
    assert (row.use.isVisibleTo(row), row.leave.isVisibleTo(row)) == (True, False)
    row.use.click()
    qtbot.waitUntil(lambda: ("act_on_server", ("812", ServerCommand.USE, False)) in client.calls)
    show(client, msgspec.structs.replace(UNIT, instance="adopted-11434"))
    assert (row.use.isVisibleTo(row), row.leave.isVisibleTo(row)) == (False, True)
    row.leave.click()
    qtbot.waitUntil(lambda: ("act_on_server", ("812", ServerCommand.LEAVE, False)) in client.calls)


@pytest.mark.parametrize("answer", [0, 1])
def test_a_server_is_replaced_only_if_the_user_agrees_to_the_plan(
    part: ServersPart, client: FakeClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, answer: int
) -> None:
    asked = list[str]()

    async def choose(_: object, text: str, detail: str, choices: tuple[str, ...]) -> int:
        asked.append(detail)
        return answer

    monkeypatch.setattr(dialogs, "choose", choose)
    client.answers["act_on_server"] = ServerAnswer("812", (notice("replacing.models", path="/srv/models"),))
    show(client, UNIT)
    part.rows["812"].replace.click()
    qtbot.waitUntil(lambda: asked == ["They use its models, in /srv/models."])
    wanted = [("812", ServerCommand.REPLACE, True), *([("812", ServerCommand.REPLACE, False)] if answer == 0 else [])]
    qtbot.waitUntil(lambda: [made for name, made in client.calls if name == "act_on_server"] == wanted)


def test_a_replaced_server_says_what_is_to_be_typed_and_is_given_back(
    part: ServersPart, client: FakeClient, qtbot: QtBot
) -> None:
    show(client, UNIT, replacements=(Replacement("812", UNIT, Stage.STOPPING, BY_DOCKER),))
    assert "docker stop llm" in shown(part)
    assert not part.rows["812"].replace.isEnabled()
    show(client, replacements=(Replacement("812", UNIT, Stage.REPLACED, BY_DOCKER),))
    assert "The panel's workers have taken the place of the server at 127.0.0.1:11434." in shown(part)
    part.replaced["812"].give_back.click()
    qtbot.waitUntil(lambda: ("act_on_server", ("812", ServerCommand.GIVE_BACK, False)) in client.calls)
    show(client)
    assert part.replaced == {}


def test_the_servers_are_looked_at_when_the_page_opens_and_when_a_worker_has_started(
    window: MainWindow, part: ServersPart, client: FakeClient, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: client.calls.count(("refresh_servers", ())) == 1)
    window.machine.findChild(QTimer).setInterval(0)
    client.push(snapshot(instances=instances()[:1]))
    qtbot.waitUntil(lambda: client.calls.count(("refresh_servers", ())) == 2)


def test_looking_again_is_a_click(part: ServersPart, client: FakeClient, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: client.calls.count(("refresh_servers", ())) == 1)
    part.refresh.click()
    qtbot.waitUntil(lambda: client.calls.count(("refresh_servers", ())) == 2)
