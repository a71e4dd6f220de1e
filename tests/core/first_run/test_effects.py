"""What the first run says before it does anything: every file and every command."""

from ollama_panel.core.advice.uses import Use
from ollama_panel.core.first_run.advised import Asked, advised, ticks, wanted
from ollama_panel.core.first_run.effects import Effect, effects
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.snapshot import ProxyRecord, Snapshot
from ollama_panel.core.takeover import StepBy, StepKind, Takeover, TakeoverStage, TakeoverStep
from tests.core.first_run.machines import FOLDER, SERVICE, of_service

FILE = "/home/alice/.local/share/ollama-panel/settings.json"


def of(snapshot: Snapshot, **chosen: bool) -> dict[str, Effect]:
    items = advised(snapshot, Asked(Use.RAG, 4)).items
    return {render(one.title): one for one in effects(snapshot, items, ticks(items, chosen), FILE)}


def starting(with_words: str, found: dict[str, Effect]) -> Effect:
    (one,) = [effect for title, effect in found.items() if title.startswith(with_words)]
    return one


def test_the_file_of_the_settings_is_named_with_what_the_change_does() -> None:
    settings = starting("The panel writes its settings", of(of_service()))
    assert settings.files == (FILE,)
    assert "chat-1" in " ".join(map(render, settings.lines))


def test_each_worker_is_shown_as_the_command_that_starts_it() -> None:
    (chat, embedding, *_) = starting("The panel starts these workers", of(of_service())).commands
    assert f"OLLAMA_MODELS={FOLDER}" in chat
    assert chat.endswith("/usr/local/bin/ollama serve")
    assert "OLLAMA_HOST=127.0.0.1:11500" in chat
    assert "OLLAMA_NUM_PARALLEL=1" in embedding


def test_a_folder_that_is_closed_names_the_commands_that_the_user_types() -> None:
    typed = starting("You type this in a terminal", of(of_service(closed=True)))
    assert typed.by_user
    assert typed.steps
    assert all(str(step.values["command"]).startswith("sudo ") for step in typed.steps)
    assert typed.lines == ()


def test_a_server_that_runs_is_said_to_be_left_alone() -> None:
    found = of(of_service())
    assert (
        "The Ollama at 127.0.0.1:11434 (systemd: ollama.service) is not touched: it runs on with its models." in found
    )


def planned(by: StepBy, asks_password: bool = False) -> Takeover:
    step = TakeoverStep(
        StepKind.RESTART,
        by,
        notice("first_run.workers"),
        notice("first_run.workers_why"),
        ("sudo systemctl restart ollama",),
        "/etc/systemd/system/ollama.service.d/panel.conf",
    )
    return Takeover(
        TakeoverStage.PLANNED, "127.0.0.1:11434", "127.0.0.1:11436", SERVICE, (step,), asks_password=asks_password
    )


def test_a_take_over_shows_each_step_with_its_file_and_its_commands_and_who_does_it() -> None:
    for takeover, by_user in (
        (planned(StepBy.PANEL), False),
        (planned(StepBy.USER), True),
        (planned(StepBy.ROOT), True),
        (planned(StepBy.ROOT, asks_password=True), False),
    ):
        (step,) = [one for one in effects(of_service(), (), (), FILE, takeover) if one.commands]
        assert step.commands == ("sudo systemctl restart ollama",)
        assert step.files == ("/etc/systemd/system/ollama.service.d/panel.conf",)
        assert step.by_user is by_user
        assert [render(one).split(":")[0] for one in step.lines] == ["Proof"]


def test_a_server_that_is_moved_is_not_said_to_be_left_alone() -> None:
    found = effects(of_service(), (), (), FILE, planned(StepBy.PANEL))
    assert not [one for one in found if one.title.code == "first_run.untouched"]


def test_without_ticks_nothing_is_written_and_nothing_starts() -> None:
    snapshot = of_service()
    items = advised(snapshot, Asked(Use.RAG, 4)).items
    found = of(snapshot, **{one.id: one.id == "queue" for one in items})
    assert "The settings of the panel stay as they are." in found
    assert not [one for one in found.values() if one.commands or one.files]
    assert wanted(snapshot.settings, items, {"queue"}) == snapshot.settings


def test_what_becomes_of_the_address_is_said() -> None:
    assert "The panel answers programs at 127.0.0.1:11435." in of(of_service())
    assert starting("The panel answers no program", of(of_service(), queue=False))
    taken = notice("proxy.no_host", host="127.0.0.1", port=11435)
    cannot = starting("The panel cannot answer programs yet", of(of_service(proxy=ProxyRecord(problem=taken))))
    assert cannot.lines == (taken,)
