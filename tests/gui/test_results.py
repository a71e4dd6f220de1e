"""What is announced after an action, and what its Undo asks for."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeAlias

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import ServerAnswer
from ollama_panel.core.replacements import ServerCommand
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.gui import results
from ollama_panel.gui.toasts import Toast
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import SETTINGS, instances, snapshot

pytestmark = pytest.mark.usefixtures("theme")  # which chooses the language

Command: TypeAlias = Coroutine[Any, Any, Any]
Done: TypeAlias = Callable[[Command], Toast]
"""Carries out an action, or an Undo, and returns its toast."""

CHAT_1 = (InstanceId("chat-1"),)


@pytest.fixture
def done(client: FakeClient, qtbot: QtBot) -> Done:
    def carry_out(command: Command) -> Toast:
        client.toasts.clear()
        client.spawn(command)
        qtbot.waitUntil(lambda: len(client.toasts) == 1)
        return client.toasts[0]

    return carry_out


def undo_of(toast: Toast) -> Command:
    assert toast.undo is not None
    return toast.undo()


def with_values(settings: Settings, **values: str) -> Settings:
    for key, text in values.items():
        settings = codec.set(settings, key.replace("__", "."), text)
    return settings


class TestApply:
    def test_it_names_what_changed_and_how_many_requests_were_lost(self, client: FakeClient, done: Done) -> None:
        toast = done(results.apply(client, with_values(SETTINGS, proxy__queue_limit="50")))
        assert (toast.text, toast.detail) == ("Applied: Queue limit 10,000 → 50", "0 requests lost")

    def test_it_names_the_worker_that_is_back_and_the_requests_that_failed_meanwhile(
        self, client: FakeClient, done: Done, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = client.snapshot

        async def apply(_: Settings) -> None:
            client.push(msgspec.structs.replace(before, at=before.at + 22.0, failed=before.failed + 3))

        monkeypatch.setattr(client, "apply", apply)
        pool = SETTINGS.pools[0]
        wanted = with_values(SETTINGS, **{f"pools__{pool.name}__parallel": str(pool.parallel + 1)})
        toast = done(results.apply(client, wanted))
        assert toast.text == f"Applied: {pool.name}: Parallel {pool.parallel} → {pool.parallel + 1}"
        assert toast.detail == "2 instances are back after 22 s, 3 requests lost"

    def test_undo_takes_back_its_own_change_and_leaves_what_others_have_changed_since(
        self, client: FakeClient, done
    ) -> None:
        mine = with_values(SETTINGS, proxy__queue_limit="50")
        toast = done(results.apply(client, mine))
        client.push(snapshot(settings=with_values(mine, scheduling__keep_homes="false")))
        client.calls.clear()
        back = done(undo_of(toast))
        assert client.calls == [("apply", (with_values(SETTINGS, scheduling__keep_homes="false"),))]
        assert back.text == "Applied: Queue limit 50 → 10,000"

    def test_undo_leaves_a_value_that_others_have_set_since(self, client: FakeClient, done: Done) -> None:
        mine = with_values(SETTINGS, proxy__queue_limit="50")
        toast = done(results.apply(client, mine))
        client.push(snapshot(settings=with_values(mine, proxy__queue_limit="70")))
        assert done(undo_of(toast)) == Toast("Nothing has changed")

    def test_undo_of_an_undo_takes_back_that_and_no_change_that_came_after_it(
        self, client: FakeClient, done: Done
    ) -> None:
        mine = with_values(SETTINGS, proxy__queue_limit="50")
        client.push(snapshot(settings=mine))
        client.undone = SETTINGS
        toast = done(results.undo_last_change(client))
        later = with_values(SETTINGS, scheduling__keep_homes="false")
        client.push(snapshot(settings=later))
        client.calls.clear()
        done(undo_of(toast))
        assert client.calls == [("apply", (with_values(mine, scheduling__keep_homes="false"),))]

    def test_of_many_changes_it_names_the_first(self, client: FakeClient, done: Done) -> None:
        wanted = with_values(
            SETTINGS,
            proxy__queue_limit="50",
            proxy__queue_timeout_s="60",
            scheduling__keep_homes="false",
            scheduling__swap_models="false",
        )
        assert done(results.apply(client, wanted)).text.endswith(", Conversation affinity off, and …")

    def test_without_a_change_there_is_nothing_to_undo(self, client: FakeClient, done: Done) -> None:
        assert done(results.apply(client, SETTINGS)) == Toast("Nothing has changed")

    def test_what_fails_is_reported_and_not_announced(self, client: FakeClient, qtbot: QtBot) -> None:
        client.error = PanelError(notice("engine.not_started"))
        client.spawn(results.apply(client, with_values(SETTINGS, proxy__queue_limit="50")))
        qtbot.waitUntil(lambda: bool(client.reported))
        assert client.toasts == []


@pytest.mark.parametrize(
    ("action", "text", "undone_by"),
    [
        (partial(results.set_paused, on=True), "The queue is paused", ("set_paused", (False,))),
        (partial(results.set_paused, on=False), "The queue goes on", ("set_paused", (True,))),
        (partial(results.set_proxy, on=False), "The proxy is off", ("set_proxy", (True,))),
        (partial(results.set_proxy, on=True), "The proxy is on", ("set_proxy", (False,))),
        (partial(results.start, instances=CHAT_1), "Started: chat-1", ("ensure_stopped", CHAT_1)),
        (partial(results.stop, instances=CHAT_1), "Stopped: chat-1", ("ensure_running", CHAT_1)),
    ],
)
def test_an_action_is_undone_by_its_opposite(
    client: FakeClient, done: Done, action: Callable[[FakeClient], Command], text: str, undone_by: object
) -> None:
    toast = done(action(client))
    assert toast.text == text
    client.calls.clear()
    done(undo_of(toast))
    assert client.calls == [undone_by]


STOOD, *_ = instances()
ONE_STANDS = (msgspec.structs.replace(STOOD, phase=Phase.STOPPED), *instances()[1:])


def test_undo_of_stopping_all_starts_those_that_ran_and_no_others(client: FakeClient, done: Done) -> None:
    client.snapshot = snapshot(instances=ONE_STANDS)
    toast = done(results.stop_all(client))
    assert client.calls == [("stop_all", ())]
    client.calls.clear()
    done(undo_of(toast))
    assert client.calls == [("ensure_running", (one.id,)) for one in ONE_STANDS[1:] if one.managed]


def test_undo_of_starting_all_stops_those_that_stood(client: FakeClient, done: Done) -> None:
    client.snapshot = snapshot(instances=ONE_STANDS)
    toast = done(results.start_all(client))
    assert (toast.text, client.calls) == (f"Started: {STOOD.id}", [("start_all", ())])
    client.calls.clear()
    done(undo_of(toast))
    assert client.calls == [("ensure_stopped", (STOOD.id,))]


def test_where_all_run_there_is_nothing_to_start(client: FakeClient, done: Done) -> None:
    assert done(results.start_all(client)) == Toast("All instances run already")


def test_a_restart_says_that_no_request_was_lost(client: FakeClient, done: Done) -> None:
    assert done(results.restart(client, CHAT_1)) == Toast("Restarted: chat-1", "0 requests lost")


def test_restarts_are_one_after_the_other_and_end_with_one_that_fails(client: FakeClient, qtbot: QtBot) -> None:
    client.error = PanelError(notice("engine.not_started"))
    client.spawn(results.restart(client, [one.id for one in instances()]))
    qtbot.waitUntil(lambda: bool(client.reported))
    assert client.calls == [("restart", (instances()[0].id,))]


def test_unloading_says_what_is_free_again(client: FakeClient, done: Done) -> None:
    toast = done(results.unload_all(client))
    assert toast.text.endswith("unloaded")
    assert "of memory are free again" in toast.detail


def test_without_a_loaded_model_there_is_nothing_to_free(client: FakeClient, done: Done) -> None:
    client.snapshot = snapshot(instances=())
    assert done(results.unload_all(client)) == Toast("No model is loaded")


def test_another_try_to_roll_out_says_what_it_did(client: FakeClient, done: Done) -> None:
    assert done(results.roll_out(client)) == Toast("All instances run with the settings", "0 requests lost")
    assert client.calls == [("apply", (client.snapshot.settings,))]


def test_what_was_done_of_a_server_is_told_in_the_engines_words(client: FakeClient, done: Done) -> None:
    told = (notice("servers.is_used", address="127.0.0.1:11434"), notice("replacing.open"))
    client.answers["act_on_server"] = ServerAnswer("812", told)
    toast = done(results.act_on_server(client, "812", ServerCommand.USE))
    assert toast.text == "The panel uses the server at 127.0.0.1:11434."
    client.calls.clear()
    assert done(undo_of(toast)).undo is not None
    assert client.calls == [("act_on_server", ("812", ServerCommand.LEAVE, False))]


def test_a_server_that_got_its_place_back_has_no_undo(client: FakeClient, done: Done) -> None:
    assert done(results.act_on_server(client, "812", ServerCommand.GIVE_BACK)).undo is None


def test_looking_again_says_how_many_servers_were_found(client: FakeClient, done: Done) -> None:
    assert done(results.refresh_servers(client)).text == "0 Ollama servers run on this computer"


def test_what_was_copied_is_shown_by_its_beginning(client: FakeClient) -> None:
    results.copy(client, "export A=1\nexport B=2\n")
    assert client.toasts == [Toast("Copied", "export A=1")]
